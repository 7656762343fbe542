"""What guards a bucket beside its policy, in a scenario: our own additions to the format (interfaces.md, "Scenario").

- `policies.acl`: `{"bucket": ACL, "object": ACL}`, each as get-bucket-acl and get-object-acl print it, either
  may be left out (S3-22, S3-23). ACLs grant here unless `policies.object_ownership` is BucketOwnerEnforced (S3-21).
- `policies.canonical_ids`: `{canonical user id: account id}` of the accounts that ACLs or policies name.
- `policies.public_access_block`: the four switches in force, all levels together, as
  get-public-access-block prints them; a switch that is left out is off (BPA-1, BPA-3, BPA-5).
- `policies.object_ownership`: as get-bucket-ownership-controls names it.
- `policies.payer`: `Requester` or `BucketOwner` (S3-46).
- `request.object_owner`: the account id, or canonical user id, of the requested object's owner, where that is
  not the bucket's (S3-4).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pathfinder.authorization.acl import AclPolicy, acl_policy, is_public_grant
from pathfinder.authorization.objects import is_on_object
from pathfinder.authorization.public import is_public
from pathfinder.authorization.request import ForeignObjects, Policies, PublicAccess, Request
from pathfinder.authorization.scenario_error import ScenarioError
from pathfinder.aws.arn import is_account_id
from pathfinder.model.resources import Acl, AclGrant, ObjectOwnership
from pathfinder.policy.document import Policy

S3_FIELDS = ("acl", "canonical_ids", "public_access_block", "object_ownership", "payer")
"""The fields of `policies` that are read here."""

_SWITCHES = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def s3_guards(policies: Policies, scenario: Mapping[Any, Any], request: Request) -> Policies:
    """The policies with what the scenario says of ACLs, owners and Block Public Access. Raises ScenarioError."""
    source = scenario.get("policies") or {}
    about = scenario.get("request") or {}
    block = _switches(source.get("public_access_block"))
    enforced = (
        _word(source, "object_ownership", [each.value for each in ObjectOwnership]) == "BucketOwnerEnforced"
    )
    acls = tuple(_acls(source.get("acl"), request, ignored=block.get("IgnorePublicAcls", False)))
    foreign = _foreign(about.get("object_owner"), request)
    public = any(is_public(each.document) for each in policies.resource if isinstance(each, Policy))
    return replace(
        policies,
        acl=() if enforced else acls,
        foreign_objects=() if enforced else foreign,
        canonical_ids={**policies.canonical_ids, **_canonical_ids(source.get("canonical_ids"))},
        public_access=PublicAccess(block.get("RestrictPublicBuckets", False), public)
        if "public_access_block" in source
        else policies.public_access,
        requester_pays=_word(source, "payer", ["Requester", "BucketOwner"]) == "Requester",
    )


def _switches(source: object) -> dict[str, bool]:
    if source is None:
        return {}
    if not isinstance(source, Mapping) or not all(
        isinstance(source.get(name, False), bool) for name in _SWITCHES
    ):
        raise ScenarioError(
            f"policies.public_access_block is an object with true or false for {', '.join(_SWITCHES)}"
        )
    return {name: source.get(name, False) for name in _SWITCHES}


def _word(source: Mapping[Any, Any], name: str, words: list[str]) -> str | None:
    value = source.get(name)
    if value is not None and value not in words:
        raise ScenarioError(f"policies.{name} is {_shown(value)}; it is one of {', '.join(words)}")
    return value


def _canonical_ids(source: object) -> dict[str, str]:
    if source is None:
        return {}
    if not isinstance(source, Mapping) or not all(
        isinstance(account, str) and is_account_id(account) for account in source.values()
    ):
        raise ScenarioError("policies.canonical_ids is an object: canonical user id to account id")
    return {str(each): account for each, account in source.items()}


def _acls(source: object, request: Request, *, ignored: bool) -> Iterator[AclPolicy]:
    if source is None:
        return
    arn = request.target.arn
    if not isinstance(source, Mapping) or set(source) - {"bucket", "object"}:
        raise ScenarioError('policies.acl is an object with "bucket", "object" or both')
    if arn is None or not (arn.is_bucket or arn.is_object):
        raise ScenarioError("policies.acl stands beside a request about a bucket or an object in it")
    owners = {"bucket": replace(arn, resource=arn.bucket_name), "object": arn}
    for name, of in owners.items():
        if source.get(name) is not None and (name == "bucket" or arn.is_object):
            acl = _acl(source[name], f"policies.acl.{name}")
            yield AclPolicy(acl_policy(acl, of, lambda grant: not (ignored and is_public_grant(grant))))


def _acl(source: object, place: str) -> Acl:
    if not isinstance(source, Mapping) or not isinstance(source.get("Grants", []), list):
        raise ScenarioError(f"{place} is an object with Grants, as get-bucket-acl prints it")
    owner = source.get("Owner")
    owner_id = owner.get("ID") if isinstance(owner, Mapping) else None
    grants = (_grant(each, f"{place}.Grants[{index}]") for index, each in enumerate(source.get("Grants", [])))
    return Acl(owner_id if isinstance(owner_id, str) else None, tuple(grants))


def _grant(source: object, place: str) -> AclGrant:
    if isinstance(source, Mapping) and isinstance(source.get("Grantee"), Mapping):
        grantee = source["Grantee"].get("ID") or source["Grantee"].get("URI")
        if isinstance(grantee, str) and isinstance(source.get("Permission"), str):
            return AclGrant(grantee, source["Permission"])
    raise ScenarioError(f"{place} is {_shown(source)}; it has a Grantee with ID or URI, and a Permission")


def _foreign(source: object, request: Request) -> tuple[ForeignObjects, ...]:
    if source is None:
        return ()
    arn = request.target.arn
    if not isinstance(source, str) or not source:
        raise ScenarioError(
            f"request.object_owner is {_shown(source)}; it is an account id or a canonical user id"
        )
    if arn is None or not is_on_object(request.target):
        raise ScenarioError("request.object_owner stands beside a request about an object")
    return (
        ()
        if source == request.resource_account
        else (ForeignObjects(source, (arn.resource.partition("/")[2],)),)
    )


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
