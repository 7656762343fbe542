from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from pathfinder.model.organization import Gap
from pathfinder.report.listing import (
    MOST_GAPS,
    Listing,
    check_listing,
    routes_listing,
    who_can_listing,
)
from pathfinder.report.table import table
from tests.report.made import (
    CHECKED,
    NAMES,
    THREE_DESIGNS,
    USER,
    access,
    bucket,
    crowd,
    found,
    hostile,
    route,
    who_can,
)


def words(formula: object) -> str:
    return "through vpce-0aaa"


class Words:
    """A stand-in for the wording of conditions, so that this test is about tables."""

    @staticmethod
    def made():
        from pathfinder.report.conditions import Wording

        return Wording(sentence_of=words, tree_of=lambda formula: {})


def routes(found_, **options):
    settings = {"fold": False, "wide": False, "wording": Words.made(), **options}
    return routes_listing(found_, **settings)


def test_a_route_on_one_line_reads_aloud():
    rows = routes(THREE_DESIGNS).rows
    assert rows == [
        ("1", "role EC2Role (app, 1234…)", "─bucket policy→", "read, write my-bucket/*", "through vpce-0aaa"),
        (
            "2",
            "key AKIAEXAMPLE (log, 9999…)",
            "─key of→ uploader",
            "read, write my-bucket/*",
            "hop 2: through vpce-0aaa",
        ),
        (
            "3",
            "ec2 i-0abc (app, 1234…)",
            "→ EC2Role ─AssumeRole→ S3AccessRole (log, 9999…)",
            "read, write my-bucket/*",
            "always",
        ),
    ]


def test_an_unknown_owner_is_not_counted_as_another_account():
    unowned = route("u", (USER, bucket("b", None)), (access(USER, bucket("b", None)),), "identity policy")
    summary = routes(found(*THREE_DESIGNS.routes, unowned)).summary
    assert (
        summary[0]
        == "4 routes from 4 starts to 2 buckets, 2 across accounts, 1 to buckets whose owner is not known."
    )


def test_summary_counts_by_design_and_names_the_gaps():
    listing = routes(THREE_DESIGNS)
    assert listing.summary == (
        "3 routes from 3 starts to 1 bucket, 2 across accounts.",
        "By design: AssumeRole 1, access key 1, bucket policy 1.",
    )
    assert listing.gaps == ("accounts/999999999999/s3.json: the policy of bucket other could not be read",)


def test_as_wide_as_it_needs_to_be_where_no_terminal_limits_it():
    text = table(routes(THREE_DESIGNS), width=None, colour=False)
    lines = text.split("\n")
    assert lines[0].split() == ["#", "from", "route", "reaches", "when"]
    assert lines[3].endswith("always")
    assert all(line == line.rstrip() for line in lines)
    column = [
        line.index(word) for line, word in zip(lines[:4], ("reaches", "read", "read", "read"), strict=True)
    ]
    assert len(set(column)) == 1
    assert "Gaps, things that could not be read or decided:" in lines


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_fits_the_terminal(width):
    for shown in (THREE_DESIGNS, crowd(3), hostile()):
        listing = routes(shown)
        body = table(listing, width=width, colour=False).split("\n\n")[0]
        assert max(cell_len(line) for line in body.split("\n")) <= width


def test_wide_shortens_nothing():
    (row, *_) = routes(THREE_DESIGNS, wide=True).rows
    assert row[1] == "role EC2Role (app, 123456789012)"


def test_wide_letters_take_two_cells():
    listing = Listing(("name", "next"), [("日本語", "x"), ("abcdef", "y")])
    assert table(listing, width=None, colour=False).split("\n")[1:3] == ["日本語  x", "abcdef  y"]
    narrow = Listing(("name", "next"), [("日本語" * 20, "x")])
    assert all(cell_len(line) <= 30 for line in table(narrow, width=30, colour=False).split("\n"))


def test_long_words_are_shortened_in_the_middle():
    arn = "arn:aws:iam::123456789012:role/a/very/long/path/to/a/role/that-ends-in-prod"
    text = table(Listing(("who", "what"), [(arn, "read")]), width=50, colour=False)
    assert re.search(r"^arn:aws:iam::\S+…\S+ends-in-prod  read$", text, re.MULTILINE)


def test_folds_alike_principals_into_one_row():
    listing = routes(crowd(12), fold=True)
    assert [row[:2] for row in listing.rows] == [
        ("1", "12 roles in app (1234…)"),
        ("13", "user uploader (log, 9999…)"),
    ]
    assert listing.summary[0].endswith("folded into 2 rows.")
    assert len(routes(crowd(12)).rows) == 13


def test_what_is_not_certain_is_said():
    (row,) = routes(hostile()).rows
    assert row[-1].endswith("(not certain: 1 gap)")


@pytest.mark.parametrize("colour", [False, True])
def test_no_character_from_outside_is_obeyed_by_the_terminal(colour):
    text = table(routes(hostile()), width=None, colour=colour)
    ours = re.sub(r"\x1b\[[012]m", "", text) if colour else text
    assert ours.replace("\n", "").isprintable()
    assert "⟨U+001B⟩[31m" in text
    assert "⟨U+202E⟩" in text
    assert "日本" in text


def test_no_colour_no_escape():
    assert "\x1b" not in table(routes(THREE_DESIGNS), width=80, colour=False)


def test_nothing_found():
    assert table(routes(found()), width=80, colour=False) == "No route found.\n"


def test_many_gaps_are_counted_and_whole_with_wide():
    gaps = tuple(Gap(f"file-{number}", "is missing") for number in range(MOST_GAPS + 5))
    assert routes(found(gaps=gaps)).gaps[-1] == "and 5 more: --wide or --output json shows all"
    assert len(routes(found(gaps=gaps), wide=True).gaps) == MOST_GAPS + 5


def test_who_can():
    listing = who_can_listing(who_can(), NAMES, wide=True, wording=Words.made())
    assert [row[3:] for row in listing.rows] == [
        ("identity-based policy", "through vpce-0aaa"),
        ("identity-based policy", "always"),
        ("→ EC2Role ─AssumeRole→ S3AccessRole (log, 999999999999)", "always"),
    ]
    assert listing.summary == ("2 principals directly, 1 route beside.",)


def test_check():
    listing = check_listing(CHECKED)
    assert [row[0] for row in listing.rows] == ["✔ passed", "✘ failed", "· decided", "! error"]
    assert listing.summary == ("4 scenarios: 1 passed, 1 failed, 1 decided, 1 in error.",)
    assert listing.notes == ("writes: a warning",)
