"""VPC endpoints with their policies."""

from __future__ import annotations

import re

from pathfinder.aws.arn import AccountId
from pathfinder.model.organization import Account
from pathfinder.model.resources import VpcEndpoint
from pathfinder.policy.document import PolicyKind
from pathfinder.snapshot.parts.common import Json, policy_written, tags_written
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import compute
from pathfinder.snapshot.shapes.base import tags_of

ENDPOINT_POLICY = "VPC endpoint policy"

_SERVICE = re.compile(r"(?:cn\.)?com\.amazonaws\.(?P<region>[a-z]{2,}(?:-[a-z]+)+-\d+)\.(?P<service>.+)\Z")


def endpoints(
    reading: Reading, pages: Pages[compute.Endpoints] | None, account: AccountId
) -> tuple[VpcEndpoint, ...]:
    """The endpoints listed."""
    found: dict[str, VpcEndpoint] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.vpc_endpoints or ()):
            endpoint = endpoint_of(reading, entry, page_place.at(f"VpcEndpoints[{index}]"), account)
            found.setdefault(endpoint.id, endpoint)
    return tuple(found.values())


def endpoint_of(
    reading: Reading, entry: compute.EndpointEntry, place: Place, account: AccountId
) -> VpcEndpoint:
    """One endpoint; its service name without `com.amazonaws.REGION.` is the service."""
    named = _SERVICE.match(entry.service_name)
    return VpcEndpoint(
        id=entry.vpc_endpoint_id,
        account=account,
        service=named["service"] if named else entry.service_name,
        gateway=entry.vpc_endpoint_type == "Gateway",
        vpc=entry.vpc_id,
        policy=reading.optional_policy(
            PolicyKind.ENDPOINT,
            ENDPOINT_POLICY,
            entry.vpc_endpoint_id,
            entry.policy_document,
            place.at("PolicyDocument"),
            why_not(entry.errors, "PolicyDocument"),
        ),
        region=named["region"] if named else entry.service_region,
        tags=tags_of(entry.tags),
    )


def endpoints_written(account: Account) -> Json:
    """As `describe-vpc-endpoints` prints them."""
    found: Json = {"VpcEndpoints": [_written(each, account.partition) for each in account.endpoints]}
    if "endpoints" not in account.known:
        found["Incomplete"] = True
    return found


def _written(endpoint: VpcEndpoint, partition: str) -> Json:
    found: Json = {
        "VpcEndpointId": endpoint.id,
        "VpcEndpointType": "Gateway" if endpoint.gateway else "Interface",
        "ServiceName": endpoint.service,
    }
    if endpoint.region is not None:
        full = f"{'cn.' if partition == 'aws-cn' else ''}com.amazonaws.{endpoint.region}.{endpoint.service}"
        named = _SERVICE.match(full)
        if named and (named["region"], named["service"]) == (endpoint.region, endpoint.service):
            found["ServiceName"] = full
        else:
            found["ServiceRegion"] = endpoint.region
    if endpoint.vpc is not None:
        found["VpcId"] = endpoint.vpc
    return {**found, **policy_written(endpoint.policy, "PolicyDocument"), "Tags": tags_written(endpoint.tags)}
