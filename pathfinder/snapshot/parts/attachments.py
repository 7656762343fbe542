"""SCPs, RCPs and organization S3 policies: which document is attached where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import msgspec

from pathfinder.model.resources import PublicAccessBlock
from pathfinder.policy.document import PolicyKind, SomePolicy
from pathfinder.snapshot.files import below
from pathfinder.snapshot.reading import NOT_GIVEN, CallFailed, Place, Reading, why_not
from pathfinder.snapshot.shapes import organizations as shapes
from pathfinder.snapshot.shapes.base import RawDocument

SCP, RCP, S3 = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "S3_POLICY"

_FULL_SCP = b'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
_FULL_RCP = (
    b'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'
)
_AWS_MANAGED = {
    "p-fullawsaccess": (
        "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        SCP,
        _FULL_SCP,
    ),
    "p-rcpfullawsaccess": (
        "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
        RCP,
        _FULL_RCP,
    ),
}
"""The two policies that AWS itself writes, known even where a dump leaves their documents out."""


def well_known(name: str) -> msgspec.Raw | None:
    """The document of an AWS-managed SCP or RCP, by its ARN or id."""
    known = _AWS_MANAGED.get(name.rsplit("/", 1)[-1].lower())
    return msgspec.Raw(known[2]) if known else None


@dataclass(slots=True)
class Attached:
    """What is attached directly to each root, OU and account, by its id."""

    scps: dict[str, list[SomePolicy]] = field(default_factory=lambda: defaultdict(list))
    rcps: dict[str, list[SomePolicy]] = field(default_factory=lambda: defaultdict(list))
    s3: dict[str, PublicAccessBlock] = field(default_factory=dict)


def attachments(reading: Reading, folder: str) -> Attached:
    """Reads `policies/` and `targets/` of an organization's folder."""
    found = Attached()
    stems = _stems(reading, below(folder, "policies"))
    described: set[str] = set()
    for stem in stems:
        file = below(folder, f"policies/{stem}.json")
        described.add(unquote(stem))
        policy = reading.one(file, shapes.DescribePolicy)
        summary = shapes.PolicySummary(id=unquote(stem))
        document: RawDocument = msgspec.UNSET
        failed: str | None = None
        if isinstance(policy, shapes.DescribePolicy):
            summary, document = policy.policy.policy_summary, policy.policy.content
            failed = why_not(policy.errors, "Content")
        elif isinstance(policy, CallFailed):
            failed = policy.code
        else:
            failed = f"{file} is not usable; left out"
        described.add(summary.id or unquote(stem))
        _attach(reading, found, folder, stem, summary, (document, failed, Place(file, "Policy.Content")))
    for stem in _stems(reading, below(folder, "targets")):
        if unquote(stem) not in described:
            summary = shapes.PolicySummary(id=unquote(stem))
            _attach(reading, found, folder, stem, summary, (msgspec.UNSET, None, Place("")))
    return found


def _attach(
    reading: Reading,
    found: Attached,
    folder: str,
    stem: str,
    summary: shapes.PolicySummary,
    content: tuple[RawDocument, str | None, Place],
) -> None:
    """Attach one policy to each of its targets."""
    document, failed, place = content
    identifier = summary.id or unquote(stem)
    arn, kind, known = _AWS_MANAGED.get(identifier.lower(), (None, None, None))
    kind, name = summary.type or kind, summary.arn or arn or identifier
    if document is msgspec.UNSET and known and not failed:
        document = msgspec.Raw(known)
    targets = _targets(reading, folder, stem, identifier)
    if targets is None:
        reading.gap(name, "where this policy is attached is not in the snapshot")
    for target in targets or ():
        if kind in (None, SCP):
            policy = reading.policy(PolicyKind.SCP, name, target, document, place, failed)
            found.scps[target].append(policy)
        if kind in (None, RCP):
            policy = reading.policy(PolicyKind.RCP, name, target, document, place, failed)
            found.rcps[target].append(policy)
        if kind == S3:
            if (block := s3_switches(document)) is not None:
                found.s3[target] = block
            else:
                reading.gap(name, f"organization S3 policy not understood: {failed or NOT_GIVEN}", target)


def _targets(reading: Reading, folder: str, stem: str, identifier: str) -> list[str] | None:
    for name in dict.fromkeys((stem, identifier)):
        pages = reading.pages(below(folder, f"targets/{name}"), shapes.Targets)
        if pages is not None:
            return sorted({each.target_id for _, page in pages for each in page.targets or ()})
    return None


def _stems(reading: Reading, folder: str) -> list[str]:
    return [name.removesuffix(".json") for name in reading.files.files(folder) if name.endswith(".json")]


def s3_switches(content: RawDocument) -> PublicAccessBlock | None:
    """The four switches of an organization S3 policy's content, None where it says nothing of them."""
    if content is msgspec.UNSET:
        return None
    try:
        value: Any = msgspec.json.decode(content)
        if isinstance(value, str):
            value = msgspec.json.decode(value)
        value = value["s3_attributes"]["public_access_block_configuration"]
        if isinstance(value, dict) and "@@assign" in value:
            value = value["@@assign"]
    except (msgspec.DecodeError, UnicodeError, RecursionError, LookupError, TypeError):
        return None
    if value in ("all", "none"):
        on = value == "all"
        return PublicAccessBlock(on, on, on, on)
    if isinstance(value, dict) and all(isinstance(each, bool) for each in value.values()):
        names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        return PublicAccessBlock(*(value.get(name, False) for name in names))
    return None
