"""ACLs, canonical user ids and the object's owner in a scenario, where its decision hangs on them (S3-4, S3-22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pathfinder.authorization.acl import BUCKET_ACL, AclPolicy
from pathfinder.authorization.decide import decide
from pathfinder.authorization.request import Policies, Request
from pathfinder.graph.hop import Witness
from pathfinder.graph.replay import request_of_witness
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.policy.document import Policy


def add_s3_guards(
    world: World, witness: Witness, policies: Policies, request: dict[str, Any], found: dict[str, Any]
) -> None:
    """Add to a scenario's `request` and `policies`, which are `found`, what `authorization.scenario_s3` reads."""
    told = request_of_witness(witness)
    owner = _object_owner(told, policies)
    if owner is not None:
        request["object_owner"] = owner
    acls = [each for each in policies.acl if isinstance(each.policy, Policy) and each.counts == TRUE]
    if acls and decide(told, replace(policies, acl=()), world.compiler).allowed != TRUE:
        shown: dict[str, Any] = {}
        for each in acls:
            part = shown.setdefault("bucket" if each.policy.name == BUCKET_ACL else "object", {"Grants": []})
            part["Grants"].extend(_grants(each))
        found["acl"] = shown
    named = {text for text in _canonical_names(policies, "acl" in found) if text in policies.canonical_ids}
    if named:
        found["canonical_ids"] = {text: policies.canonical_ids[text] for text in sorted(named)}


def _object_owner(request: Request, policies: Policies) -> str | None:
    arn = request.target.arn
    if arn is None or not arn.is_object:
        return None
    key = arn.resource.partition("/")[2]
    return next((e.owner for e in policies.foreign_objects if key in e.keys and e.counts == TRUE), None)


def _grants(acl: AclPolicy) -> Iterator[dict[str, Any]]:
    for grant in acl.grants:
        group = "://" in grant.grantee
        grantee = {"Type": "Group" if group else "CanonicalUser", "URI" if group else "ID": grant.grantee}
        yield {"Grantee": grantee, "Permission": grant.permission}


def _canonical_names(policies: Policies, with_acl: bool) -> Iterator[str]:
    """The canonical user ids that the scenario's policies name."""
    documents = [*policies.resource, *((each.policy for each in policies.acl) if with_acl else ())]
    for policy in documents:
        for statement in policy.document.statements if isinstance(policy, Policy) else ():
            for kind, texts in statement.principal.entries if statement.principal else ():
                if kind == "CanonicalUser":
                    yield from texts
