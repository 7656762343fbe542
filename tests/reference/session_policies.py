"""Random additions to a small world that make sessions differ: tags, source identities, providers, services.

Left out on purpose, because evaluation.md leaves the answer open: in trust policies and RCPs that identity
providers or services meet, aws:PrincipalAccount (TERM-7), and aws:SourceIp of a service; whether {"AWS": "*"}
in a trust policy is for services (D-14).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .language import as_list
from .world_policies import Scene, pick_principals, pick_roles
from .world_values import World, documents

PROVIDER = "idp.example.com"
CARRY = ["sts:TagSession", "sts:SetSourceIdentity", ["sts:TagSession", "sts:SetSourceIdentity"]]
CARRY_AND_ASSUME = [
    ["sts:AssumeRole", "sts:TagSession"],
    ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    ["sts:AssumeRole", "sts:SetSourceIdentity"],
    "sts:*",
]
Test = tuple[str, str, Any]  # operator, key, value


@dataclass(frozen=True)
class Flavour:
    """What the conditions of one world speak of: not everything in each, as every way to pass tags is tried.

    `variables`: where they stand, in "tests" or in object "keys", never in both. `listed`: keys that are tested
    in lists of tags; none where object keys make for many values of tags.
    """

    variables: str
    listed: tuple[str, ...]


def pick_flavour(choose: Any, *variables: str) -> Flavour:
    """One of many."""
    chosen = choose.pick(variables)
    return Flavour(chosen, () if chosen == "keys" else choose.pick([(), ("team",), ("team", "other")]))


def add_sessions(choose: Any, world: World, scene: Scene) -> None:
    """Add to the world, whose policies are there already."""
    for account, content in world["accounts"].items():
        content["providers"] = [PROVIDER] if choose.chance(25) else []
        content["instances"] = {}
        if content["roles"] and choose.chance(30):
            role = choose.pick(list(content["roles"]))
            content["instances"][f"i-0{account[:4]}"] = {"vpc": f"vpc-0{account[:4]}", "role": role}
    chosen = pick_flavour(choose, "", "", "", "tests", "keys")
    if chosen.variables != "keys":
        _without_tags_in_keys(world)
    for account, content in world["accounts"].items():
        _extend_account(choose, content, account, scene, chosen)
    organization = world["organization"]
    if organization and choose.chance(30):
        organization["scps"]["guard"]["Statement"].append(_deny(choose, scene, chosen))
    if organization and choose.chance(25):
        statement = {"Principal": "*"} | _deny(choose, scene, chosen) | {"Resource": "*"}
        organization["rcps"]["perimeter"]["Statement"].append(statement)
    _leave_out_what_is_open(world)


def _extend_account(
    choose: Any, content: dict[str, Any], account: str, scene: Scene, flavour: Flavour
) -> None:
    for holder in [*content["users"].values(), *content["roles"].values()]:
        if choose.chance(55):
            holder["inline"].append(_document([_identity(choose, scene, flavour)]))
    for name, role in content["roles"].items():
        _extend_trust(choose, role["trust"]["Statement"], account, scene, flavour)
        if choose.chance(20):
            arn = f"arn:aws:iam::{account}:role{role['path']}{name}"
            actions = choose.pick(["sts:AssumeRole", *CARRY_AND_ASSUME])
            role["trust"]["Statement"].append(
                {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": actions}
            )
        role["trust"]["Statement"] += _from_elsewhere(choose, content, account)
    if "limit" in content["policies"] and choose.chance(60):
        content["policies"]["limit"]["Statement"].append(
            {"Effect": "Allow", "Action": choose.pick(["sts:*", *CARRY]), "Resource": "*"}
        )
    for bucket in content["buckets"].values():
        for statement in bucket["policy"]["Statement"] if bucket["policy"] else []:
            if choose.chance(30):
                _add_test(statement, choose.pick(_s3_tests(choose, content, account, flavour)))


def _identity(choose: Any, scene: Scene, flavour: Flavour) -> dict[str, Any]:
    if choose.chance(20):
        return _deny(choose, scene, flavour)
    if choose.chance(20):  # S3, for sessions that carry something
        bucket = choose.pick(scene.buckets)
        keys = "${aws:SourceIdentity}/*" if flavour.variables == "keys" and choose.chance(50) else "*"
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/{keys}"}
        _add_test(statement, choose.pick(carried_tests(choose)))
        return statement
    statement = {
        "Effect": "Allow",
        "Action": choose.pick([*CARRY, *CARRY_AND_ASSUME]),
        "Resource": pick_roles(choose, scene),
    }
    if choose.chance(35):
        _add_test(statement, choose.pick(sts_tests(choose, flavour)))
    return statement


def _deny(choose: Any, scene: Scene, flavour: Flavour) -> dict[str, Any]:
    actions = choose.pick([*CARRY, "sts:AssumeRole", "sts:Assume*"])
    statement = {"Effect": "Deny", "Action": actions, "Resource": pick_roles(choose, scene)}
    if choose.chance(80):
        _add_test(statement, choose.pick(sts_tests(choose, flavour)))
    return statement


def _extend_trust(
    choose: Any, statements: list[dict[str, Any]], account: str, scene: Scene, flavour: Flavour
) -> None:
    for statement in statements:
        if statement["Effect"] == "Allow" and choose.chance(40):
            statement["Action"] = choose.pick(CARRY_AND_ASSUME)
        if choose.chance(25):
            _add_test(statement, choose.pick(sts_tests(choose, flavour)))
    if choose.chance(50):
        principal = choose.pick([statements[0]["Principal"], pick_principals(choose, scene, account)])
        statement = {"Effect": "Allow", "Principal": principal, "Action": choose.pick(CARRY)}
        if choose.chance(40):
            _add_test(statement, choose.pick(sts_tests(choose, flavour)))
        statements.append(statement)
    if choose.chance(25):
        principal = "*" if choose.chance(60) else pick_principals(choose, scene, account)
        denied = {"Principal": principal} | _deny(choose, scene, flavour)
        denied.pop("Resource")
        statements.append(denied)


def _from_elsewhere(choose: Any, content: dict[str, Any], account: str) -> Iterator[dict[str, Any]]:
    """Trust in identity providers and services."""
    if content["providers"] and choose.chance(50):
        yield {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{PROVIDER}"},
            "Action": choose.pick(
                [
                    "sts:AssumeRoleWithWebIdentity",
                    ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
                    ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"],
                ]
            ),
            "Condition": choose.pick(
                [
                    {"StringEquals": {f"{PROVIDER}:aud": "sts.amazonaws.com"}},
                    {"StringEquals": {f"{PROVIDER}:aud": "sts.amazonaws.com", f"{PROVIDER}:sub": "ann"}},
                    {"StringLike": {f"{PROVIDER}:sub": ["repo:a/*", "ann"]}},
                    {"StringNotLike": {f"{PROVIDER}:sub": "repo:*"}},
                ]
            ),
        }
    services = ["lambda.amazonaws.com"] + ["ec2.amazonaws.com"] * (3 if content["instances"] else 1)
    if choose.chance(60 if content["instances"] else 15):
        service = choose.pick([*services, ["ec2.amazonaws.com", "lambda.amazonaws.com"]])
        yield {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}


# ---- conditions ---------------------------------------------------------------------------------------


def _add_test(statement: dict[str, Any], test: Test) -> None:
    operator, key, value = test
    statement.setdefault("Condition", {}).setdefault(operator, {})[key] = value


def sts_tests(choose: Any, flavour: Flavour) -> list[Test]:
    """On calls for sessions: what they pass, and what the caller carries."""
    team, name = choose.pick(["blue", "red"]), choose.pick(["ann", "s1"])
    if flavour.variables == "tests":
        team = choose.pick([team, "${aws:PrincipalTag/team}"])
        name = choose.pick([name, "${aws:username}", "${aws:PrincipalTag/team}"])
    equals = choose.pick(["StringEquals", "StringEquals", "StringNotEquals"])
    truth = choose.pick(["true", "false"])
    return [
        (equals + choose.pick(["", "", "IfExists"]), "aws:RequestTag/team", team),
        ("Null", "aws:RequestTag/team", truth),
        *_tests_of_lists(choose, flavour, truth),
        (equals, "aws:ResourceTag/team", team),
        ("Null", "aws:ResourceTag/team", truth),
        (equals + choose.pick(["", "", "IfExists"]), "sts:SourceIdentity", name),
        ("Null", "sts:SourceIdentity", truth),
        *carried_tests(choose),
    ]


def _tests_of_lists(choose: Any, flavour: Flavour, truth: str) -> list[Test]:
    """On which tags are passed, and which of them are transitive."""
    if not flavour.listed:
        return []
    keys = list(flavour.listed)
    return [
        ("ForAllValues:StringEquals", "aws:TagKeys", choose.pick([*keys, keys])),
        ("ForAnyValue:StringEquals", "aws:TagKeys", choose.pick(keys)),
        ("Null", "aws:TagKeys", truth),
        ("ForAllValues:StringEquals", "sts:TransitiveTagKeys", choose.pick(keys)),
        ("ForAnyValue:StringEquals", "sts:TransitiveTagKeys", "team"),
        ("Null", "sts:TransitiveTagKeys", truth),
    ]


def carried_tests(choose: Any) -> list[Test]:
    """On what a session carries, in any request."""
    equals, truth = choose.pick(["StringEquals", "StringNotEquals"]), choose.pick(["true", "false"])
    return [
        (equals, "aws:PrincipalTag/team", choose.pick(["blue", "red"])),
        ("Null", "aws:PrincipalTag/team", truth),
        (equals + choose.pick(["", "IfExists"]), "aws:SourceIdentity", choose.pick(["ann", "s1"])),
        ("Null", "aws:SourceIdentity", truth),
        ("Null", "aws:FederatedProvider", truth),
        ("Null", "ec2:SourceInstanceArn", truth),
    ]


def _s3_tests(choose: Any, content: dict[str, Any], account: str, flavour: Flavour) -> list[Test]:
    tests = carried_tests(choose) * 2
    like = choose.pick(["ArnLike", "ArnNotLike"])
    tests.append((like, "lambda:SourceFunctionArn", f"arn:aws:lambda:*:{account}:function:fn*"))
    provider = f"arn:aws:iam::{account}:oidc-provider/{PROVIDER}"
    tests.append((choose.pick(["StringEquals", "StringNotEquals"]), "aws:FederatedProvider", provider))
    for name, instance in content["instances"].items():
        arn = f"arn:aws:ec2:eu-west-1:{account}:instance/{name}"
        tests.append((like, "ec2:SourceInstanceArn", arn))
        tests.append(("StringEquals", "aws:Ec2InstanceSourceVpc", instance["vpc"]))
    if flavour.variables == "tests":
        tests.append(("StringEquals", "aws:PrincipalTag/team", "${aws:SourceIdentity}"))
    return tests


def _without_tags_in_keys(world: World) -> None:
    """Object keys begin with a tag in worlds only that are made for it."""
    for document in documents(world):
        for statement in document["Statement"]:
            for element in {"Resource", "NotResource"} & set(statement):
                entries = [
                    re.sub(r"\$\{aws:PrincipalTag[^}]*\}", "a", e) for e in as_list(statement[element])
                ]
                statement[element] = entries if isinstance(statement[element], list) else entries[0]


def _leave_out_what_is_open(world: World) -> None:
    services = "'Service'" in str([c["roles"] for c in world["accounts"].values()])
    services = services or any(content["instances"] for content in world["accounts"].values())  # PRIN-11
    open_keys = {"aws:PrincipalAccount"} | ({"aws:SourceIp"} if services else set())
    documents = [
        role["trust"] for content in world["accounts"].values() for role in content["roles"].values()
    ]
    if world["organization"]:
        documents += world["organization"]["rcps"].values()
    for statement in [statement for document in documents for statement in document["Statement"]]:
        if services and statement["Principal"] == {"AWS": "*"}:
            statement["Principal"] = "*"
        if "Condition" in statement and "s3:" not in str(statement["Action"]):
            for tests in statement["Condition"].values():
                for key in open_keys & set(tests):
                    del tests[key]
            statement["Condition"] = {o: tests for o, tests in statement["Condition"].items() if tests}


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}
