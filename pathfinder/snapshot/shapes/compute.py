"""`ec2 describe-instances`, `describe-iam-instance-profile-associations`, `describe-vpc-endpoints`; `lambda`."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pathfinder.snapshot.shapes.base import Errors, Page, RawDocument, Shape, Tag


class ProfileRef(Shape):
    """IamInstanceProfile of an instance."""

    arn: str


class Placement(Shape):
    """Where an instance runs."""

    availability_zone: str | None = None


class State(Shape):
    """running, stopped, terminated …"""

    name: str | None = None


class InstanceEntry(Shape):
    """An instance. `arn`, `public` and `name` are our own: AWS says them in other ways, or not at all."""

    instance_id: str
    arn: str | None = None
    placement: Placement | None = None
    iam_instance_profile: ProfileRef | None = None
    vpc_id: str | None = None
    public_ip_address: str | None = None
    ipv6_address: str | None = None
    state: State | None = None
    tags: list[Tag] | None = None
    public: bool | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET


class Reservation(Shape):
    """What started together."""

    owner_id: str | None = None
    instances: list[InstanceEntry] | None = None


class Instances(Page):
    """`describe-instances`."""

    reservations: list[Reservation] | None = None


class Association(Shape):
    """An instance profile of an instance."""

    instance_id: str
    iam_instance_profile: ProfileRef
    state: str = "associated"


class Associations(Page):
    """`describe-iam-instance-profile-associations`."""

    iam_instance_profile_associations: list[Association] | None = None


class EndpointEntry(Shape):
    """A VPC endpoint."""

    vpc_endpoint_id: str
    service_name: str
    vpc_endpoint_type: str = "Gateway"
    vpc_id: str | None = None
    service_region: str | None = None
    policy_document: RawDocument = UNSET
    tags: list[Tag] | None = None
    errors: Errors | None = None


class Endpoints(Page):
    """`describe-vpc-endpoints`."""

    vpc_endpoints: list[EndpointEntry] | None = None


class FunctionEntry(Shape):
    """A Lambda function of `list-functions`, with the policy of `lambda get-policy`."""

    function_arn: str
    role: str | None = None
    policy: RawDocument = UNSET
    errors: Errors | None = None


class Functions(Page):
    """`list-functions`."""

    functions: list[FunctionEntry] | None = None
