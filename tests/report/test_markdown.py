from __future__ import annotations

import pytest

from pathfinder.report.conditions import Wording
from pathfinder.report.explain import walk_of
from pathfinder.report.listing import routes_listing
from pathfinder.report.markdown import escaped, markdown, markdown_walks
from tests.report.made import THREE_DESIGNS, allowed, found, hostile, refused


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("<script>", "&lt;script&gt;"),
        ("[x](javascript:1)", r"\[x\]\(javascript:1\)"),
        ("my-bucket/*", r"my-bucket/\*"),
        ("- item", r"\- item"),
        ("a_b`c`", r"a\_b\`c\`"),
        ("http://x", "http&#58;//x"),
        ("@team", "&#64;team"),
        ("&lt;", "&amp;lt;"),
        ("日本語", "日本語"),
    ],
)
def test_nothing_from_outside_is_markup(text, shown):
    assert escaped(text) == shown


def test_routes_are_a_table():
    text = markdown(routes_listing(THREE_DESIGNS, fold=False, wide=False))
    lines = text.split("\n")
    assert lines[:2] == ["| # | from | route | reaches | when |", "| --- | --- | --- | --- | --- |"]
    assert lines[4].startswith(r"| 3 | ec2 i-0abc \(app, 1234…\) | → EC2Role ─AssumeRole→ S3AccessRole")
    assert "**Gaps: what could not be read or decided**" in lines
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_hostile_names_stay_in_their_cells():
    text = markdown(routes_listing(hostile(), fold=False, wide=True))
    row = text.split("\n")[2]
    assert row.replace("\\|", "").count("|") == 6
    assert "<" not in text
    assert text.replace("\n", "").isprintable()


def test_nothing_found():
    assert markdown(routes_listing(found(), fold=False, wide=False)) == "No route found.\n"


def test_explanations_are_lists():
    text = markdown_walks([walk_of(refused(), Wording()), walk_of(allowed())])
    assert "- ✘ permissions boundary: does not let it pass" in text
    assert "    aws s3api get-object --bucket my-bucket --key a /dev/null" in text
