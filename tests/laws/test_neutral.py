"""Order, repetition, splitting and names of things change nothing."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

from pathfinder.graph.hop import Witness

from .law import law
from .same import IN_ORDER, SWAPPED, labelled, renamed, renamed_text, repeated, shuffled, split
from .seeing import KEYS, Seen, allowed, see
from .strategies import worlds
from .worlds import Written

SEEDS = st.integers(0, 99)


@law(8, written=worlds(complete=False), seed=SEEDS)
def test_order_changes_nothing(written: Written, seed: int) -> None:
    """LANG-1, EVAL-3: of accounts, identities, policies, levels; byte for byte (interfaces.md, "Results as JSON")."""
    named = labelled(written)
    assert see(shuffled(named, Random(seed))).json == see(named).json


@law(8, written=worlds(complete=False), seed=SEEDS)
def test_order_within_policies_changes_no_answer(written: Written, seed: int) -> None:
    """LANG-2, EVAL-3, COND-1: of statements, values, operators; words alone stand in the order of the policies."""
    same_answers(see(written), see(shuffled(written, Random(seed), policies=True)))


@law(8, written=worlds(complete=False))
def test_repeating_statements_changes_nothing(written: Written) -> None:
    """EVAL-3: Allow statements are a union, Deny statements likewise; every word of the routes but the evidence."""
    named = labelled(written)
    assert _told(see(repeated(named))) == _told(see(named))


@law(10, written=worlds(complete=False))
def test_splitting_statements_changes_nothing(written: Written) -> None:
    """LANG-12, LANG-21, PRIN-15, EVAL-3: several actions, resources or principals in one statement are a union."""
    same_answers(see(written), see(split(written)))


@law(8, written=worlds(complete=False))
def test_names_that_sort_alike_change_nothing_but_names(written: Written) -> None:
    """TERM-5, TERM-9: byte for byte, route ids aside, which are made of names."""
    before, after = see(written), see(renamed(written, IN_ORDER))
    old, old_ids = _without_ids(renamed_text(before.json, IN_ORDER))
    new, new_ids = _without_ids(after.json)
    assert new == old
    assert len(set(zip(old_ids, new_ids, strict=True))) == len(set(old_ids)) == len(set(new_ids))


@law(8, written=worlds(complete=False))
def test_names_change_nothing_but_names(written: Written) -> None:
    """The same with names that sort otherwise: what is open, and which requests are allowed."""
    keys = tuple(renamed_text(key, SWAPPED) for key in KEYS)
    before, after = see(written), see(renamed(written, SWAPPED), keys)
    assert after.open == _renamed_set(before.open)
    assert after.hops == _renamed_set(before.hops)
    for witness in before.witnesses():
        assert allowed(after.world, _renamed_witness(witness)) == allowed(before.world, witness), witness


def same_answers(one: Seen, other: Seen) -> None:
    """Assert that the same is open in two worlds of the same names, and that each allows the other's witnesses."""
    assert other.open == one.open
    assert other.hops == one.hops
    for witness in {str(each): each for each in (*one.witnesses(), *other.witnesses())}.values():
        assert allowed(one.world, witness) == allowed(other.world, witness), witness


def _told(seen: Seen) -> list[Any]:
    """The routes without their evidence, and without notes, which name statements by their places."""
    routes: list[Any] = json.loads(seen.json)["routes"]
    for route in routes:
        for hop in route["hops"]:
            del hop["evidence"]
            hop.pop("notes", None)
    return routes


def _without_ids(text: str) -> tuple[Any, list[str]]:
    document = json.loads(text)
    return document, [route.pop("id") for route in document["routes"]]


def _renamed_set(found: frozenset[tuple[str, str, str]]) -> frozenset[tuple[str, ...]]:
    """ARNs and ids under their new names; the words of actions and hop kinds are no names."""
    return frozenset(
        (
            renamed_text(one, SWAPPED),
            two if two.startswith("s3:") else renamed_text(two, SWAPPED),
            renamed_text(three, SWAPPED),
        )
        for one, two, three in found
    )


def _renamed_witness(witness: Witness) -> Witness:
    told = json.loads(renamed_text(json.dumps(dict(witness.context)), SWAPPED))
    return Witness(
        renamed_text(witness.principal, SWAPPED),
        witness.action,
        renamed_text(witness.resource, SWAPPED),
        witness.resource_account and renamed_text(witness.resource_account, SWAPPED),
        {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()},
    )
