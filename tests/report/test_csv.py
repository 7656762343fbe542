from __future__ import annotations

import csv

import pytest

from pathfinder.report.csv_ import check_csv, neutral, routes_csv, walks_csv, who_can_csv
from pathfinder.report.explain import walk_of
from tests.report.made import CHECKED, THREE_DESIGNS, hostile, refused, who_can


def rows(lines):
    return list(csv.DictReader("".join(lines).splitlines(keepends=True)))


def test_one_row_for_each_route():
    found = rows(routes_csv(THREE_DESIGNS))
    assert [row["design"] for row in found] == ["bucket policy", "access key", "AssumeRole"]
    last = found[-1]
    assert (last["principal_account_name"], last["target_account_name"]) == ("app", "log")
    assert last["words"] == "read, write"
    assert last["actions"] == "s3:GetObject s3:PutObject"
    assert last["cross_account"] == "true"
    assert last["policies"] == "identity-based policy Access Statement[0]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd()", "'=cmd()"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'⟨U+0009⟩=1"),
        ("\r=1", "'⟨U+000D⟩=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("plain=1", "plain=1"),
        ("", ""),
        ("日本語", "日本語"),
    ],
)
def test_no_cell_is_a_formula(text, shown):
    assert neutral(text) == shown


def test_hostile_names_stay_in_their_cells():
    (row,) = rows(routes_csv(hostile()))
    assert row["id"].startswith("'=cmd()|⟨U+001B⟩")
    assert None not in row
    assert "\x1b" not in "".join(routes_csv(hostile()))


def test_the_other_results():
    assert rows(who_can_csv(who_can()))[0]["policies"] == "identity-based policy Access Statement[0]"
    assert len(rows(who_can_csv(who_can()))) == 3
    assert [row["passed"] for row in rows(check_csv(CHECKED))] == ["true", "false", "", "false"]
    assert rows(walks_csv([walk_of(refused())]))[0]["layer"] == "explicit denies"
