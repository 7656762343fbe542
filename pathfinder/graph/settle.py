"""A decision's condition settled: can some request meet it, what does it say at its shortest, which request proves it.

Source: design idea 3; evaluation.md COND-50 to COND-54, KEY-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.solve import Solution, Undecided, Unsatisfiable, solve
from pathfinder.graph.calls import Call
from pathfinder.graph.guarantees import DIRECT, NETWORK_KEYS
from pathfinder.graph.hop import Witness
from pathfinder.graph.outsiders import neat
from pathfinder.graph.principals import CANONICAL, Actor
from pathfinder.graph.request_facts import facts_for as facts_for
from pathfinder.graph.resource import Resource
from pathfinder.graph.tags import in_context, tag_ties
from pathfinder.graph.witness import further_witnesses, witness_of
from pathfinder.graph.world import World
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    all_of,
    unknowns,
)
from pathfinder.policy.context import PRESENT, PRESENT_OR_EMPTY, Context, KeyState


@dataclass(frozen=True, slots=True)
class Settled:
    """A condition that some request meets. `certain` is False where that hangs on something unknown.

    `condition`: simplified, TRUE where every request meets it. `witness`: None where none is certain; `also`:
    the further authorizations that it needs.
    """

    condition: Formula
    witness: Witness | None
    gaps: tuple[str, ...]
    certain: bool
    also: tuple[Witness, ...] = ()


def settle(
    world: World,
    actor: Actor,
    action: str,
    resource: Resource,
    condition: Formula,
    *,
    scope: Formula = TRUE,
    given: Mapping[str, KeyState] | None = None,
    call: Call | None = None,
) -> Settled | None:
    """The condition settled, or None where no request meets it.

    `scope`: what the witness has to keep to besides, such as the object keys asked about. `given`: keys that
    the caller of this function has fixed. `call`: with its further authorizations, if the condition holds them.
    """
    if condition == FALSE:
        return None
    facts = facts_for(world, action.partition(":")[0].lower(), world.given(actor, action, resource))
    known_gaps = (
        *resource.gaps,
        *_gaps_of(world, actor),
        *world.disputed(actor, action, resource),
        *_gaps_of_further(world, call),
    )
    context = world.context(actor, action, resource)
    wanted = all_of(condition, scope, tag_ties(condition))
    wanted = all_of(wanted, what_is_there(wanted, context, facts))
    found = solve(all_of(wanted, DIRECT), facts) if keys_of(wanted) & NETWORK_KEYS else solve(wanted, facts)
    if isinstance(found, Unsatisfiable):
        found = solve(wanted, facts)
    wish = neat(actor, keys_of(wanted), action.partition(":")[0].lower())
    if wish != TRUE and isinstance(found, Solution):
        neater = solve(all_of(wanted, wish), facts)
        found = neater if isinstance(neater, Solution) and neater.certain == found.certain else found
    match found:
        case Unsatisfiable():
            return None
        case Undecided(reason):
            gaps = (f"not decided: {reason}", *known_gaps)
            return Settled(simplify(condition, facts), None, gaps, certain=False)
        case Solution(values, certain, reasons):
            short = simplify(condition, facts)
            context = Context({**context.states, **(given or {})}, context.otherwise)
            used = keys_of(condition) | keys_of(scope)
            shown = certain and not actor.node.id.startswith(CANONICAL)
            witness = witness_of(actor, action, resource, context, values, used) if shown else None
            also = tuple(further_witnesses(call, values, used)) if shown and call is not None else ()
            gaps = tuple(dict.fromkeys((*reasons, *unknowns(short), *known_gaps)))
            return Settled(short, witness, gaps, certain, also)


def _gaps_of_further(world: World, call: Call | None) -> tuple[str, ...]:
    if call is None:
        return ()
    disputed = (
        world.disputed(call.actor, each.need.action, each.need.resource, each.context)
        for each in call.further
    )
    return (*call.gaps, *(gap for found in disputed for gap in found))


def what_is_there(formula: Formula, context: Context, facts: Facts) -> Formula:
    """That the open keys it speaks of are there, those that every request of this kind has.

    A test that holds where its key is absent too says nothing of that: a role's own tag can be replaced by a session
    tag, but not taken away (STS-30), and a session has some name (STS-9).
    """
    keys = sorted(keys_of(formula))
    return all_of(
        *(
            in_context(key)
            for key in keys
            if context.state(key) in (PRESENT, PRESENT_OR_EMPTY) and not facts.domain(key).always_present
        )
    )


def _gaps_of(world: World, actor: Actor) -> tuple[str, ...]:
    """Of an account of a known organization that the snapshot does not hold; an account outside is its own master."""
    if actor.node.id.startswith(CANONICAL):
        return (
            f"which account has the canonical user id {actor.node.id.removeprefix(CANONICAL)} is not known",
        )
    if not actor.node.external or actor.account is None or world.is_outside(actor):
        return ()
    return (f"account {actor.account} is not in the snapshot: its SCPs and policies are not known",)
