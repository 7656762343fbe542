"""The catalogue of actions: what AWS's services can do, on which resource types, with which condition keys.

Generated (see `generate_catalogue`), read when first asked, each service on its own. Action names are full
names in AWS's spelling, `s3:GetObject`; questions ignore case. Source: evaluation.md LANG-10 to LANG-15, SAR.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from pathfinder.aws.catalogue_file import (
    ACCESS_LEVELS,
    ActionEntry,
    CatalogueFile,
    KeyEntry,
    ServiceEntry,
    read_content,
)
from pathfinder.logic.patterns import lower_cased, parse_pattern


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One action. `name`: `service:Name`; `access_level`: AWS's word, such as `Permissions management`.

    `resource_types`: AWS's names, empty where the action is authorized on `*` (LANG-27). `condition_keys`:
    those that it supports by itself or on one of its resource types, open parts as `${TagKey}`.
    `keys_complete`: false where there may be others.
    """

    name: str
    service: str
    access_level: str
    resource_types: tuple[str, ...]
    condition_keys: tuple[str, ...]
    keys_complete: bool = True


@lru_cache(maxsize=1 << 14)
def action(name: str) -> ActionFacts | None:
    """The facts of an action, or None for one that is not known (LANG-14)."""
    prefix, _, bare = name.lower().partition(":")
    entry = _actions(prefix).get(bare)
    if entry is None:
        return None
    service = _service(prefix)
    resources = [service.resources[index] for index in entry.resources]
    keys = {*entry.keys, *(key for resource in resources for key in resource.keys)}
    return ActionFacts(
        name=f"{prefix}:{entry.name}",
        service=prefix,
        access_level=ACCESS_LEVELS[entry.access_level],
        resource_types=tuple(resource.name for resource in resources),
        condition_keys=tuple(service.keys[index].name for index in sorted(keys)),
        keys_complete=entry.keys_complete,
    )


def actions_of(service: str) -> tuple[str, ...]:
    """The full names of a service's actions, sorted; empty for a service that is not known."""
    prefix = service.lower()
    return tuple(f"{prefix}:{entry.name}" for entry in _service(prefix).actions)


def all_services() -> tuple[str, ...]:
    """The service prefixes, sorted."""
    return tuple(_file().services)


def catalogue_source() -> str:
    """The package and version that the catalogue was generated from."""
    return _file().source


@lru_cache(maxsize=4096)
def matching_actions(pattern: str) -> tuple[str, ...]:
    """The full names of all actions that an Action element's pattern matches (LANG-10 to LANG-13).

    Sorted by service, then name. A pattern that matches nothing real, or that is malformed, gives nothing.
    """
    if re.search(r"[\s,]", pattern):
        return ()
    if pattern.strip("*") == "" and pattern:
        pattern = "*:*"
    service, colon, name = pattern.partition(":")
    if not colon or not name or (service != "*" and re.search(r"[*?]", service)):
        return ()
    services = all_services() if service == "*" else (service.lower(),)
    if name.strip("*") == "":
        return tuple(found for each in services for found in actions_of(each))
    wanted = lower_cased(parse_pattern(name, variables=False))
    return tuple(
        f"{each}:{entry.name}"
        for each in services
        for bare, entry in _actions(each).items()
        if wanted.matches(bare)
    )


@lru_cache(maxsize=1 << 14)
def supports_key(action_name: str, key: str) -> bool | None:
    """Whether requests for an action can carry a service-specific condition key, or one for tags.

    False only where the action's service has such a key and the action does not support it. None where the
    catalogue cannot tell: an unknown action, a global key, a key of another service or of a session.
    """
    facts = action(action_name)
    if facts is None:
        return None
    if any(is_instance(key, template) for template in facts.condition_keys):
        return True
    if not facts.keys_complete or _key_entry(facts.service, key) is None:
        return None
    return False


def condition_key(key: str) -> KeyEntry | None:
    """A condition key as the catalogue spells and types it, or None.

    Keys of federation (`saml:…`, `<host>:…`) are found among those of STS, global ones are not looked up.
    """
    prefix = key.partition(":")[0].lower()
    return _key_entry("sts" if prefix == "saml" or "." in prefix else prefix, key)


def resource_arns(service: str) -> Mapping[str, str]:
    """Resource type to ARN format of a service: `arn:${Partition}:s3:::${BucketName}`."""
    return {resource.name: resource.arn for resource in _service(service.lower()).resources}


def is_instance(key: str, template: str) -> bool:
    """Whether the key is the template's, ignoring case; `${…}` stands for one or more characters."""
    start, opened, rest = template.lower().partition("${")
    if not opened:
        return key.lower() == start
    end = rest.partition("}")[2]
    key = key.lower()
    return len(key) > len(start) + len(end) and key.startswith(start) and key.endswith(end)


@lru_cache(maxsize=1)
def _file() -> CatalogueFile:
    return msgspec.json.decode(read_content(), type=CatalogueFile)


_NO_SERVICE = ServiceEntry((), (), ())


@lru_cache(maxsize=1024)
def _service(prefix: str) -> ServiceEntry:
    entry = _file().services.get(prefix)
    return _NO_SERVICE if entry is None else msgspec.json.decode(entry, type=ServiceEntry)


@lru_cache(maxsize=1024)
def _actions(prefix: str) -> dict[str, ActionEntry]:
    """A service's actions by their name in lower case, sorted."""
    return {entry.name.lower(): entry for entry in _service(prefix).actions}


def _key_entry(prefix: str, key: str) -> KeyEntry | None:
    return next((entry for entry in _service(prefix).keys if is_instance(key, entry.name)), None)
