"""Archives: read without unpacking, and refused where they are not what they say."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pathfinder.snapshot import archive
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.read import load
from tests.snapshot.aws_cli_folder import write_aws_cli
from tests.snapshot.iam_collect_folder import write_iam_collect
from tests.snapshot.refusals import refused

Pack = Callable[[Path, Path, str], None]


def tar(mode: str) -> Pack:
    def pack(folder: Path, target: Path, inside: str) -> None:
        with tarfile.open(target, mode) as made:  # type: ignore[call-overload]
            made.add(folder, arcname=inside or ".")

    return pack


def pack_zip(folder: Path, target: Path, inside: str) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(folder.rglob("*")):
            made.write(file, f"{inside}/{file.relative_to(folder)}".lstrip("/"))


PACKS: dict[str, Pack] = {"s.tar.gz": tar("w:gz"), "s.tgz": tar("w:gz"), "s.tar": tar("w"), "s.zip": pack_zip}


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("inside", ["", "snapshot", "a/b"])
@pytest.mark.parametrize("make", [write_aws_cli, write_iam_collect], ids=["snapshot", "iam-collect"])
def test_read_as_the_folder(tmp_path: Path, name: str, inside: str, make: Callable[[Path], object]) -> None:
    folder = tmp_path / "folder"
    make(folder)
    PACKS[name](folder, tmp_path / name, inside)
    packed, loose = load(tmp_path / name), load(folder)
    assert packed.accounts == loose.accounts
    assert packed.organizations == loose.organizations
    assert len(packed.gaps) == len(loose.gaps)


def test_only_account_details_inside(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as made:
        made.writestr("details.json", '{"UserDetailList": [{"Arn": "arn:aws:iam::123456789012:user/ann"}]}')
    assert [account.id for account in load(tmp_path / "s.zip").accounts] == ["123456789012"]


def tar_with(target: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(target, "w:gz") as made:
        for entry, content in entries:
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return target


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, link
    return found


AGAIN = "Pack the snapshot folder again, without it."
HOSTILE = {
    "out": (entry("../../etc/passwd"), "entry ../../etc/passwd leads out of the archive"),
    "inner": (entry("accounts/../../x"), "entry accounts/../../x leads out of the archive"),
    "absolute": (entry("/etc/passwd"), "entry /etc/passwd leads out of the archive"),
    "backslash": (entry("..\\x"), "entry ..\\x leads out of the archive"),
    "drive": (entry("C:\\x"), "entry C:\\x leads out of the archive"),
    "link": (
        entry("a", tarfile.SYMTYPE, "/etc/passwd"),
        "entry a is a link; a snapshot archive holds files and folders only",
    ),
    "hard link": (
        entry("a", tarfile.LNKTYPE, "b"),
        "entry a is a link; a snapshot archive holds files and folders only",
    ),
    "device": (
        entry("a", tarfile.CHRTYPE),
        "entry a is a device; a snapshot archive holds files and folders only",
    ),
    "pipe": (
        entry("a", tarfile.FIFOTYPE),
        "entry a is a device; a snapshot archive holds files and folders only",
    ),
}


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        load(path)
    return str(error.value)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tars_are_refused(tmp_path: Path, name: str) -> None:
    hostile, line = HOSTILE[name]
    target = tar_with(tmp_path / "s.tgz", (hostile, b""))
    assert refusal(target) == f"s.tgz: {line}. {AGAIN}"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x"])
def test_hostile_zips_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as made:
        made.writestr(name, "{}")
    assert refusal(tmp_path / "s.zip") == f"s.zip: entry {name} leads out of the archive. {AGAIN}"


def test_links_in_zips_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as made:
        link = zipfile.ZipInfo("a")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    line = "s.zip: entry a is a link; a snapshot archive holds files and folders only"
    assert refusal(tmp_path / "s.zip") == f"{line}. {AGAIN}"


@pytest.mark.parametrize("name", ["s.zip", "s.tgz"])
def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1 << 20)
    folder = tmp_path / "folder"
    folder.mkdir()
    for index in range(3):
        (folder / f"{index}.json").write_bytes(b" " * (1 << 19))
    PACKS[name](folder, tmp_path / name, "")
    assert refusal(tmp_path / name) == f"{name}: holds more than 1 MiB. Check that it is the right file."


@pytest.mark.parametrize("name", ["s.zip", "s.tgz"])
def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 5)
    write_aws_cli(tmp_path / "folder")
    PACKS[name](tmp_path / "folder", tmp_path / name, "")
    assert refusal(tmp_path / name) == f"{name}: holds more than 5 files. Check that it is a snapshot."


@pytest.mark.parametrize("name", PACKS)
def test_damage_is_one_line(tmp_path: Path, name: str) -> None:
    write_aws_cli(tmp_path / "folder")
    PACKS[name](tmp_path / "folder", tmp_path / name, "")
    whole = (tmp_path / name).read_bytes()
    for length in range(4, len(whole), max(1, len(whole) // 40)):
        (tmp_path / name).write_bytes(whole[:length])
        assert "\n" not in str(refused(lambda: load(tmp_path / name)))


def test_an_encrypted_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as made:
        made.writestr("a.json", "{}")
    content = bytearray((tmp_path / "s.zip").read_bytes())
    content[6] |= 1  # the local header's flag
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and the directory's
    (tmp_path / "s.zip").write_bytes(content)
    assert refusal(tmp_path / "s.zip").startswith("s.zip: is no readable archive: ")
