"""Make a small world that is decided wrongly as small as possible, and keep it.

`python -m tests.reference.shrink_world SEED [--sessions] [--keep FILE]` prints what is left of the world of
that seed; `--keep` writes it where `test_regressions.py` replays it from then on.
"""

import argparse
import json
import pprint
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from .compare_worlds import Difference, difference_in
from .world_reach import Brute
from .world_values import World
from .worlds import random_world

Path_ = tuple[Any, ...]  # keys and indices, from the world to a part of it
NOTHING: dict[str, Any] = {  # what some parts may be replaced with, by the key they stand under
    "organization": None,
    "policy": None,
    "boundary": None,
    "tags": {},
    "restrict_public": False,
    "scp_enabled": False,
    "rcp_enabled": False,
}
MAY_LOSE_ALL = {  # parts whose entries may all be left out
    "accounts",
    "policies",
    "groups",
    "users",
    "roles",
    "buckets",
    "endpoints",
    "providers",
    "instances",
    "inline",
    "managed",
    "scps",
    "rcps",
    "Condition",
}
MAY_LOSE_SOME = {"Statement", "Action", "NotAction", "Resource", "NotResource", "AWS", "Service"}


def shrink_world(world: World, still_fails: Callable[[World], bool]) -> World:
    """The smallest world that leaving out parts one by one leads to."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(world):
            if still_fails(candidate):
                world, smaller = candidate, True
                break
    return world


def fails_like(difference: Difference) -> Callable[[World], bool]:
    """Whether a world is decided wrongly in the same way: missed or false from one of the same starts, or a crash."""
    missed, false = ({start for start, *_ in each} for each in (difference.missed, difference.false))

    def fails(world: World) -> bool:
        try:
            found = difference_in(Brute(world))
        except (KeyError, IndexError, StopIteration):  # what was left out was needed
            return False
        return found is not None and (
            (bool(found.error) and bool(difference.error))
            or not missed.isdisjoint(start for start, *_ in found.missed)
            or not false.isdisjoint(start for start, *_ in found.false)
        )

    return fails


def _smaller(world: World) -> Iterator[World]:
    """The world without one of its parts, large parts first."""
    for path in sorted(_removable(world, ()), key=len):
        candidate = deepcopy(world)
        holder: Any = candidate
        for step in path[:-1]:
            holder = holder[step]
        if path[-1] in NOTHING:
            holder[path[-1]] = NOTHING[path[-1]]
        else:
            del holder[path[-1]]
        _tidy(candidate)
        yield candidate


def _removable(value: Any, path: Path_) -> Iterator[Path_]:
    if not isinstance(value, dict | list):
        return
    name = path[-1] if path else ""
    in_condition = "Condition" in path
    steps = list(value) if isinstance(value, dict) else list(range(len(value)))
    for step in steps:
        if step in NOTHING and value[step] != NOTHING[step]:
            yield (*path, step)
        some = name in MAY_LOSE_SOME or in_condition
        every = name in MAY_LOSE_ALL and path != ("organization", "accounts")  # members stay members
        if every or (some and len(value) > 1) or step == "Condition":
            yield (*path, step)
        yield from _removable(value[step], (*path, step))


def _tidy(world: World) -> None:
    """Leave out what speaks of parts that are gone."""
    organization = world["organization"]
    if organization:
        held = organization["accounts"]
        organization["accounts"] = {a: held[a] for a in held if a in world["accounts"]}
        for level in [*organization["ous"].values(), *organization["accounts"].values()]:
            for kind in ("scps", "rcps"):
                level[kind] = [name for name in level[kind] if name in organization[kind]]
    for content in world["accounts"].values():
        for holder in [*content["users"].values(), *content["roles"].values(), *content["groups"].values()]:
            holder["managed"] = [name for name in holder["managed"] if name in content["policies"]]
            holder["groups"] = [name for name in holder.get("groups", []) if name in content["groups"]]
            if holder.get("boundary") not in content["policies"]:
                holder["boundary"] = None
        instances = content.get("instances", {})
        content["instances"] = {i: held for i, held in instances.items() if held["role"] in content["roles"]}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Shrink a small world that is decided wrongly.")
    parser.add_argument("seed", type=int)
    parser.add_argument("--sessions", action="store_true", help="worlds whose sessions carry something")
    parser.add_argument("--keep", type=Path, help="the file to write it to, in tests/reference/regressions")
    wanted = parser.parse_args()
    world = random_world(wanted.seed, wanted.sessions)
    difference = difference_in(Brute(world))
    if difference is None:
        print(f"nothing is wrong with world {wanted.seed}")
        return 1
    world = shrink_world(world, fails_like(difference))
    pprint.pp(world, width=110)
    print(difference_in(Brute(world)))
    if wanted.keep:
        kept = {"about": f"small world {wanted.seed}", "world": world}
        wanted.keep.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
