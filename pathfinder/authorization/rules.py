"""Rules that services hold whatever the policies say. Source: evaluation.md 4.4 to 4.6, STS-6, S3-18, TERM-6.

Each rule answers for a request why it is refused, or None. The first answer counts.
"""

from __future__ import annotations

from collections.abc import Callable

from pathfinder.authorization.caller import (
    Anonymous,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    UserCaller,
    account_of,
    partition_of,
)
from pathfinder.authorization.request import Request
from pathfinder.aws.arn import parse_arn
from pathfinder.aws.s3_actions import (
    S3ResourceType,
    access_point_actions,
    owner_account_only,
    resource_types,
    supports_anonymous,
)
from pathfinder.policy.context import Values

Rule = Callable[[Request, str | None], str | None]
"""A request and its resource's account, to the reason for a refusal."""

ALWAYS_ALLOWED = "sts:getcalleridentity"
"""It succeeds for every signed caller, whatever is denied (STS-24)."""


_CRYPTOGRAPHIC = (
    "decrypt",
    "encrypt",
    "generatedatakey",
    "reencrypt",
    "sign",
    "verify",
    "generatemac",
    "derivesharedsecret",
)


def is_cryptographic(action: str) -> bool:
    """Whether the action uses a KMS key, which works only while the key is enabled (KMS-10)."""
    service, _, name = action.lower().partition(":")
    return service == "kms" and name.startswith(_CRYPTOGRAPHIC)


def needs_no_permission(request: Request) -> bool:
    """Calls that no policy can refuse (STS-22, STS-24)."""
    action = request.action.lower()
    if action == ALWAYS_ALLOWED:
        return not isinstance(request.caller, Anonymous)
    return action == "sts:getsessiontoken" and isinstance(request.caller, (UserCaller, RootUser))


def unsigned_is_refused(request: Request) -> str | None:
    """Unsigned calls work for S3 buckets and objects, SQS and SNS alone (EVAL-40)."""
    if not isinstance(request.caller, Anonymous):
        return None
    if request.service in ("sqs", "sns"):
        return None
    if request.service != "s3":
        return f"{request.service} takes no unsigned requests (EVAL-40)"
    arn = request.target.arn
    if through_access_point(request):
        return "access points take no unsigned requests (S3-54, EVAL-40)"
    if arn is None or not supports_anonymous(request.action):
        return f"{request.action} takes no unsigned requests (EVAL-40)"
    return None


def through_access_point(request: Request) -> bool:
    """Whether it goes through an access point: on one, or on a bucket whose request says that it does (S3-50)."""
    arn = request.target.arn
    if request.service != "s3" or arn is None:
        return False
    if arn.is_access_point:
        return True
    return isinstance(request.context.state(DATA_ACCESS_POINT), Values)


DATA_ACCESS_POINT = "s3:dataaccesspointarn"
"""The key that requests through access points carry, and no others."""


def refusal(request: Request, owner: str | None) -> str | None:
    """Why the service refuses the request whatever the policies say, or None."""
    return next((reason for rule in _RULES if (reason := rule(request, owner)) is not None), None)


def _other_partition(request: Request, _owner: str | None) -> str | None:
    """Partitions never trust each other (TERM-6)."""
    partition = partition_of(request.caller)
    arn = request.target.arn
    if partition is None or arn is None or arn.partition in (partition, ""):
        return None
    return f"the caller is in partition {partition} and the resource in {arn.partition} (TERM-6)"


def _mistyped_resource(request: Request, _owner: str | None) -> str | None:
    """An object action on a bucket, or the reverse, matches nothing (LANG-26)."""
    arn = request.target.arn
    types = resource_types(request.action)
    if arn is None or not types or request.service != "s3":
        return None
    if arn.is_access_point:
        return _mistyped_access_point(request, types)
    on_object = arn.is_object or request.target.open_prefix is not None
    if arn.is_bucket and not on_object and S3ResourceType.BUCKET not in types:
        return f"{request.action} is not performed on a bucket (LANG-26)"
    if on_object and S3ResourceType.OBJECT not in types:
        return f"{request.action} is not performed on an object (LANG-26)"
    return None


