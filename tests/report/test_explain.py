from __future__ import annotations

import json
from dataclasses import replace

from jsonschema import Draft202012Validator

from pathfinder.authorization.decision import LayerKind
from pathfinder.logic.formula import FALSE, TRUE, Unknown
from pathfinder.policy.document import PolicyKind
from pathfinder.report.conditions import Wording
from pathfinder.report.csv_ import walks_csv
from pathfinder.report.explain import walk_of, walks_text
from pathfinder.report.json_ import explain_json
from pathfinder.report.markdown import markdown_walks
from pathfinder.report.schemas import schema_text
from pathfinder.routes.nearest_answer import LayerWay, Nearest
from pathfinder.routes.nearest_change import Change, SetKeys
from tests.report.made import ENDPOINT, HOSTILE, allowed, decision, refused

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


NOTHING = SetKeys({})
ADDED = Change(
    "add-statement",
    LayerKind.RESOURCE,
    None,
    "add to the bucket policy of arn:aws:s3:::my-bucket this statement",
    NOTHING,
    PolicyKind.RESOURCE,
    "bucket policy",
    "arn:aws:s3:::my-bucket",
    add={"Effect": "Allow", "Action": "s3:GetObject"},
    becomes={"Effect": "Allow", "Action": "s3:GetObject"},
)
SENT = Change(
    "context",
    LayerKind.ENDPOINT,
    "vpce-1",
    "make the request from 203.0.113.0/24 (now aws:SourceIp is 192.0.2.1)",
    NOTHING,
    context={"aws:SourceIp": "203.0.113.7", "aws:SourceVpce": None, "aws:TagKeys": ("a", "b")},
)
REMOVED = replace(SENT, kind="remove-statement", text="Deny D of policy P: remove it", context={})


def nearest() -> Nearest:
    """Two changes, three layers, one of them not known."""
    layers = (
        LayerWay(LayerKind.ENDPOINT, "vpce-1", "blocks", "no statement allows it", (SENT, REMOVED)),
        LayerWay(LayerKind.RESOURCE, None, "blocks", "no statement allows it", (ADDED,)),
        LayerWay(LayerKind.BOUNDARY, None, "unknown", "AccessDenied"),
    )
    return Nearest((SENT, ADDED), layers, ENDPOINT, verified=True, fewest=True, unknown=("AccessDenied",))


NEAREST = """\
The nearest way to open it: 2 changes:
  1. make the request from 203.0.113.0/24 (now aws:SourceIp is 192.0.2.1)
  2. add to the bucket policy of arn:aws:s3:::my-bucket this statement: {"Effect": "Allow", "Action": "s3:GetObject"}
  Decided again with all of them: open when through vpce-0aaa

VPC endpoint policy at vpce-1: no statement allows it; each of these alone opens this layer:
  change 1 above
  Deny D of policy P: remove it

Not known, so neither open nor in the way:
  permissions boundary: AccessDenied
"""


def test_the_nearest_way():
    text = walks_text([walk_of(replace(refused(), nearest=nearest()), WORDING)], colour=False)
    assert text.endswith("\n\n" + NEAREST)


def test_what_no_change_opens():
    none = Nearest(
        (), (), FALSE, verified=False, fewest=False, impossible=("service rule: no root user (STS-6)",)
    )
    text = walks_text([walk_of(replace(refused(), nearest=none), WORDING)], colour=False)
    assert text.endswith("\n\nWhat no change opens:\n  service rule: no root user (STS-6)\n")
    assert "nearest way" not in text


def test_what_is_not_certain_is_said():
    perhaps = replace(nearest(), verified=False, fewest=False)
    text = walks_text([walk_of(replace(refused(), nearest=perhaps), WORDING)], colour=False)
    assert "Decided again: it is not certain whether it is open then: when through vpce-0aaa" in text
    assert "Perhaps fewer would do" in text


def test_the_nearest_way_as_json():
    text = "".join(explain_json({"route": "1"}, [replace(refused(), nearest=nearest()), allowed()]))
    document = json.loads(text)
    Draft202012Validator(json.loads(schema_text("explain"))).validate(document)
    found = document["explanations"][0]["nearest"]
    assert [change["kind"] for change in found["changes"]] == ["context", "add-statement"]
    assert found["changes"][0]["context"] == {
        "aws:SourceIp": "203.0.113.7",
        "aws:SourceVpce": None,
        "aws:TagKeys": ["a", "b"],
    }
    assert found["changes"][1]["policy_type"] == "resource-based policy"
    assert [layer["state"] for layer in found["layers"]] == ["blocks", "blocks", "unknown"]
    assert document["explanations"][1]["nearest"] is None


def test_hostile_names_in_changes_are_shown_and_not_obeyed():
    change = replace(ADDED, text=HOSTILE, add={HOSTILE: HOSTILE}, policy=HOSTILE, attached_to=HOSTILE)
    layer = LayerWay(LayerKind.RESOURCE, HOSTILE, "blocks", HOSTILE, (change, REMOVED))
    hostile = Nearest((change,), (layer,), TRUE, True, True, (HOSTILE,), (HOSTILE,))
    explanation = replace(refused(), nearest=hostile)
    walk = walk_of(explanation, WORDING)
    assert walks_text([walk], colour=False).replace("\n", "").isprintable()
    assert "<script>" not in markdown_walks([walk])
    assert "".join(walks_csv([walk]))
    Draft202012Validator(json.loads(schema_text("explain"))).validate(
        json.loads("".join(explain_json({}, [explanation])))
    )
