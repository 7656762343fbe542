"""The package's decision on complete requests equals the reference's, on generated scenarios.

`PATHFINDER_DIFFERENTIAL_CASES=200000 pytest tests/reference/test_differential_check.py` compares more.
"""

import json
import os
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings

from pathfinder.authorization.scenario import decide_scenario

from .generate import random_scenario, scenarios
from .reference import Undecidable, evaluate
from .shrink import shrink

CASES = int(os.environ.get("PATHFINDER_DIFFERENTIAL_CASES", "5000"))
SHOWN = 10


def expected(scenario: dict[str, Any]) -> str | None:
    """The reference's answer; None where the rules leave it open."""
    try:
        return evaluate(scenario)
    except Undecidable:
        return None


def decided(scenario: dict[str, Any]) -> str | None:
    """The package's answer; None where it says it cannot decide."""
    decision = decide_scenario(scenario).decision
    return None if decision is None else str(decision)


def test_seeded_scenarios_are_decided_as_the_reference_decides_them() -> None:
    answers: Counter[str | None] = Counter()
    mismatches = []
    for seed in range(CASES):
        scenario = random_scenario(seed)
        want, have = expected(scenario), decided(scenario)
        answers[want] += 1
        if want != have:
            mismatches.append((seed, want, have, scenario))
    shown = [_described(*mismatch) for mismatch in mismatches[:SHOWN]]
    assert not mismatches, "\n".join([f"{len(mismatches)} of {CASES} differ ({dict(answers)})", *shown])
    assert answers["allow"] >= 0.15 * CASES, f"the generator has become one-sided: {answers}"


def _described(seed: int, want: str | None, have: str | None, scenario: dict[str, Any]) -> str:
    small = shrink(scenario, lambda s: _both(s) == (want, have))
    return f"seed {seed}: reference {want}, package {have}\n  {json.dumps(small)}"


def _both(scenario: dict[str, Any]) -> tuple[str | None, str | None]:
    return expected(scenario), decided(scenario)


@settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios())
def test_hypothesis_finds_no_scenario_that_is_decided_otherwise(scenario: dict[str, Any]) -> None:
    assert decided(scenario) == expected(scenario)
