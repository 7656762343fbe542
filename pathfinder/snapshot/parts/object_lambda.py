"""S3 Object Lambda access points."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.access_points import ObjectLambdaAccessPoint
from pathfinder.model.organization import Account
from pathfinder.policy.document import PolicyKind
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json, block_written, policy_written
from pathfinder.snapshot.parts.supplements import OBJECT_LAMBDA, supplement
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import access_points as shapes

OBJECT_LAMBDA_POLICY = "Object Lambda access point policy"


def object_lambda_access_points(
    reading: Reading, pages: Pages[shapes.ObjectLambdaAccessPoints] | None, folder: str
) -> tuple[ObjectLambdaAccessPoint, ...]:
    """Those listed."""
    found: dict[Arn, ObjectLambdaAccessPoint] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.object_lambda_access_point_list or ()):
            place = page_place.at(f"ObjectLambdaAccessPointList[{index}]")
            try:
                name = entry.object_lambda_access_point_arn.rsplit("/", 1)[-1]
                places = supplement(reading, below(folder, name), entry, OBJECT_LAMBDA)
                point = _point(reading, entry, place, places)
                found.setdefault(point.arn, point)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return tuple(found.values())


def _point(
    reading: Reading, entry: shapes.ObjectLambdaEntry, place: Place, places: Mapping[str, Place]
) -> ObjectLambdaAccessPoint:
    arn = _arn(entry.object_lambda_access_point_arn, "s3-object-lambda", "accesspoint/")
    if arn is None:
        raise place.at("ObjectLambdaAccessPointArn").error(
            f'is "{entry.object_lambda_access_point_arn}"; an Object Lambda access point\'s ARN was expected'
        )
    told = entry.configuration
    configuration = shapes.ObjectLambdaConfiguration() if told is UNSET or told is None else told
    where = places.get("Configuration", place).at("Configuration")
    supporting = configuration.supporting_access_point
    support = _arn(supporting, "s3", "accesspoint/") if supporting else None
    if supporting and support is None:
        raise where.at("SupportingAccessPoint").error(
            f'is "{supporting}"; an access point\'s ARN was expected'
        )
    transforms: dict[str, None] = {}
    functions: dict[Arn, None] = {}
    for each in configuration.transformation_configurations or ():
        transforms.update(dict.fromkeys(each.actions or ()))
        used = each.content_transformation.aws_lambda if each.content_transformation else None
        if used is None or used.function_arn is None:
            continue
        function = _arn(used.function_arn, "lambda", "function:")
        if function is None:
            raise where.at("TransformationConfigurations").error(
                f'names "{used.function_arn}"; the ARN of a function was expected'
            )
        functions[function] = None
    block = entry.public_access_block_configuration
    return ObjectLambdaAccessPoint(
        arn,
        support,
        tuple(sorted(transforms)),
        tuple(sorted(functions)),
        reading.optional_policy(
            PolicyKind.RESOURCE,
            OBJECT_LAMBDA_POLICY,
            str(arn),
            entry.policy,
            places.get("Policy", place).at("Policy"),
            why_not(entry.errors, "Policy"),
        ),
        entry.alias.value if entry.alias else None,
        block.to_model() if block else None,
    )


def _arn(text: str, service: str, beginning: str) -> Arn | None:
    arn = parse_arn(text)
    return arn if arn is not None and arn.service == service and arn.resource.startswith(beginning) else None


def object_lambda_written(account: Account) -> Json:
    """As `list-access-points-for-object-lambda` prints them, with configurations and policies."""
    found: Json = {
        "ObjectLambdaAccessPointList": [_written(each) for each in account.object_lambda_access_points]
    }
    if "object_lambda_access_points" not in account.known:
        found["Incomplete"] = True
    return found


def _written(point: ObjectLambdaAccessPoint) -> Json:
    found: Json = {"Name": point.arn.name, "ObjectLambdaAccessPointArn": str(point.arn)}
    if point.alias is not None:
        found["Alias"] = {"Value": point.alias}
    if point.public_access_block is not None:
        found["PublicAccessBlockConfiguration"] = block_written(point.public_access_block)
    if point.supporting is not None or point.transforms or point.functions:
        found["Configuration"] = _configuration(point)
    return {**found, **policy_written(point.policy)}


def _configuration(point: ObjectLambdaAccessPoint) -> Json:
    found: Json = {
        "TransformationConfigurations": [
            {
                "Actions": list(point.transforms),
                "ContentTransformation": {"AwsLambda": {"FunctionArn": str(function)}},
            }
            for function in point.functions
        ]
        or [{"Actions": list(point.transforms)}]
    }
    if point.supporting is not None:
        found["SupportingAccessPoint"] = str(point.supporting)
    return found
