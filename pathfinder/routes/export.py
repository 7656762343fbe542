"""Every hop's witness as a scenario with all policies that apply, for any evaluator to replay (interfaces.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pathfinder.authorization.request import Level, Policies
from pathfinder.authorization.scenario_grants import grant_as_json
from pathfinder.graph.hop import Witness
from pathfinder.graph.replay import policies_of_hop, policies_of_witness
from pathfinder.graph.world import World
from pathfinder.policy.document import Document, Policy, SomePolicy, Statement
from pathfinder.routes.export_s3 import add_s3_guards
from pathfinder.routes.route import Route


def scenarios(world: World, routes: Iterable[Route]) -> list[dict[str, Any]]:
    """One scenario for each authorization of each hop that has a witness, in order; those that hops share, once."""
    found: list[dict[str, Any]] = []
    seen: set[tuple[str, ...]] = set()
    for route in routes:
        for number, hop in enumerate(route.hops, start=1):
            for witness in (hop.witness, *hop.also):
                if witness is None:
                    continue
                changed = hop.source if hop.source in world.changes or hop.escalation is not None else ""
                by = witness.federated_by or ""
                key = (changed, witness.principal, by, witness.action, witness.resource, str(witness.context))
                if key not in seen:
                    seen.add(key)
                    name = f"route {route.id} hop {number}: {hop.kind}"
                    suffix = "" if witness is hop.witness else f", {witness.action}"
                    policies = policies_of_hop(world, hop, witness)
                    found.append(scenario(world, name + suffix, witness, policies))
    return found


def scenario(world: World, name: str, witness: Witness, policies: Policies | None = None) -> dict[str, Any]:
    """A witness as a scenario that is expected to be allowed; the policies of the snapshot apply unless given."""
    told = policies or policies_of_witness(world, witness)
    request, shown = request_of(witness), _policies(told)
    add_s3_guards(world, witness, told, request, shown)
    return {"name": name, "request": request, "policies": shown, "expect": "allow"}


def request_of(witness: Witness) -> dict[str, Any]:
    """The `request` of a scenario."""
    request: dict[str, Any] = {
        "principal": witness.principal,
        "action": witness.action,
        "resource": witness.resource,
        "context": {
            key: value if isinstance(value, str) else list(value) for key, value in witness.context.items()
        },
    }
    if witness.resource_account is not None:
        request["resource_account"] = witness.resource_account
    if witness.federated_by is not None:
        request["federated_by"] = witness.federated_by
    return request


def _policies(policies: Policies) -> dict[str, Any]:
    endpoint = next(iter(policies.endpoints), None)
    found: dict[str, Any] = {
        "identity": list(_documents(policies.identity)),
        "permissions_boundary": next(_documents((policies.boundary,) if policies.boundary else ()), None),
        "session": None if policies.session is None else list(_documents(policies.session)),
        "resource": _resource(policies.resource),
        "scp": _levels(policies.scp),
        "rcp": _levels(policies.rcp),
        "vpc_endpoint": next(_documents((endpoint.policy,)), None) if endpoint else None,
    }
    if endpoint:
        found["vpc_endpoint_type"] = "gateway" if endpoint.gateway else "interface"
    if policies.grants:
        found["kms_grants"] = [grant_as_json(each) for each in policies.grants]
    return found


def _resource(policies: tuple[SomePolicy, ...]) -> object:
    documents = list(_documents(policies))
    return documents[0] if len(documents) == 1 else documents or None


def _levels(levels: tuple[Level, ...] | None) -> object:
    return None if levels is None else [list(_documents(level.policies)) for level in levels]


def _documents(policies: Iterable[SomePolicy]) -> Iterator[dict[str, Any]]:
    for policy in policies:
        if isinstance(policy, Policy):
            yield document_as_json(policy.document)


def document_as_json(document: Document) -> dict[str, Any]:
    """A document as AWS writes it."""
    found: dict[str, Any] = {"Version": document.version}
    if document.id is not None:
        found["Id"] = document.id
    found["Statement"] = [_statement(statement) for statement in document.statements]
    return found


def _statement(statement: Statement) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if statement.sid:
        found["Sid"] = statement.sid
    if statement.effect is not None:
        found["Effect"] = statement.effect.value
    if statement.principal is not None:
        entries = statement.principal.entries
        value: object = {kind: list(texts) for kind, texts in entries}
        if entries == (("*", ("*",)),):
            value = "*"
        found["NotPrincipal" if statement.principal.inverted else "Principal"] = value
    found["NotAction" if statement.not_action else "Action"] = list(statement.actions)
    if statement.resources is not None:
        found["NotResource" if statement.not_resource else "Resource"] = list(statement.resources)
    if statement.conditions:
        conditions: dict[str, dict[str, list[str]]] = {}
        for entry in statement.conditions:
            conditions.setdefault(entry.operator, {})[entry.key] = list(entry.values)
        found["Condition"] = conditions
    return found