def _mistyped_access_point(request: Request, types: frozenset[S3ResourceType]) -> str | None:
    """An object action on an access point itself, or the reverse, matches nothing (LANG-26, S3-54)."""
    arn = request.target.arn
    assert arn is not None
    if arn.is_object_through_access_point or "/object/" in (request.target.open_prefix or ""):
        if S3ResourceType.ACCESS_POINT_OBJECT not in types:
            return f"{request.action} is not performed on an object through an access point (S3-54)"
        return None
    own = {S3ResourceType.ACCESS_POINT} | ({S3ResourceType.MRAP} if arn.is_multi_region else set())
    if types.isdisjoint(own):
        return f"{request.action} is not performed on an access point (S3-54)"
    return None


def _through_access_point(request: Request, _owner: str | None) -> str | None:
    """Access points serve the object actions and a few on the bucket, over HTTPS, signed by version 4 (S3-54)."""
    arn = request.target.arn
    if arn is None or not through_access_point(request):
        return None
    if not arn.is_access_point and request.action.lower() not in access_point_actions():
        return f"{request.action} does not work through an access point (S3-54)"
    if _says(request, "aws:securetransport", "false"):
        return "access points take requests over HTTPS alone (S3-54)"
    if _says(request, "s3:signatureversion", "aws"):
        return "access points take signatures of version 4 alone (S3-54)"
    return None


def _says(request: Request, key: str, text: str) -> bool:
    state = request.context.state(key)
    return isinstance(state, Values) and [each.lower() for each in state.values] == [text]


def _owner_account_only(request: Request, owner: str | None) -> str | None:
    """Bucket-policy calls and management of access points are for the owner's account (S3-18)."""
    if request.service != "s3" or not owner_account_only(request.action):
        return None
    if owner is not None and account_of(request.caller) == owner:
        return None
    return f"{request.action} works only for identities of the owner's account (S3-18)"


_PROVEN_BY_A_PROVIDER = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})


def _proven_by_a_provider(request: Request, _owner: str | None) -> str | None:
    """Federated calls are unsigned: an identity provider proves who makes them, whoever signs (STS-20)."""
    if request.action.lower() not in _PROVEN_BY_A_PROVIDER:
        return None
    if isinstance(request.caller, IdentityProviderCaller):
        return None
    return f"{request.action} is for callers whom an identity provider has proven (STS-20)"


def _root_assumes_nothing(request: Request, _owner: str | None) -> str | None:
    """Root users cannot call AssumeRole or AssumeRoot (STS-6, EVAL-34)."""
    if isinstance(request.caller, RootUser) and request.action.lower() in (
        "sts:assumerole",
        "sts:assumeroot",
    ):
        return f"a root user cannot call {request.action} (STS-6)"
    return None


def _session_token_for_users(request: Request, _owner: str | None) -> str | None:
    """GetSessionToken is for users and root (STS-22); GetFederationToken likewise (STS-21)."""
    action = request.action.lower()
    if action in ("sts:getsessiontoken", "sts:getfederationtoken") and not isinstance(
        request.caller, (UserCaller, RootUser)
    ):
        return f"{request.action} is for IAM users and root users (STS-21, STS-22)"
    return None


def _federated_user_limits(request: Request, _owner: str | None) -> str | None:
    """GetFederationToken sessions call neither STS nor IAM (STS-6, STS-21)."""
    if isinstance(request.caller, FederatedUser) and request.service in ("sts", "iam"):
        return f"a federated-user session cannot call {request.service} (STS-6, STS-21)"
    return None


def _iam_stays_inside(request: Request, owner: str | None) -> str | None:
    """IAM resources cannot be managed from another account (EVAL-52)."""
    inside = owner is not None and account_of(request.caller) == owner
    if request.service == "iam" and request.target.arn is not None and not inside:
        return "IAM resources cannot be managed from another account (EVAL-52)"
    return None


