"""A document as JSON, piece by piece, and the values that stand in several documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pathfinder.graph.hop import Evidence, Witness
from pathfinder.graph.node import Node
from pathfinder.graph.travel import Way
from pathfinder.model.organization import Gap

if TYPE_CHECKING:
    pass

FORMAT_VERSION = 1
Json = dict[str, object]
_HIDDEN = re.compile("[\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Written as escapes: a terminal may obey them, a reader cannot see them, or UTF-8 has no bytes for them."""


def compact(value: object) -> str:
    """One value as JSON on one line."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))


def document(parts: Mapping[str, object]) -> Iterator[str]:
    """A document piece by piece. An iterator in it is a list, written one item a line as it comes."""
    opening = "{\n"
    for name, value in parts.items():
        yield f"{opening}  {compact(name)}: "
        opening = ",\n"
        if isinstance(value, Iterator):
            yield from _list(value)
        elif callable(value):
            yield compact(value())
        else:
            yield compact(value)
    yield "\n}\n"


def _list(items: Iterator[object]) -> Iterator[str]:
    opening = "[\n    "
    for item in items:
        yield opening + compact(item)
        opening = ",\n    "
    yield "[]" if opening.startswith("[") else "\n  ]"


def gap_json(gap: Gap) -> Json:
    """A gap."""
    return {"place": gap.place, "reason": gap.reason, "affects": gap.affects}


def witness_json(witness: Witness | None) -> Json | None:
    """A witness, with the names of a scenario's `request`."""
    if witness is None:
        return None
    return {
        "principal": witness.principal,
        "action": witness.action,
        "resource": witness.resource,
        "resource_account": witness.resource_account,
        "context": dict(witness.context),
        **({} if witness.federated_by is None else {"federated_by": witness.federated_by}),
    }


def evidence_json(evidence: Evidence) -> Json:
    """One statement or fact that decided."""
    return {
        "side": evidence.side,
        "source": evidence.source,
        "policy": evidence.policy,
        "attached_to": evidence.attached_to,
        "statement": evidence.statement,
        "effect": evidence.effect,
    }


def node_json(node: Node) -> Json:
    """A node of a route."""
    return {
        "id": node.id,
        "kind": node.kind.value,
        "label": node.label,
        "account": node.account,
        "external": node.external,
    }


def way_json(way: Way) -> Json:
    """A vantage: its name, and the endpoint that it stands for, if any."""
    endpoint = way.endpoint
    return {
        "vantage": way.name,
        "services": sorted(way.services) if way.services is not None else None,
        "endpoint": None
        if endpoint is None
        else {
            "id": endpoint.id,
            "type": "gateway" if endpoint.gateway else "interface",
            "service": endpoint.service,
            "account": endpoint.account,
            "vpc": endpoint.vpc,
        },
    }
