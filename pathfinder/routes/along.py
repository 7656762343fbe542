"""What holds along a route: hops share their sessions, so that they must be open together.

The name that one hop gives to a session (sts:RoleSessionName, STS-9) is the name under which the next hop acts
(PRIN-6, aws:userid); an instance's session is named after it (STS-40). Source: evaluation.md STS-9, STS-12,
STS-14, STS-40; design idea 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import product

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import ScenarioError, outcome
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.solve import Solution, satisfiable, solve
from pathfinder.graph.hop import Hop, Witness
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.formula import (
    FALSE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    constant,
    leaves,
    rewrite,
)
from pathfinder.policy.context import SESSION_NAME

_GIVEN = "sts:rolesessionname"
_PLAIN = "session"
_MOST_TESTS = 12
"""Tests on one session's name that are told apart, by all their combinations."""

Names = tuple[str | None, ...]
"""The session's name after each hop; None where the hop ends in no role session."""


def joined(world: World, hops: tuple[Hop, ...]) -> tuple[Hop, ...] | None:
    """The hops with witnesses of one and the same chain of sessions; None where they cannot all be taken.

    Conditions on a name that the caller chooses stay in the hop: they are a recipe (STS-9).
    """
    if not any("session_name" in hop.extra or _names_tested(hop.condition) for hop in hops):
        return hops
    if any(len(_names_tested(hop.condition)) > _MOST_TESTS // 2 for hop in hops):
        gap = "whether one choice of session names opens all hops is not decided: too many tests on them"
        return (*hops[:-1], replace(hops[-1], gaps=(*hops[-1].gaps, gap)))
    names = _names_along(world, hops)
    if names is None:
        return None
    found = []
    for position, hop in enumerate(hops):
        before = names[position - 1] if position else None
        condition = hop.condition
        if before is not None and "session_name" in hops[position - 1].extra:
            condition = _with(condition, SESSION_NAME, before)
        witness = _named(world, hop.witness, before, names[position])
        found.append(replace(hop, condition=condition, witness=witness))
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _names_tested(condition: Formula) -> tuple[KeyTest, ...]:
    """The tests on session names in a condition, on the one acted under and on the one given."""
    found = (
        leaf for leaf in leaves(condition) if isinstance(leaf, KeyTest) and leaf.key in (SESSION_NAME, _GIVEN)
    )
    return tuple(dict.fromkeys(found))


def _names_along(world: World, hops: tuple[Hop, ...]) -> Names | None:
    """Names under which all hops are open, found cell by cell: names that no test tells apart are one."""
    ways: dict[str | None, Names] = dict.fromkeys(_names_at_start(world, hops[0]), ())
    for position, hop in enumerate(hops):
        following = hops[position + 1].condition if position + 1 < len(hops) else constant(True)
        given = _names_after(world, hop, following)
        facts = facts_for(world, (hop.actions or ("s3:",))[0].partition(":")[0].lower())
        reached: dict[str | None, Names] = {}
        for name in given:
            for before, way in ways.items():
                if _is_open(hop.condition, before, name, facts):
                    reached[name] = (*way, name)
                    break
        if not reached:
            return None
        ways = reached
    return next(iter(ways.values()))


def _names_at_start(world: World, first: Hop) -> Iterable[str | None]:
    """A route that starts at a role starts with a session of whatever name."""
    if first.source not in world.roles:
        return (None,)
    return _one_of_each_cell(world, first.condition, constant(True))


def _names_after(world: World, hop: Hop, following: Formula) -> Iterable[str | None]:
    if "session_name" in hop.extra:
        return (hop.extra["session_name"],)
    if hop.target not in world.roles:
        return (None,)
    return _one_of_each_cell(world, following, hop.condition)


def _one_of_each_cell(world: World, acting: Formula, giving: Formula) -> tuple[str, ...]:
    """One name of each set of names that the tests do not tell apart."""
    tests = {
        KeyTest(SESSION_NAME, Quantifier.ONE, each.value, negated=False, if_absent=False)
        for formula, key in ((acting, SESSION_NAME), (giving, _GIVEN))
        for each in _names_tested(formula)
        if each.key == key
    }
    return _cells(tuple(sorted(tests, key=str)), facts_for(world, "sts"))


@lru_cache(maxsize=1 << 12)
def _cells(tests: tuple[KeyTest, ...], facts: Facts) -> tuple[str, ...]:
    if not tests:
        return (_PLAIN,)
    found: dict[str, None] = {}
    for marks in product((False, True), repeat=len(tests)):
        wanted = all_of(*(test if mark else test.opposite() for test, mark in zip(tests, marks, strict=True)))
        answer = solve(wanted, facts)
        if isinstance(answer, Solution):
            found[answer.values.get(SESSION_NAME, (_PLAIN,))[0]] = None
    return tuple(found)


def _is_open(condition: Formula, before: str | None, given: str | None, facts: Facts) -> bool:
    """Whether the hop can be taken under the one name, giving the other; undecided counts as open."""
    for key, name in ((SESSION_NAME, before), (_GIVEN, given)):
        if name is not None:
            condition = _with(condition, key, name)
    return condition != FALSE and satisfiable(condition, facts) is not False


def _with(condition: Formula, key: str, name: str) -> Formula:
    """The condition with the name put in."""

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        if isinstance(leaf, KeyTest) and leaf.key == key:
            holds = leaf.holds((name,))
            return leaf if holds is None else constant(holds)
        return leaf

    return rewrite(condition, of_leaf)


def _named(world: World, witness: Witness | None, before: str | None, given: str | None) -> Witness | None:
    """The witness under these session names, if it is allowed when it is replayed."""
    if witness is None:
        return None
    context = dict(witness.context)
    principal = witness.principal
    if before is not None and ":assumed-role/" in principal:
        principal = f"{principal.rpartition('/')[0]}/{before}"
        userid = context.get("aws:userid")
        if isinstance(userid, str):
            context["aws:userid"] = f"{userid.partition(':')[0]}:{before}"
    if given is not None and "sts:RoleSessionName" in context:
        context["sts:RoleSessionName"] = given
    named = replace(witness, principal=principal, context=context)
    if named == witness:
        return witness
    try:
        allowed = outcome(decide_request(world, request_of_witness(named))) is Outcome.ALLOW
    except ScenarioError:
        return None
    return named if allowed else None
