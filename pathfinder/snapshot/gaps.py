"""The gaps that a model shows by itself: what in it is not known, and whose results that may change.

They follow from the model alone, so that a snapshot read, written and read again has the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pathfinder.aws.arn import AccountId
from pathfinder.model.access_points import (
    AccessGrantsInstance,
    MultiRegionAccessPoint,
    ObjectLambdaAccessPoint,
)
from pathfinder.model.identity import Group, Role, User
from pathfinder.model.organization import Account, Gap, Organization
from pathfinder.model.resources import AccessPoint, Bucket, Key, LambdaFunction
from pathfinder.model.workloads import WorkloadKind
from pathfinder.policy.document import Policy, SomePolicy, Unread
from pathfinder.snapshot.errors import one_line

KINDS = (
    "iam",
    "buckets",
    "access_keys",
    "instances",
    "endpoints",
    "keys",
    "access_points",
    "functions",
    "public_access_block",
)
"""What `Account.known` may name, beside "organization"."""


SELDOM = (
    *("task_definitions", "container_services", "clusters", "pod_identities"),
    *("identity_center", "trust_anchors", "anywhere_profiles"),
    *("multi_region_access_points", "object_lambda_access_points", "access_grants"),
    *(kind.value for kind in WorkloadKind),
)
"""What it may name besides; that is missed only where it can make a difference, so the graph tells of it."""

PARTS = {
    "PublicAccessBlock": "Block Public Access",
    "OwnershipControls": "object ownership",
    "Acl": "ACL",
    "Encryption": "default encryption",
    "Tagging": "tags",
    "Abac": "ABAC status",
    "Versioning": "versioning",
    "RequestPayment": "payer",
}
"""What `Bucket.unread` may name, in words."""


def gaps_of(
    accounts: Iterable[Account], organizations: Iterable[Organization], noted: Iterable[Gap]
) -> set[Gap]:
    """Every gap of the model. `noted`: gaps already known; unread parts that they explain are not repeated."""
    accounts, organizations, noted = tuple(accounts), tuple(organizations), set(noted)
    found = set(noted)
    for account in accounts:
        found |= _not_read(account)
        found |= _unread_parts(account, noted)
        found |= _policy_gaps(_held_by(account))
    for organization in organizations:
        found |= _policy_gaps(_attached_in(organization))
    found |= _membership(accounts, organizations)
    return {Gap(one_line(each.place), one_line(each.reason), tuple(sorted(each.affects))) for each in found}


def parts_gap(account: AccountId, part: str, buckets: Iterable[str], why: str | None = None) -> Gap:
    """A part of some buckets of an account that is not known."""
    arns = tuple(sorted(buckets))
    of = f"{len(arns)} buckets" if len(arns) > 1 else arns[0]
    return Gap(account, f"{PARTS[part]} of {of} not known{f': {why}' if why else ''}", arns)


def _not_read(account: Account) -> set[Gap]:
    missing = [kind.replace("_", " ") for kind in KINDS if kind not in account.known]
    if not missing:
        return set()
    return {Gap(account.id, f"not in the snapshot, or not completely: {', '.join(missing)}", (account.id,))}


def _unread_parts(account: Account, noted: set[Gap]) -> set[Gap]:
    explained = {
        (part, arn)
        for gap in noted
        if gap.place == account.id
        for part, words in PARTS.items()
        if gap.reason.startswith(f"{words} of ") and " not known: " in gap.reason
        for arn in gap.affects
    }
    unread: dict[str, list[str]] = defaultdict(list)
    for bucket in account.buckets:
        for part in bucket.unread:
            if (part, str(bucket.arn)) not in explained:
                unread[part].append(str(bucket.arn))
    return {parts_gap(account.id, part, arns) for part, arns in unread.items()}


_Guarded = (
    Bucket
    | AccessPoint
    | MultiRegionAccessPoint
    | ObjectLambdaAccessPoint
    | AccessGrantsInstance
    | Key
    | LambdaFunction
)
"""What may have a policy of its own."""


def _held_by(account: Account) -> Iterator[tuple[str, SomePolicy]]:
    """Each policy of the account, with the ARN or id whose results it decides."""
    holders: tuple[User | Role | Group, ...] = (*account.users, *account.roles, *account.groups)
    for holder in holders:
        yield from ((str(holder.arn), policy) for policy in holder.policies)
        yield from ((str(holder.arn), policy) for policy in _further(holder))
    things: tuple[_Guarded, ...] = (
        *account.buckets,
        *account.access_points,
        *account.multi_region_access_points,
        *account.object_lambda_access_points,
        *account.access_grants_instances,
        *account.keys,
        *account.functions,
    )
    for thing in things:
        if thing.policy is not None:
            yield str(thing.arn), thing.policy
    for profile in account.anywhere_profiles:
        yield from ((str(profile.arn), policy) for policy in profile.session_policies or ())
    for endpoint in account.endpoints:
        if endpoint.policy is not None:
            yield endpoint.id, endpoint.policy


def _further(holder: User | Role | Group) -> Iterator[SomePolicy]:
    if isinstance(holder, Role):
        yield holder.trust
    if not isinstance(holder, Group) and holder.boundary is not None:
        yield holder.boundary


def _attached_in(organization: Organization) -> Iterator[tuple[str, SomePolicy]]:
    for unit in organization.units:
        yield from ((unit.id, policy) for policy in (*unit.scps, *unit.rcps))
    for member in organization.members:
        yield from ((member.account, policy) for policy in (*member.scps, *member.rcps))


def _policy_gaps(held: Iterable[tuple[str, SomePolicy]]) -> set[Gap]:
    """Unread policies, one gap for a name and reason; faults, one gap for a faulty statement."""
    unread: dict[tuple[str, str], set[str]] = defaultdict(set)
    faults: dict[tuple[str, str], set[str]] = defaultdict(set)
    for holder, policy in held:
        match policy:
            case Unread():
                what = f"{policy.kind.value} not known: {policy.reason}"
                unread[_place(policy), what].add(holder)
            case Policy():
                for fault in policy.document.faults:
                    faults[_place(policy), f"{policy.kind.value}, {fault}"].add(holder)
    return {
        Gap(place, reason, tuple(sorted(holders)))
        for (place, reason), holders in [*unread.items(), *faults.items()]
    }


_ONLY_ONE = frozenset(
    {
        "trust policy",
        "key policy",
        "bucket policy",
        "access point policy",
        "Multi-Region Access Point policy",
        "Object Lambda access point policy",
        "Access Grants instance policy",
        "VPC endpoint policy",
        "function policy",
        "policies of the group",
    }
)
"""Names that say no more than what the policy is."""


def _place(policy: SomePolicy) -> str:
    """A managed policy's ARN; for any other policy what it hangs on, with its name if that says more."""
    if policy.name.startswith("arn:"):
        return policy.name
    if policy.name in _ONLY_ONE:
        return policy.attached_to
    return f"{policy.attached_to} {policy.name}"


def _membership(accounts: Iterable[Account], organizations: tuple[Organization, ...]) -> set[Gap]:
    """Members that were not read, and accounts that may be in an organization that was not."""
    accounts = tuple(accounts)
    read = {account.id for account in accounts}
    found = set()
    for organization in organizations:
        absent = sorted({m.account for m in organization.members} - read)
        if absent:
            reason = f"{len(absent)} of its accounts not in the snapshot"
            found.add(Gap(organization.id, reason, tuple(absent)))
    members = {m.account for each in organizations for m in each.members}
    members |= {each.management_account for each in organizations}
    alone = {account.id for account in accounts if "organization" in account.known}
    if loose := sorted(read - members - alone):
        reason = "no organization is known for these accounts; no SCP and no RCP is taken into account"
        found.add(Gap("organizations", reason, tuple(loose)))
    return found
