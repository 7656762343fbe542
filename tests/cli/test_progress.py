"""Long work tells where it stands and how it ended, away from a terminal by lines on standard error (ux.md)."""

from __future__ import annotations

import pytest

from tests.cli.run import SAMPLE, run


@pytest.mark.parametrize(
    "command",
    [("routes",), ("findings",), ("who-can", "s3:GetObject", "--resource", "arn:aws:s3:::my-bucket/x")],
)
def test_lines_of_progress_and_an_end_line(command: tuple[str, ...]) -> None:
    name, *more = command
    done = run(name, SAMPLE, *more, between_lines=0.0)
    lines = done.err.splitlines()
    assert any(" of " in line for line in lines), done.err
    assert " s" in lines[-1], done.err


def test_quiet_says_nothing() -> None:
    assert run("routes", SAMPLE, "--quiet", between_lines=0.0).err == ""


def test_short_work_says_nothing() -> None:
    assert run("routes", SAMPLE).err == ""
