"""IP address operators. Source: evaluation.md COND-21, COND-22, COND-33."""

from __future__ import annotations

from pathfinder.logic.values import AddressTest, read_network
from pathfinder.policy.operators.registry import Reading, operator


@operator("IpAddress")
@operator("NotIpAddress", negated=True)
def inside(values: tuple[str, ...], _variables: bool) -> Reading:
    """Inside one of the networks."""
    networks = [read_network(value) for value in values]
    return Reading(AddressTest(tuple(n for n in networks if n is not None)), None in networks)
