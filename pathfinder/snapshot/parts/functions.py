"""Lambda functions with their execution roles and resource-based policies."""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.organization import Account
from pathfinder.model.resources import LambdaFunction
from pathfinder.policy.document import PolicyKind
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json, policy_written
from pathfinder.snapshot.parts.supplements import FUNCTION, supplement
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import compute

FUNCTION_POLICY = "function policy"


def functions(
    reading: Reading, pages: Pages[compute.Functions] | None, folder: str
) -> tuple[LambdaFunction, ...]:
    """The functions listed."""
    found: dict[Arn, LambdaFunction] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.functions or ()):
            try:
                name = entry.function_arn.rsplit(":", 1)[-1]
                places = supplement(reading, below(folder, name), entry, FUNCTION)
                function = function_of(reading, entry, page_place.at(f"Functions[{index}]"), places)
                found.setdefault(function.arn, function)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return tuple(found.values())


def function_of(
    reading: Reading, entry: compute.FunctionEntry, place: Place, places: Mapping[str, Place]
) -> LambdaFunction:
    """One function; `places`: where its policy stands, if not in the entry."""
    arn = parse_arn(entry.function_arn)
    if arn is None or arn.service != "lambda":
        raise place.at("FunctionArn").error(f'is "{entry.function_arn}"; the ARN of a function was expected')
    role = parse_arn(entry.role) if entry.role else None
    if entry.role and role is None:
        raise place.at("Role").error(f'is "{entry.role}"; the ARN of a role was expected')
    policy = reading.optional_policy(
        PolicyKind.RESOURCE,
        FUNCTION_POLICY,
        str(arn),
        entry.policy,
        places.get("Policy", place).at("Policy"),
        why_not(entry.errors, "Policy"),
    )
    return LambdaFunction(arn, role, policy)


def functions_written(account: Account) -> Json:
    """As `list-functions` prints them, with their policies."""
    found: Json = {"Functions": [_written(each) for each in account.functions]}
    if "functions" not in account.known:
        found["Incomplete"] = True
    return found


def _written(function: LambdaFunction) -> Json:
    found: Json = {"FunctionName": function.name, "FunctionArn": str(function.arn)}
    if function.role is not None:
        found["Role"] = str(function.role)
    return {**found, **policy_written(function.policy)}
