"""A world is the same in memory, in a folder and in an archive, in whatever order its files are written."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from pathfinder.graph.world import World
from pathfinder.snapshot.importers import import_from
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import contents, write
from tests.reference.world_files import write_world

from .law import law
from .same import labelled, shuffled, unnamed
from .seeing import Open, Seen, see
from .strategies import worlds
from .worlds import Written, snapshot_of

SEEDS = st.integers(0, 99)


@law(6, written=worlds(complete=False))
def test_writing_and_reading_change_nothing(written: Written) -> None:
    """layout.py: a snapshot folder says all that the model says; every route byte for byte, from an archive too."""
    with TemporaryDirectory() as place:
        folder, archive = Path(place, "snapshot"), Path(place, "snapshot.tar.gz")
        write(snapshot_of(written), folder)
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(folder, arcname="snapshot")
        expected = see(written).json
        assert Seen(World(load(folder))).json == expected
        assert Seen(World(load(archive))).json == expected


@law(6, written=worlds(complete=False), seed=SEEDS)
def test_order_in_files_changes_nothing(written: Written, seed: int) -> None:
    """layout.py: keys of objects and items of lists in any order, files written in any order; byte for byte."""
    random = Random(seed)
    files = list(contents(snapshot_of(written)))
    random.shuffle(files)
    with TemporaryDirectory() as place:
        for name, content in files:
            file = Path(place, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith(".json"):
                content = json.dumps(shuffled(json.loads(content), random)).encode()
            file.write_bytes(content)
        assert Seen(World(load(place))).json == see(written).json


@law(6, written=worlds(), seed=SEEDS)
def test_order_of_what_iam_collect_wrote_changes_nothing(written: Written, seed: int) -> None:
    """formats.md, chapter 3: folders and keys in any order; byte for byte."""
    other = shuffled(labelled(written), Random(seed))
    for account in other["accounts"].values():
        for holder in (*account["users"].values(), *account["groups"].values(), *account["roles"].values()):
            holder["inline"].sort(key=lambda policy: policy["Name"])  # the place names the policy there
    assert _imported(other).json == _imported(labelled(written)).json


@law(6, written=worlds())
def test_what_iam_collect_wrote_says_the_same(written: Written) -> None:
    """formats.md, chapter 3: the same is open, as far as that format tells of it (no instances, no access keys)."""
    assert _imported(written).open == {each for each in see(written).open if not _is_untold(each)}


def _imported(written: Written) -> Seen:
    with TemporaryDirectory() as place:
        write_world(unnamed(written), Path(place))
        return Seen(World(import_from("iam-collect", Path(place))))


def _is_untold(opened: Open) -> bool:
    return opened[0].startswith("key:") or ":instance/" in opened[0]
