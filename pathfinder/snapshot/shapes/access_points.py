"""Multi-Region and Object Lambda access points and Access Grants, as `s3control` shows them, call by call."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from pathfinder.snapshot.shapes.base import Errors, Page, RawDocument, Shape
from pathfinder.snapshot.shapes.s3 import BlockConfiguration


class MemberRegion(Shape):
    """A bucket of a Multi-Region Access Point."""

    bucket: str
    region: str | None = None
    bucket_account_id: str | None = None


class EstablishedPolicy(Shape):
    """The policy in force; no `Policy` in it: there is none."""

    policy: RawDocument = UNSET


class MultiRegionPolicy(Shape):
    """The `Policy` of `get-multi-region-access-point-policy`; what is proposed is not in force."""

    established: EstablishedPolicy | None = None


class MultiRegionEntry(Shape):
    """An entry of `list-multi-region-access-points`, with its policy."""

    name: str
    alias: str
    status: str | None = None
    public_access_block: BlockConfiguration | None = None
    regions: list[MemberRegion] | None = None
    policy: MultiRegionPolicy | UnsetType | None = UNSET
    errors: Errors | None = None


class MultiRegionAccessPoints(Page):
    """`list-multi-region-access-points`."""

    access_points: list[MultiRegionEntry] | None = None


class AwsLambda(Shape):
    """A function that transforms."""

    function_arn: str | None = None


class ContentTransformation(Shape):
    """What transforms."""

    aws_lambda: AwsLambda | None = None


class Transformation(Shape):
    """Operations and what transforms them."""

    actions: list[str] | None = None
    content_transformation: ContentTransformation | None = None


class ObjectLambdaConfiguration(Shape):
    """`get-access-point-configuration-for-object-lambda`."""

    supporting_access_point: str | None = None
    transformation_configurations: list[Transformation] | None = None


class Alias(Shape):
    """An alias with its status."""

    value: str | None = None


class ObjectLambdaEntry(Shape):
    """An entry of `list-access-points-for-object-lambda`, with its configuration and policy."""

    object_lambda_access_point_arn: str
    alias: Alias | None = None
    configuration: ObjectLambdaConfiguration | UnsetType | None = UNSET
    public_access_block_configuration: BlockConfiguration | None = None
    policy: RawDocument = UNSET
    errors: Errors | None = None


class ObjectLambdaAccessPoints(Page):
    """`list-access-points-for-object-lambda`."""

    object_lambda_access_point_list: list[ObjectLambdaEntry] | None = None


class GrantsInstance(Shape):
    """An entry of `list-access-grants-instances`, with its resource policy."""

    access_grants_instance_arn: str
    identity_center_arn: str | None = None
    identity_center_instance_arn: str | None = None
    policy: RawDocument = UNSET
    errors: Errors | None = None


class GrantsInstances(Page):
    """`list-access-grants-instances`."""

    access_grants_instances_list: list[GrantsInstance] | None = None


class GrantsLocation(Shape):
    """An entry of `list-access-grants-locations`."""

    access_grants_location_id: str
    access_grants_location_arn: str
    location_scope: str
    iam_role_arn: str | None = msgspec.field(default=None, name="IAMRoleArn")


class GrantsLocations(Page):
    """`list-access-grants-locations`."""

    access_grants_locations_list: list[GrantsLocation] | None = None


class Grantee(Shape):
    """Who is granted: an IAM principal's ARN, or the id of a directory's user or group."""

    grantee_type: str = ""
    grantee_identifier: str = ""


class Grant(Shape):
    """An entry of `list-access-grants`."""

    access_grant_id: str
    access_grant_arn: str
    grantee: Grantee = msgspec.field(default_factory=Grantee)
    permission: str = ""
    grant_scope: str = ""
    access_grants_location_id: str = ""
    application_arn: str | None = None


class Grants(Page):
    """`list-access-grants`."""

    access_grants_list: list[Grant] | None = None
