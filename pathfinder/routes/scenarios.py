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
from pathfinder.graph.object_lambda import GET_OBJECT
from pathfinder.graph.point_requests import decide_whole
from pathfinder.graph.world import World

_ALONE = (
    f"{GET_OBJECT} is decided alone: the same call needs lambda:InvokeFunction, and s3:GetObject through the access "
    "point behind it, as requests of their own (S3-56)"
)


def decide_in_world(world: World, scenario: object, *, index: int = 0) -> ScenarioResult:
    """Decide one scenario: with its own policies where it has any, otherwise with the snapshot's."""
    if not isinstance(scenario, Mapping) or scenario.get("policies") is not None:
        return decide_scenario(scenario, index=index)
    name = scenario_name(scenario, index)
    expect = None
    try:
        expect = read_expectation(scenario)
        request = read_request(scenario.get("request"))
        found = decide_whole(world, request)
        told = (_ALONE,) if request.action.lower() == GET_OBJECT.lower() else ()
        return ScenarioResult(name, outcome(found).value, expect, None, (*found.warnings, *told))
    except ScenarioError as error:
        return ScenarioResult(name, None, expect, str(error))
