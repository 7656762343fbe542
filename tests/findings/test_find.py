"""The whole of it: sorted, the same each time, ids that stay, rules that say what they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from pathfinder.authorization.decide import decide
from pathfinder.findings.callers import SOMEBODY
from pathfinder.findings.dates import day_of, newest_day
from pathfinder.findings.find import UnknownRuleError, find_findings
from pathfinder.findings.finding import Severity
from pathfinder.findings.registry import rules
from pathfinder.findings.survey import Asked
from pathfinder.graph.replay import policies_of_request, request_of_witness
from pathfinder.logic.formula import TRUE
from pathfinder.model.identity import AccessKey
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from tests.building import A, B, account, allow, bucket, deny, user, world
from tests.findings.asking import BUCKET, OBJECTS, TODAY, bucket_world, everyone

BAD = (
    everyone(),
    everyone("s3:PutObject", condition={"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": "team"}}),
    deny("s3:ListBucket", OBJECTS, principal="*"),
    allow("s3:GetObject", OBJECTS, principal={"AWS": "AROAEXAMPLEGONE12345"}),
)


def everything(*statements, **more):
    return find_findings(bucket_world(*statements, **more), Asked(TODAY))


def test_the_worst_stand_first_and_every_time_the_same():
    first, second = everything(*BAD), everything(*BAD)
    assert first.findings == second.findings
    ranks = [each.severity.rank for each in first.findings]
    assert ranks == sorted(ranks)
    assert len({each.id for each in first.findings}) == len(first.findings)
    assert sum(first.counts.values()) == len(first.findings)


def test_an_id_stays_while_other_statements_come_and_go():
    def ids(*statements):
        return {(each.rule, each.place.statement): each.id for each in everything(*statements).findings}

    named = [{**each, "Sid": f"S{number}"} for number, each in enumerate(BAD)]
    forwards, backwards = ids(*named), ids(*reversed(named))
    assert forwards == backwards
    fewer = ids(*named[2:])
    assert fewer.items() <= forwards.items()


def test_an_id_changes_with_what_it_hangs_on():
    def of(statement):
        (finding,) = [each for each in everything(statement).findings if each.rule == "deny-never-matches"]
        return finding.id

    assert of(deny("s3:ListBucket", OBJECTS, principal="*")) != of(
        deny("s3:ListBucket", "arn:aws:s3:::data/a/*", principal="*")
    )


def test_only_some_rules_and_nothing_milder():
    made = bucket_world(*BAD)
    only = find_findings(made, Asked(TODAY), only=("public-read", "public-write"))
    assert only.rules == ("public-read", "public-write")
    assert {each.rule for each in only.findings} == {"public-read", "public-write"}
    high = find_findings(made, Asked(TODAY), severity=Severity.HIGH)
    assert all(each.severity.at_least(Severity.HIGH) for each in high.findings)
    assert high.below == len(everything(*BAD).findings) - len(high.findings)
    with pytest.raises(UnknownRuleError):
        find_findings(made, only=("public-rede",))


def test_every_rule_says_what_it_is():
    assert len(rules()) >= 25
    for each in rules().values():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.id)
        assert each.about.endswith(".")
        assert each.sources
        assert all(re.fullmatch(r"[A-Z]+\d?-\d+", source) for source in each.sources)


def test_every_witness_is_allowed_when_it_is_replayed():
    made = world(
        account(
            A,
            buckets=(
                bucket(
                    A,
                    "data",
                    *BAD,
                    allow("s3:GetObject", OBJECTS, principal={"AWS": str(B)}),
                    allow("s3:PutObject", OBJECTS, principal={"Service": "cloudtrail.amazonaws.com"}),
                ),
            ),
            users=(user(A, "ann", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),),
        ),
        account(B, users=(user(B, "bob", allow("s3:*", "*")),)),
    )
    witnesses = [each for finding in find_findings(made, Asked(TODAY)).findings for each in finding.witnesses]
    assert len(witnesses) > 4
    elsewhere = [each for each in witnesses if each.resource_account == SOMEBODY]
    assert {each.action for each in elsewhere} == {"s3:PutObject"}
    for each in witnesses:
        request, policies = policies_of_request(made, request_of_witness(each))
        if (
            each in elsewhere
        ):  # a stranger's bucket: its policy is the stranger's business, and taken to allow
            assert policies.resource == ()
            anybody = parse_document(
                {"Version": "2012-10-17", "Statement": [allow(each.action, "*", principal="*")]}
            )
            policies = replace(
                policies, resource=(Policy(PolicyKind.RESOURCE, "bucket policy", each.resource, anybody),)
            )
        assert decide(request, policies, made.compiler).allowed == TRUE, each


DAYS = [
    ("2026-01-31T10:00:00+00:00", date(2026, 1, 31)),
    ("2026-01-31", date(2026, 1, 31)),
    ("2026-02-31", None),
    ("N/A", None),
    ("no_information", None),
    ("", None),
    (None, None),
    ("2026-01-31x", None),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_days(text, day):
    assert day_of(text) == day


def test_the_newest_day_of_a_snapshot_is_read_off_its_keys():
    keys = (AccessKey("AKIA1", created="2025-01-01", last_used="2026-02-03T01:00:00Z"), AccessKey("AKIA2"))
    ann = replace(user(A, "ann"), access_keys=keys)
    assert newest_day(world(account(A, users=(ann,))).snapshot) == date(2026, 2, 3)
    assert newest_day(world(account(A)).snapshot) is None


def test_what_is_not_looked_at_is_told():
    told = find_findings(bucket_world(), Asked(None)).left_out
    assert any("AWS-managed" in each for each in told)
    assert any("age of access keys" in each for each in told)
    assert not any(
        "age of access keys" in each for each in find_findings(bucket_world(), Asked(TODAY)).left_out
    )
    assert BUCKET
