"""Laws of writing: what is read again is equal, the bytes are the same, and nothing half-written is ever seen."""

from __future__ import annotations

import errno
import os
import random
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathfinder.model.organization import Account, Snapshot
from pathfinder.snapshot.canonical import canonical
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import Packed
from pathfinder.snapshot.folder import read_snapshot
from pathfinder.snapshot.read import load
from pathfinder.snapshot.reading import Reading
from pathfinder.snapshot.write import contents, write
from tests.snapshot.strategies import documents, snapshots

many = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def read_back(snapshot: Snapshot) -> Snapshot:
    return read_snapshot(Reading(Packed("memory", dict(contents(snapshot)))))


def difference(one: Snapshot, other: Snapshot) -> list[str]:
    """The fields that differ, so that a failing law can be read."""
    found = [f.name for f in fields(Snapshot) if getattr(one, f.name) != getattr(other, f.name)]
    for a, b in zip(one.accounts, other.accounts, strict=False):
        found += [f"{a.id}.{f.name}" for f in fields(Account) if getattr(a, f.name) != getattr(b, f.name)]
    return found


@many
@given(snapshots())
def test_read_again_it_is_equal(snapshot: Snapshot) -> None:
    expected = canonical(snapshot)
    assert difference(read_back(snapshot), expected) == []
    assert read_back(snapshot) == expected


@many
@given(snapshots())
def test_canonical_twice_is_canonical_once(snapshot: Snapshot) -> None:
    assert canonical(canonical(snapshot)) == canonical(snapshot)


@many
@given(snapshots(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(snapshot: Snapshot, shuffle: random.Random) -> None:
    mixed = replace(snapshot, accounts=tuple(shuffled(snapshot.accounts, shuffle)))
    mixed = replace(
        mixed, accounts=tuple(replace(a, roles=tuple(shuffled(a.roles, shuffle))) for a in mixed.accounts)
    )
    assert dict(contents(mixed)) == dict(contents(snapshot))


def shuffled(items: tuple[object, ...], shuffle: random.Random) -> list[object]:
    mixed = list(items)
    shuffle.shuffle(mixed)
    return mixed


@many
@given(snapshots())
def test_on_disk_as_in_memory(snapshot: Snapshot) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "snapshot"
        write(snapshot, target)
        assert load(target) == canonical(snapshot)
        assert [each.name for each in Path(folder).iterdir()] == ["snapshot"]


@given(documents())
def test_documents_read_again_are_equal(document: object) -> None:
    import msgspec

    from pathfinder.snapshot.documents import Documents, written

    content = msgspec.json.encode(written(document))  # type: ignore[arg-type]
    assert Documents().parse(content) == document


def test_an_older_snapshot_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "snapshot"
    write(Snapshot((Account("111111111111"),)), target)  # type: ignore[arg-type]
    write(Snapshot((Account("222222222222"),)), target)  # type: ignore[arg-type]
    assert [each.id for each in load(target).accounts] == ["222222222222"]
    assert not (target / "accounts/111111111111").exists()


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    write(Snapshot(()), tmp_path)
    assert load(tmp_path) == Snapshot(())


def test_parents_are_made(tmp_path: Path) -> None:
    write(Snapshot(()), tmp_path / "a/b")
    assert load(tmp_path / "a/b") == Snapshot(())


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_anything_else_is_left_alone(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "mine"
    if kind == "file":
        target.write_text("precious")
    elif kind == "link":
        target.symlink_to(tmp_path / "nowhere")
    else:
        target.mkdir()
        (target / "notes.txt").write_text("precious")
    with pytest.raises(InputError) as error:
        write(Snapshot(()), target)
    assert str(error.value) == (
        f"{target}: exists and is no snapshot, so it is not replaced. Choose another folder, or remove it first."
    )


def test_a_failed_write_leaves_the_old_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "snapshot"
    write(Snapshot((Account("111111111111"),)), target)  # type: ignore[arg-type]
    before = load(target)

    def full(_path: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write(Snapshot(()), target)
    monkeypatch.undo()
    assert load(target) == before
    assert os.listdir(tmp_path) == ["snapshot"]
