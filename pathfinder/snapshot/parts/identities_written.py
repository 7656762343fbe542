"""Identities as `get-account-authorization-details` would print them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.identity import Group, InstanceProfile, PolicyVersion, Role, User
from pathfinder.model.organization import Account
from pathfinder.policy.document import Policy, SomePolicy
from pathfinder.snapshot.documents import written
from pathfinder.snapshot.parts.common import Json, policy_written, tags_written


def identities_written(account: Account) -> Json:
    """The account's users, groups, roles and the managed policies that they hold."""
    found: Json = {
        "UserDetailList": [_user(each) for each in account.users],
        "GroupDetailList": [_group(each) for each in account.groups],
        "RoleDetailList": [_role(each) for each in account.roles],
        "Policies": _managed_policies(account),
    }
    if "iam" not in account.known:
        found["Incomplete"] = True
    return found


def instance_profiles_written(profiles: Iterable[InstanceProfile]) -> Json:
    """As `list-instance-profiles` prints them."""
    return {
        "InstanceProfiles": [
            {
                "Arn": str(each.arn),
                "InstanceProfileName": each.arn.name,
                "Roles": [{"RoleName": role.name, "Arn": str(role)} for role in each.roles],
            }
            for each in profiles
        ]
    }


def is_managed(policy: SomePolicy) -> bool:
    """Whether its name is the ARN of a managed policy, and not an inline policy's name."""
    arn = parse_arn(policy.name)
    return arn is not None and arn.service == "iam" and arn.resource_type == "policy"


def _user(user: User) -> Json:
    own = [policy for policy in user.policies if policy.attached_to == str(user.arn)]
    found: Json = {
        **_names("User", user.arn, user.unique_id),
        "UserPolicyList": _inline(own),
        "GroupList": [group.name for group in user.groups],
        "AttachedManagedPolicies": _attached(own),
    }
    return {**found, **_boundary(user.boundary), "Tags": tags_written(user.tags)}


def _group(group: Group) -> Json:
    return {
        **_names("Group", group.arn, None),
        "GroupPolicyList": _inline(group.policies),
        "AttachedManagedPolicies": _attached(group.policies),
    }


def _role(role: Role) -> Json:
    found = _names("Role", role.arn, role.unique_id)
    found |= {
        **policy_written(role.trust, "AssumeRolePolicyDocument"),
        "InstanceProfileList": [],
        "RolePolicyList": _inline(role.policies),
        "AttachedManagedPolicies": _attached(role.policies),
        **_boundary(role.boundary),
        "Tags": tags_written(role.tags),
    }
    if role.last_used is not None:
        found["RoleLastUsed"] = {"LastUsedDate": role.last_used}
    if role.max_session_seconds is not None:
        found["MaxSessionDuration"] = role.max_session_seconds
    return found


def _names(kind: str, arn: Arn, unique_id: str | None) -> Json:
    found: Json = {"Path": arn.path, f"{kind}Name": arn.name}
    if unique_id is not None:
        found[f"{kind}Id"] = unique_id
    return {**found, "Arn": str(arn)}


def _inline(policies: Iterable[SomePolicy]) -> list[Json]:
    return [
        {"PolicyName": policy.name, "PolicyDocument": written(policy.document)}
        if isinstance(policy, Policy)
        else {"PolicyName": policy.name, "Errors": {"PolicyDocument": policy.reason}}
        for policy in policies
        if not is_managed(policy)
    ]


def _attached(policies: Iterable[SomePolicy]) -> list[Json]:
    arns = [policy.name for policy in policies if is_managed(policy)]
    return [{"PolicyName": arn.rsplit("/", 1)[-1], "PolicyArn": arn} for arn in arns]


def _boundary(boundary: SomePolicy | None) -> Json:
    if boundary is None:
        return {}
    return {
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary.name}
    }


def _managed_policies(account: Account) -> list[Json]:
    held: dict[str, SomePolicy] = {}
    holders: tuple[User | Group | Role, ...] = (*account.users, *account.groups, *account.roles)
    for holder in holders:
        for policy in holder.policies:
            if is_managed(policy):
                held.setdefault(policy.name, policy)
        if not isinstance(holder, Group) and holder.boundary is not None:
            held.setdefault(holder.boundary.name, holder.boundary)
    for profile in account.anywhere_profiles:
        for policy in profile.session_policies or ():
            if is_managed(policy):
                held.setdefault(policy.name, policy)
    older: dict[str, list[PolicyVersion]] = {}
    for version in account.older_versions:
        older.setdefault(str(version.arn), []).append(version)
    return [_managed_policy(held[arn], older.get(arn, ())) for arn in sorted(held)]


def _managed_policy(policy: SomePolicy, older: Sequence[PolicyVersion]) -> Json:
    """The default version gets a number that no other version has; its own is not kept."""
    taken = {each.version for each in older}
    default = next(f"v{n}" for n in range(1, len(taken) + 2) if f"v{n}" not in taken)
    found: Json = {
        "PolicyName": policy.name.rsplit("/", 1)[-1],
        "Arn": policy.name,
        "DefaultVersionId": default,
    }
    if isinstance(policy, Policy):
        versions = [{"Document": written(policy.document), "VersionId": default, "IsDefaultVersion": True}]
        versions += [
            {"Document": written(each.policy.document), "VersionId": each.version, "IsDefaultVersion": False}
            for each in older
        ]
        return {**found, "PolicyVersionList": versions}
    return {**found, "PolicyVersionList": [], "Errors": {"Document": policy.reason}}
