from __future__ import annotations

import os
import stat

import pytest

from pathfinder.cli.output import write_file


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
