"""One small world after the other: what pathfinder finds against what the brute force finds."""

import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .pathfinder_reach import by_search
from .world_files import write_world
from .world_reach import Brute, Reach
from .world_snapshot import write_snapshot
from .worlds import random_world

IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # writing many small files to disk is slow
Way = Callable[[Path, Sequence[tuple[str, str]]], Reach]


@dataclass(frozen=True)
class Difference:
    """What pathfinder gets wrong in the world of one seed; `error` is a traceback."""

    seed: int
    missed: Sequence[tuple[str, str, str]] = ()
    false: Sequence[tuple[str, str, str]] = ()
    error: str = ""

    def __str__(self) -> str:
        shown = f"world {self.seed}: {len(self.missed)} missed, such as {list(self.missed[:3])}; "
        shown += f"{len(self.false)} false, such as {list(self.false[:3])}"
        return f"world {self.seed}: {self.error}" if self.error else shown


@dataclass(frozen=True)
class Compared:
    """What came of some worlds; `requests`: principals times points; `allowed`: those that may."""

    worlds: int = 0
    requests: int = 0
    allowed: int = 0
    differences: tuple[Difference, ...] = ()

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(
            self.worlds + other.worlds,
            self.requests + other.requests,
            self.allowed + other.allowed,
            self.differences + other.differences,
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def compare_seeds(seeds: Iterable[int], way: Way = by_search, sessions: bool = False) -> Compared:
    """The worlds of these seeds, compared."""
    return sum((_compare(seed, way, sessions) for seed in seeds), Compared())


def _compare(seed: int, way: Way, sessions: bool) -> Compared:
    brute = Brute(random_world(seed, sessions))
    requests = len(brute.starts()) * len(brute.points())
    difference = difference_in(brute, way, seed)
    return Compared(1, requests, len(brute.reachable()), (difference,) if difference else ())


def difference_in(brute: Brute, way: Way = by_search, seed: int = -1) -> Difference | None:
    """What pathfinder gets wrong in this world, or None.

    One seed in five is read as iam-collect writes it, which takes longer, and knows no instances.
    """
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        as_collected = seed % 5 == 0 and not brute.world["with_sessions"]
        write = write_world if as_collected else write_snapshot
        write(brute.world, Path(folder))
        try:
            found = way(Path(folder), brute.points())
        except Exception:  # a crash in one world is a finding like any other, and must not stop the run
            return Difference(seed, error=traceback.format_exc())
    expected, starts = brute.reachable(), set(brute.starts())
    found = {each for each in found if each[0] in starts}  # a shrunk world may name principals it has no more
    if found == expected:
        return None
    return Difference(seed, sorted(expected - found), sorted(found - expected))