def _foreign_provider(request: Request, owner: str | None) -> str | None:
    """An identity provider proves callers to roles of its own account; the built-in ones to all (STS-20)."""
    if not isinstance(request.caller, IdentityProviderCaller):
        return None
    arn = parse_arn(request.caller.provider)
    if arn is None or arn.account == owner:
        return None
    return f"the identity provider belongs to account {arn.account}, not to the role's (STS-20)"


_FIXED_FOR_RESERVED = frozenset(
    f"iam:{name}"
    for name in (
        "attachrolepolicy",
        "detachrolepolicy",
        "putrolepolicy",
        "deleterolepolicy",
        "updateassumerolepolicy",
        "updaterole",
        "tagrole",
        "untagrole",
        "putrolepermissionsboundary",
        "deleterolepermissionsboundary",
    )
)


def _reserved_roles(request: Request, _owner: str | None) -> str | None:
    """Identity Center and service-linked roles are not changed by IAM calls (EVAL-50, STS-48)."""
    arn = request.target.arn
    action = request.action.lower()
    if arn is None or not arn.is_role:
        return None
    if arn.path.startswith("/aws-reserved/") and (action in _FIXED_FOR_RESERVED or action == "iam:passrole"):
        return "Identity Center roles cannot be changed or passed (EVAL-50)"
    if arn.path.startswith("/aws-service-role/") and action in _FIXED_FOR_RESERVED - {
        "iam:tagrole",
        "iam:untagrole",
        "iam:updaterole",
    }:
        return "the trust and permissions of a service-linked role are fixed (EVAL-50)"
    assumed = arn.path.startswith("/aws-service-role/") and action == "sts:assumerole"
    if assumed and isinstance(request.caller, (UserCaller, RoleSession)):
        return "only its service assumes a service-linked role (STS-48)"
    return None


_EDITS_POLICY = frozenset(
    f"iam:{name}"
    for name in (
        "createpolicyversion",
        "deletepolicyversion",
        "setdefaultpolicyversion",
        "deletepolicy",
        "tagpolicy",
        "untagpolicy",
    )
)


def _aws_managed_policies(request: Request, _owner: str | None) -> str | None:
    """AWS-managed policies cannot be edited (EVAL-51)."""
    arn = request.target.arn
    if (
        arn is not None
        and arn.service == "iam"
        and arn.account == "aws"
        and request.action.lower() in _EDITS_POLICY
    ):
        return "AWS-managed policies cannot be edited (EVAL-51)"
    return None


_ALIAS_ACTIONS = frozenset({"kms:createalias", "kms:deletealias", "kms:updatealias"})


def _aws_aliases(request: Request, _owner: str | None) -> str | None:
    """`alias/aws/` belongs to AWS (EVAL-53)."""
    arn = request.target.arn
    if arn is not None and arn.resource.startswith("alias/aws/") and request.action.lower() in _ALIAS_ACTIONS:
        return "aliases under alias/aws/ cannot be created, changed or deleted (EVAL-53)"
    return None


def _key_by_alias(request: Request, _owner: str | None) -> str | None:
    """A call that names a key by its alias is authorized on the key (KMS-9)."""
    arn = request.target.arn
    if arn is None or arn.service != "kms" or arn.resource_type != "alias":
        return None
    if request.service != "kms" or request.action.lower() in _ALIAS_ACTIONS:
        return None
    return f"{request.action} is authorized on the key, never on an alias of it (KMS-9)"


_RULES: tuple[Rule, ...] = (
    _other_partition,
    _mistyped_resource,
    _through_access_point,
    _owner_account_only,
    _proven_by_a_provider,
    _root_assumes_nothing,
    _session_token_for_users,
    _federated_user_limits,
    _iam_stays_inside,
    _foreign_provider,
    _reserved_roles,
    _aws_managed_policies,
    _aws_aliases,
    _key_by_alias,
)
