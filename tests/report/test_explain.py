from __future__ import annotations

from dataclasses import replace

from pathfinder.logic.formula import FALSE, TRUE, Unknown
from pathfinder.report.conditions import Wording
from pathfinder.report.explain import walk_of, walks_text
from tests.report.made import HOSTILE, allowed, decision, refused

WORDING = Wording(sentence_of=lambda formula: "through vpce-0aaa", tree_of=lambda formula: {})

REFUSED = """\
arn:aws:iam::123456789012:role/EC2Role → s3:GetObject → arn:aws:s3:::my-bucket/a
Refused: nothing allows it (an implicit deny).

  ? explicit denies: denied when through vpce-0aaa
      Deny AllowRead of Access on arn:aws:iam::123456789012:role/EC2Role, when through vpce-0aaa
  ✔ resource control policies at r-root: lets it pass
  · service control policies: does not apply (no service control policies apply)
  · S3 Block Public Access: does not apply
  · resource-based policy: none
  ✔ identity-based policies: allows
      Allow AllowRead of Access on arn:aws:iam::123456789012:role/EC2Role
  ✘ permissions boundary: does not let it pass

Stopped first by:
  permissions boundary: no statement allows it

Stopped also by:
  the identity side allows; the bucket policy does not

What is missing:
  the identity side allows; the bucket policy does not
"""

ALLOWED = """\
access: arn:aws:iam::123456789012:role/EC2Role → s3:GetObject → arn:aws:s3:::my-bucket/*
Allowed under a condition: through vpce-0aaa.

  ✔ explicit denies: no Deny statement matches
  ? resource-based policy: allows when through vpce-0aaa
      Allow AllowRead of Access on arn:aws:iam::123456789012:role/EC2Role, when through vpce-0aaa
  ✔ identity-based policies: allows
      Allow AllowRead of Access on arn:aws:iam::123456789012:role/EC2Role

Gaps: what could not be read or decided:
  the policy of endpoint vpce-1 is not known

To know:
  the NotPrincipal list is incomplete

A request to try:
  # as arn:aws:iam::123456789012:role/EC2Role
  # with aws:SourceVpce = vpce-0aaa
  aws s3api get-object --bucket my-bucket --key a /dev/null
"""


def test_a_refusal_step_by_step():
    assert walks_text([walk_of(refused(), WORDING)], colour=False) == REFUSED


def test_what_is_allowed_under_a_condition():
    assert walks_text([walk_of(allowed(), WORDING)], colour=False) == ALLOWED


def test_an_explicit_deny_stops():
    walk = walk_of(
        replace(refused(), decision=decision(allowed=FALSE, denied=TRUE), verdict="explicit-deny"), WORDING
    )
    assert walk.verdict == "Refused: an explicit deny."
    assert (walk.steps[0].sign, walk.steps[0].words) == (
        "✘",
        "a Deny statement matches; nothing overrides it",
    )


def test_an_unknown_is_no_condition():
    first = refused().decision.layers[1].matches[0]
    unread = Unknown("the boundary is not known")
    layer = replace(refused().decision.layers[1], denies=unread, matches=(replace(first, condition=unread),))
    walk = walk_of(replace(refused(), decision=decision(layer, denied=unread)))
    assert walk.steps[0].words.startswith("denied perhaps (the boundary is not known)")
    assert ", perhaps (the boundary is not known)" in walk.steps[0].statements[0]


def test_hostile_names_are_shown_and_not_obeyed():
    hostile = replace(allowed(), principal=HOSTILE, gaps=(HOSTILE,), warnings=(HOSTILE,))
    text = walks_text([walk_of(hostile, WORDING)], colour=False)
    assert text.replace("\n", "").isprintable()


def test_colour_changes_no_word():
    walk = walk_of(allowed(), WORDING)
    coloured = walks_text([walk], colour=True)
    assert coloured.replace("\x1b[1m", "").replace("\x1b[0m", "") == walks_text([walk], colour=False)
