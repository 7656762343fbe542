"""Results as JSON, as the contract has it: written piece by piece, the same bytes for the same input.

Each list is written one item a line. The schemas are in `schemas/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pathfinder.graph.assumptions import NO_ASSUMPTIONS, Assumptions
from pathfinder.graph.travel import Way
from pathfinder.model.organization import Gap
from pathfinder.report.assumed import assumed_json
from pathfinder.report.conditions import Wording
from pathfinder.report.json_values import FORMAT_VERSION, Json, compact, document, gap_json, way_json
from pathfinder.report.json_writer import Writer
from pathfinder.routes.route import Query, Route

if TYPE_CHECKING:
    from pathfinder.authorization.scenario import ScenarioResult
    from pathfinder.routes.explain import Explanation
    from pathfinder.routes.whocan import WhoCan


def query_json(query: Query, assumptions: Assumptions = NO_ASSUMPTIONS) -> Json:
    """What was asked for, and what was assumed, by the names of the options."""
    return {
        "from": query.starts,
        "to": query.targets,
        "actions": query.actions,
        "cross_account": query.cross_account,
        "max_hops": query.max_hops,
        **({"escalations": True} if query.escalations else {}),
        **assumed_json(assumptions),
    }


def routes_json(
    query: Mapping[str, object],
    routes: Iterable[Route],
    gaps: Iterable[Gap],
    wording: Wording | None = None,
    ways: Sequence[Way] = (),
    blocked: Iterable[Route] = (),
) -> Iterator[str]:
    """The `routes` document, and `can`, which differs in its query. Routes and gaps may be iterators.

    `ways`: the vantages that the routes were looked at from. `blocked`: what is no route for one reason alone.
    """
    told_escalations = query.get("escalations") is True
    writer = Writer(wording or Wording(), told_vantages=bool(ways), told_escalations=told_escalations)
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": query,
            **({"vantages": [way_json(way) for way in ways]} if ways else {}),
            "routes": (writer.route(route) for route in routes),
            "blocked": (writer.blocked(route) for route in blocked),
            "counts": writer.counts,
            "gaps": (gap_json(gap) for gap in gaps),
        }
    )


def who_can_json(found: WhoCan, wording: Wording | None = None) -> Iterator[str]:
    """The `who-can` document: `results` directly, `indirect` by routes of two hops and more.

    `blocked`, `indirect_blocked`: the same of those whom a key alone stops.
    """
    writer = Writer(wording or Wording())
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": {
                "actions": found.actions,
                "resource": found.resource,
                **({"escalations": True} if found.escalations else {}),
                **assumed_json(found.assumptions),
            },
            "results": (writer.grant(grant) for grant in found.results),
            "indirect": (writer.route(route) for route in found.indirect),
            "blocked": (writer.grant(grant) for grant in found.blocked),
            "indirect_blocked": (writer.blocked(route) for route in found.indirect_blocked),
            "gaps": (gap_json(gap) for gap in found.gaps),
        }
    )


def check_json(results: Iterable[ScenarioResult]) -> Iterator[str]:
    """The `check` document."""
    return document({"format_version": FORMAT_VERSION, "results": (_result(each) for each in results)})


def explain_json(query: Mapping[str, object], explanations: Iterable[Explanation]) -> Iterator[str]:
    """The `explain` document: one explanation for a request, one for each hop of a route."""
    writer = Writer(Wording())
    return document(
        {
            "format_version": FORMAT_VERSION,
            "query": query,
            "explanations": (writer.explanation(each) for each in explanations),
        }
    )


def scenarios_json(scenarios: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Scenarios as the array that `check` and other evaluators read, one a line."""
    opening = "[\n  "
    for scenario in scenarios:
        yield opening + compact(scenario)
        opening = ",\n  "
    yield "[]\n" if opening.startswith("[") else "\n]\n"


def _result(result: ScenarioResult) -> Json:
    return {
        "name": result.name,
        "decision": result.decision,
        "expect": result.expect,
        "passed": result.passed,
        "error": result.error,
        "warnings": result.warnings,
    }
