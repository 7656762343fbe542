"""What holds along a route: its hops share the session, so that they must be open together.

Source: evaluation.md STS-9, STS-12, STS-14, STS-40; design idea 3.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pathfinder.authorization.decision import Outcome
from pathfinder.authorization.scenario import ScenarioError, outcome
from pathfinder.graph.hop import Hop, Witness
from pathfinder.graph.replay import decide_request, request_of_witness
from pathfinder.graph.settle import settle_session
from pathfinder.graph.world import World


def joined(world: World, hops: tuple[Hop, ...]) -> tuple[Hop, ...] | None:
    """The hops with what earlier ones fix put in; None where they cannot all be taken.

    An instance's session is named after it (STS-40), so that the next hop's condition and witness are those
    of a session of this name. Where the name is the caller's choice it stays a part of the condition: a
    recipe (STS-9).
    """
    found = [hops[0]]
    for before, hop in pairwise(hops):
        name = before.extra.get("session_name")
        if name is None:
            found.append(hop)
            continue
        condition = settle_session(hop.condition, name)
        if condition is None:
            return None
        found.append(replace(hop, condition=condition, witness=_renamed(world, hop.witness, name)))
    return tuple(found)


def _renamed(world: World, witness: Witness | None, session: str) -> Witness | None:
    """The witness as a request of the session of this name, if that is allowed when it is replayed."""
    if witness is None or ":assumed-role/" not in witness.principal:
        return None
    context = dict(witness.context)
    userid = context.get("aws:userid")
    if isinstance(userid, str):
        context["aws:userid"] = f"{userid.partition(':')[0]}:{session}"
    renamed = replace(witness, principal=f"{witness.principal.rpartition('/')[0]}/{session}", context=context)
    try:
        allowed = outcome(decide_request(world, request_of_witness(renamed))) is Outcome.ALLOW
    except ScenarioError:
        return None
    return renamed if allowed else None
