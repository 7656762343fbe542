"""Changes of a written world: statements added, taken away, split; limits put on. Each gives a new world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from . import statements as make
from .statements import resolved, some
from .strategies import scene_of
from .worlds import Json, Written, document

Path = tuple[str | int, ...]
"""The keys and indices that lead to a part of a written world."""


def part(written: Written, path: Path) -> Any:
    """The part of the world at this place."""
    found: Any = written
    for step in path:
        found = found[step]
    return found


def changed(written: Written, path: Path, change: Callable[[Any], None]) -> Written:
    """The world with a change made to the part at this place."""
    copy = deepcopy(written)
    change(part(copy, path))
    return copy


# ---- where policies are --------------------------------------------------------------------------------


def documents(written: Written) -> Iterator[tuple[str, Path]]:
    """Every policy document: what kind of statements it takes, and its place."""
    for account, content in written["accounts"].items():
        home: Path = ("accounts", account)
        yield from (("identity", (*home, "policies", name)) for name in content["policies"])
        for kind in ("groups", "users", "roles"):
            for name, holder in content[kind].items():
                at = (*home, kind, name)
                yield from (("identity", (*at, "inline", number)) for number in range(len(holder["inline"])))
                if kind == "roles":
                    yield "trust", (*at, "trust")
        for kind, word in (("buckets", "bucket"), ("endpoints", "endpoint")):
            yield from (
                (word, (*home, kind, name, "policy"))
                for name, each in content[kind].items()
                if each["policy"]
            )
    if written["organization"]:
        for kind in ("scps", "rcps"):
            yield from ((kind[:-1], ("organization", kind, name)) for name in written["organization"][kind])


def statements(written: Written, *effects: str) -> Iterator[tuple[str, Path]]:
    """Every statement of these effects: the kind of its policy, and its place."""
    for kind, path in documents(written):
        for number, statement in enumerate(part(written, path)["Statement"]):
            if statement["Effect"] in effects:
                yield kind, (*path, "Statement", number)


# ---- Deny ----------------------------------------------------------------------------------------------

_DENIES = {
    "identity": make.any_statements("Deny"),
    "trust": make.trust_statements("Deny"),
    "bucket": make.bucket_statements("Deny"),
    "endpoint": make.endpoint_statements("Deny"),
    "scp": make.any_statements("Deny"),
    "rcp": make.rcp_statements(),
}
_WHERE = st.integers(0, 23)
Change = tuple[str, int, int, Json]
DENIALS: st.SearchStrategy[Change] = st.one_of(
    *(st.tuples(st.just(kind), _WHERE, st.integers(0, 3), given) for kind, given in _DENIES.items())
)
"""A Deny statement: the kind of policy it is for, which of them, at which place in it."""


def with_deny(written: Written, denial: Change) -> Written:
    """The world with the Deny in a policy of that kind, or in a new one; as it was where there is no place."""
    kind, where, position, statement = denial
    places = list(_places_for_deny(written, kind))
    if not places:
        return written
    path = places[where % len(places)]
    own = str(path[1]) if path[0] == "accounts" else ""
    told = resolved(statement, scene_of(written), own)

    def add(found: Any) -> None:
        if isinstance(found, list):  # inline policies of a holder
            found.append(document(told))
        elif "Statement" in found:
            found["Statement"].insert(position, told)
        else:  # a bucket without a policy
            found["policy"] = document(told)

    return changed(written, path, add)


def _places_for_deny(written: Written, kind: str) -> Iterator[Path]:
    """Policies of the kind, and where there could be another one."""
    yield from (path for word, path in documents(written) if word == kind)
    for account, content in written["accounts"].items():
        if kind == "identity":
            for holders in ("users", "roles", "groups"):
                yield from (("accounts", account, holders, name, "inline") for name in content[holders])
        if kind == "bucket":
            yield from (
                ("accounts", account, "buckets", name)
                for name, bucket in content["buckets"].items()
                if bucket["policy"] is None
            )


# ---- Allow ---------------------------------------------------------------------------------------------


def removable(written: Written) -> list[Path]:
    """Allow statements whose removal only narrows: not those that make a guarded bucket's policy public (BPA-10)."""
    return [
        path
        for kind, path in statements(written, "Allow")
        if kind != "bucket" or not is_guarded(written, path)
    ]


