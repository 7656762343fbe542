from __future__ import annotations

import os
import shlex
import stat
import subprocess
from itertools import chain, repeat

import pytest

from pathfinder.cli.opening import ended
from pathfinder.cli.options import Running
from pathfinder.cli.output import write_file
from pathfinder.cli.progress import Progress
from tests.cli.run import COMMAND, SAMPLE, run


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    file = tmp_path / "result"
    file.write_text("before")

    def pieces():
        yield "half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_file(file, pieces())
    assert file.read_text() == "before"
    assert os.listdir(tmp_path) == ["result"]


def test_links_are_followed_and_permissions_stay(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("before")
    file.chmod(0o640)
    link.symlink_to(file)
    write_file(link, ["after"])
    assert link.is_symlink()
    assert file.read_text() == "after"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_device_stays_a_device():
    write_file(__import__("pathlib").Path("/dev/null"), ["x"])
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_text_without_utf8_is_escaped(tmp_path):
    write_file(tmp_path / "x", ["\ud800"])
    assert (tmp_path / "x").read_bytes() == b"\\ud800"


PLACES = [
    ("nowhere/x", "nowhere: there is no such folder. Check the path and its permissions."),
    (".", ".: Is a directory. Check the path and its permissions."),
]


@pytest.mark.parametrize("option", ["--out", "--html", "--export-tests"])
@pytest.mark.parametrize(("place", "said"), PLACES, ids=[each[0] for each in PLACES])
def test_a_place_that_cannot_be_written_is_told_as_given_before_the_work(
    place, said, option, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert run("routes", tmp_path / "no-snapshot", option, place).error == said
    assert os.listdir(tmp_path) == []


def test_no_error_names_the_file_aside(tmp_path):
    with pytest.raises(OSError, match="result") as caught:
        write_file(tmp_path / "gone" / "result", ["x"])
    assert caught.value.filename == str(tmp_path / "gone" / "result")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize(
    "arguments", [["routes", str(SAMPLE)], ["routes", str(SAMPLE), "-o", "json"], ["schema"]]
)
def test_a_full_disk_is_one_line(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120
        )
    assert done.returncode == 2
    assert done.stderr == "pathfinder: the results could not be written: No space left on device\n"


def test_closed_outputs():
    shell = f"exec {shlex.join([*COMMAND, 'schema'])}"
    closed = subprocess.run(["sh", "-c", f"{shell} >&-"], stderr=subprocess.PIPE, text=True, timeout=120)
    assert (closed.returncode, closed.stderr) == (
        2,
        "pathfinder: standard output is closed; results have nowhere to go\n",
    )
    silent = subprocess.run(["sh", "-c", f"{shell} 2>&-"], stdout=subprocess.PIPE, text=True, timeout=120)
    assert silent.returncode == 0
    assert "routes" in silent.stdout


def test_long_work_tells_where_it_stands_and_when_it_ends(monkeypatch, capsys):
    moments = chain([0.0, 4.0, 6.0, 7.0], repeat(31.0))
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    with Progress(Running()) as progress:
        for done in range(3):
            progress("hops", done, 1000)
    assert progress.was_long
    ended(Running(), progress, 2, "route")
    assert capsys.readouterr().err == "hops: 1 of 1,000\n2 routes in 31.0 s\n"


def test_short_work_and_quiet_work_say_nothing(monkeypatch, capsys):
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    with Progress(Running()) as progress:
        progress("hops", 1, 10)
    ended(Running(), progress, 2, "route")
    moments = chain([0.0], repeat(9.0))
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    with Progress(Running(quiet=True)) as progress:
        progress("hops", 1, 10)
    ended(Running(quiet=True), progress, 2, "route")
    assert capsys.readouterr().err == ""
