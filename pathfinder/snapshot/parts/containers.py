"""ECS task definitions and services."""

from __future__ import annotations

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.compute import ContainerService, TaskDefinition
from pathfinder.model.organization import Account
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.reading import Pages, Place, Reading
from pathfinder.snapshot.shapes import containers


def task_definitions(
    reading: Reading, pages: Pages[containers.TaskDefinitions] | None
) -> tuple[TaskDefinition, ...]:
    """The task definitions that were described; those that are only listed make the list not complete."""
    found: dict[Arn, TaskDefinition] = {}
    listed: set[str] = set()
    for place, page in pages or ():
        listed.update(page.task_definition_arns or ())
        if page.task_definition is None:
            continue
        try:
            made = _task_definition(page.task_definition, place.at("taskDefinition"))
            found.setdefault(made.arn, made)
        except InputError as error:
            reading.skip(error)
            if pages:
                pages.complete = False
    missing = listed - set(map(str, found))
    if missing and pages:
        pages.complete = False
    return tuple(found.values())


def _task_definition(entry: containers.TaskDefinitionEntry, place: Place) -> TaskDefinition:
    arn = parse_arn(entry.task_definition_arn)
    if arn is None or arn.service != "ecs":
        raise place.at("taskDefinitionArn").error(
            f'is "{entry.task_definition_arn}"; the ARN of a task definition was expected'
        )
    return TaskDefinition(
        arn,
        role_arn(entry.task_role_arn, place.at("taskRoleArn")),
        role_arn(entry.execution_role_arn, place.at("executionRoleArn")),
        entry.status,
    )


def container_services(
    reading: Reading, pages: Pages[containers.Services] | None
) -> tuple[ContainerService, ...]:
    """The services that were described."""
    found: dict[Arn, ContainerService] = {}
    listed: set[str] = set()
    for page_place, page in pages or ():
        listed.update(page.service_arns or ())
        for index, entry in enumerate(page.services or ()):
            place = page_place.at(f"services[{index}]")
            try:
                made = _service(entry, place)
                found.setdefault(made.arn, made)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    if listed - set(map(str, found)) and pages:
        pages.complete = False
    return tuple(found.values())


def _service(entry: containers.ServiceEntry, place: Place) -> ContainerService:
    arn = parse_arn(entry.service_arn)
    if arn is None or arn.service != "ecs":
        raise place.at("serviceArn").error(f'is "{entry.service_arn}"; the ARN of a service was expected')
    runs = parse_arn(entry.task_definition) if entry.task_definition else None
    if entry.task_definition and runs is None:
        raise place.at("taskDefinition").error(
            f'is "{entry.task_definition}"; the ARN of a task definition was expected'
        )
    return ContainerService(arn, runs)


def role_arn(text: str | None, place: Place) -> Arn | None:
    """The role's ARN, None where there is none. Raises InputError for what is no role."""
    if not text:
        return None
    arn = parse_arn(text)
    if arn is None or not arn.is_role:
        raise place.error(f'is "{text}"; the ARN of a role was expected')
    return arn


def task_definitions_written(account: Account) -> list[object]:
    """As `list-task-definitions`, then each `describe-task-definition`, print them."""
    listed: Json = {"taskDefinitionArns": [str(each.arn) for each in account.task_definitions]}
    if "task_definitions" not in account.known:
        listed["incomplete"] = True
    return [listed, *({"taskDefinition": _written(each)} for each in account.task_definitions)]


def _written(definition: TaskDefinition) -> Json:
    found: Json = {"taskDefinitionArn": str(definition.arn), "family": definition.family}
    for name, value in (
        ("taskRoleArn", definition.task_role),
        ("executionRoleArn", definition.execution_role),
        ("status", definition.status),
    ):
        if value is not None:
            found[name] = str(value)
    return found


def container_services_written(account: Account) -> Json:
    """As `describe-services` prints them."""
    found: Json = {
        "services": [
            {
                "serviceArn": str(each.arn),
                "serviceName": each.name,
                **({"taskDefinition": str(each.task_definition)} if each.task_definition else {}),
            }
            for each in account.container_services
        ]
    }
    if "container_services" not in account.known:
        found["incomplete"] = True
    return found