def is_in_limit(path: Path) -> bool:
    """Whether this part is in a policy that only limits: a boundary, an endpoint's policy, an SCP of ours."""
    match path:
        case ("accounts", _, "policies", "limit", *_) | ("accounts", _, "endpoints", *_):
            return True
        case ("organization", "scps", name, *_):
            return name != "FullAWSAccess"
        case _:
            return False


def guarded(written: Written) -> Written:
    """The world with RestrictPublicBuckets on everywhere."""
    copy = deepcopy(written)
    for content in copy["accounts"].values():
        content["restrict_public"] = True
    return copy


def is_guarded(written: Written, path: Path) -> bool:
    """Whether RestrictPublicBuckets is on where this part of a bucket is."""
    _, account, _, bucket = path[:4]
    content = written["accounts"][account]
    return bool(content["restrict_public"] or content["buckets"][bucket]["restrict_public"])


def without(written: Written, path: Path) -> Written:
    """The world without this item of a list."""

    def remove(found: list[Any]) -> None:
        del found[int(path[-1])]

    return changed(written, path[:-1], remove)


# ---- limits --------------------------------------------------------------------------------------------

LIMITS: st.SearchStrategy[tuple[str, int, Json]] = st.one_of(
    st.tuples(some("scp"), _WHERE, make.any_statements("Deny").map(document)),
    st.tuples(some("rcp"), _WHERE, make.RCPS),
    st.tuples(some("boundary"), _WHERE, make.BOUNDARIES),
    st.tuples(some("boundary"), _WHERE, make.BOUNDARIES),
    st.tuples(some("endpoint"), _WHERE, make.ENDPOINT_POLICIES),
    st.tuples(some("switch"), _WHERE, st.just({})),
)
"""A limit: its kind, where it is put, the policy."""


def with_limit(written: Written, limit: tuple[str, int, Json]) -> Written:
    """The world with the limit put on; as it was where there is no place for it."""
    kind, where, source = limit
    policy = resolved(source, scene_of(written))
    places = list(_PLACES[kind](written))
    if not places:
        return written
    return changed(written, places[where % len(places)], lambda found: _PUT_ON[kind](found, policy))


def _levels(written: Written) -> Iterator[Path]:
    organization = written["organization"] or {"ous": {}, "accounts": {}}
    for kind in ("ous", "accounts"):
        yield from (("organization", kind, name) for name in organization[kind])


def _unbounded(written: Written) -> Iterator[Path]:
    for account, content in written["accounts"].items():
        for kind in ("users", "roles"):
            yield from (
                ("accounts", account, kind, name)
                for name, holder in content[kind].items()
                if holder["boundary"] is None
            )


def _open_endpoints(written: Written) -> Iterator[Path]:
    for account, content in written["accounts"].items():
        yield from (
            ("accounts", account, "endpoints", name)
            for name, each in content["endpoints"].items()
            if each["policy"] is None
        )


def _switches(written: Written) -> Iterator[Path]:
    """What has a switch that is off: policy types of the organization, RestrictPublicBuckets."""
    organization = written["organization"]
    if organization and not (organization["scp_enabled"] and organization["rcp_enabled"]):
        yield ("organization",)
    for account, content in written["accounts"].items():
        yield ("accounts", account)
        yield from (("accounts", account, "buckets", name) for name in content["buckets"])


_PLACES: dict[str, Callable[[Written], Iterator[Path]]] = {
    "scp": _levels,
    "rcp": _levels,
    "boundary": _unbounded,
    "endpoint": _open_endpoints,
    "switch": _switches,
}


def _switch_on(found: Json, _: Json) -> None:
    for name in ("scp_enabled", "rcp_enabled", "restrict_public"):
        if name in found:
            found[name] = True


_PUT_ON: dict[str, Callable[[Json, Json], None]] = {
    "scp": lambda found, policy: found["scps"].append(policy),
    "rcp": lambda found, policy: found["rcps"].append(policy),
    "boundary": lambda found, policy: found.update(boundary=policy),
    "endpoint": lambda found, policy: found.update(policy=policy),
    "switch": _switch_on,
}
