"""Every route is proven: its witnesses replay, stand alone, and tell one story."""

from __future__ import annotations

from dataclasses import replace

from pathfinder.authorization.scenario import decide_scenario
from pathfinder.routes.export import scenarios
from pathfinder.routes.retold import NOT_PROVEN
from tests.reference.reference import Undecidable, evaluate

from .law import law
from .seeing import allowed, see
from .story import further_actions, told_as_one
from .strategies import worlds
from .worlds import Written


@law(12, written=worlds(complete=False))
def test_every_witness_is_allowed_when_it_is_replayed(written: Written) -> None:
    """Design idea 3: the decision procedure allows each hop's request, of routes and of the graph (EVAL-1)."""
    seen = see(written)
    for witness in seen.witnesses():
        assert allowed(seen.world, witness), witness


@law(12, written=worlds())
def test_nothing_is_unproven_where_everything_is_known(written: Written) -> None:
    """A hop without a witness is one that no request makes, or one with a gap; here are no gaps (TERM-3)."""
    for route in see(written).routes:
        for hop in route.hops:
            assert hop.witness is not None or hop.gaps or hop.kind == "access-key", hop
            assert NOT_PROVEN not in hop.gaps, hop


@law(12, written=worlds())
def test_exported_scenarios_are_allowed_standing_alone(written: Written) -> None:
    """interfaces.md: `--export-tests` writes all policies that apply, for any evaluator (EVAL-5)."""
    seen = see(written)
    for scenario in scenarios(seen.world, seen.routes):
        found = decide_scenario(scenario)
        assert found.passed, (found, scenario)


@law(12, written=worlds())
def test_an_independent_evaluator_allows_exported_scenarios(written: Written) -> None:
    """The same, read by an evaluator that shares no code with the package (chapter 4)."""
    seen = see(written)
    for scenario in scenarios(seen.world, seen.routes):
        try:
            found = evaluate(scenario)
        except Undecidable:
            continue
        assert found == "allow", scenario


@law(12, written=worlds())
def test_the_witnesses_of_a_route_tell_one_story(written: Written) -> None:
    """What one hop gives to a session is what the next hop acts with (STS-9, STS-30 to STS-34, STS-40)."""
    seen = see(written)
    for route in seen.routes:
        told_as_one(route, seen.world.roles)


@law(12, written=worlds())
def test_what_a_call_passes_is_allowed_too(written: Written) -> None:
    """STS-25: passing or inheriting tags needs sts:TagSession, a source identity sts:SetSourceIdentity."""
    seen = see(written)
    for route in seen.routes:
        for _, witness, action in further_actions(route):
            assert allowed(seen.world, replace(witness, action=action)), (action, witness)


@law(12, written=worlds())
def test_a_hop_shows_every_further_authorization_of_its_call(written: Written) -> None:
    """`Hop.also` holds a witness for each (TERM-2, STS-25)."""
    for route in see(written).routes:
        for hop, witness, action in further_actions(route):
            assert action in {each.action for each in hop.also}, (action, hop, witness)
