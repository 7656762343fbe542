"""Scenarios decided with a snapshot's policies where they bring none of their own (interfaces.md)."""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.authorization.scenario import (
    ScenarioResult,
    decide_scenario,
    outcome,
    read_expectation,
    read_request,
    scenario_name,
)
from pathfinder.authorization.scenario_error import ScenarioError
from pathfinder.graph.point_requests import decide_whole
from pathfinder.graph.world import World


def decide_in_world(world: World, scenario: object, *, index: int = 0) -> ScenarioResult:
    """Decide one scenario: with its own policies where it has any, otherwise with the snapshot's."""
    if not isinstance(scenario, Mapping) or scenario.get("policies") is not None:
        return decide_scenario(scenario, index=index)
    name = scenario_name(scenario, index)
    expect = None
    try:
        expect = read_expectation(scenario)
        found = decide_whole(world, read_request(scenario.get("request")))
        return ScenarioResult(name, outcome(found).value, expect, None, found.warnings)
    except ScenarioError as error:
        return ScenarioResult(name, None, expect, str(error))
