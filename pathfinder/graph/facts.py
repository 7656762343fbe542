"""What AWS itself puts into a request's context: keys fixed by principal, resource and action; the rest is open.

Source: evaluation.md chapter 6, KEY-1 to KEY-6, TERM-7, VPCE-5, D-21.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pathfinder.authorization.caller import (
    Anonymous,
    Caller,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    ServiceCaller,
    UserCaller,
    account_of,
)
from pathfinder.aws.arn import AccountId, Arn, is_account_id
from pathfinder.aws.catalogue import supports_key
from pathfinder.aws.condition_keys import Controller, key_facts
from pathfinder.graph.principals import Actor
from pathfinder.graph.standing import Place
from pathfinder.policy.context import (
    ABSENT,
    OPEN,
    PRESENT,
    PRESENT_OR_EMPTY,
    SESSION_NAME,
    Composed,
    Context,
    KeyState,
    Unsure,
    Values,
)


@dataclass(frozen=True, slots=True, eq=False)
class UnsureTags:
    """Tags of which it is not known, for this reason, whether requests show them. `tags` None: nor which (S3-26)."""

    reason: str
    tags: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PointFacts:
    """What a request's context tells of the access point that it goes through, on whichever level (S3-50).

    `bucket`: the one behind it that serves the request; `bucket_account`: its account, None where not known;
    `bucket_tags`: as in `ResourceFacts`. `vpc`: the VPC that is the origin, None for Internet. `changed`: the
    access point, where it is not the snapshot's but as an escalation makes it.
    """

    arn: Arn
    bucket: Arn
    vpc: str | None = None
    bucket_account: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    bucket_tags: Mapping[str, str] | None = None
    unsure_bucket_tags: UnsureTags | None = None
    changed: object = None


@dataclass(frozen=True, slots=True, eq=False)
class ResourceFacts:
    """What a request's context tells of the resource. `tags` None: tags take no part (S3-26).

    `unsure_tags`: those that may take part. `object_tags`: of the one object that is asked about, where known.

    `place`: where the account stands that aws:ResourceAccount names: the bucket's, through an access point too.
    """

    place: Place
    tags: Mapping[str, str] | None = None
    through: PointFacts | None = None
    unsure_tags: UnsureTags | None = None
    object_tags: Mapping[str, str] | None = None


_SERVICE_SESSION_KEYS = {
    "lambda:source": "lambda.amazonaws.com",
    "ec2:sourceinstance": "ec2.amazonaws.com",
    "aws:ec2instance": "ec2.amazonaws.com",
    "ec2:roledelivery": "ec2.amazonaws.com",
    "ssm:source": "ssm.amazonaws.com",
    "ecs:source": "ecs-tasks.amazonaws.com",
    "glue:": "glue.amazonaws.com",
}
"""Keys of sessions whose credentials a service delivers, and that service."""

LASTING_CLAIMS = frozenset(
    {"saml:sub", "saml:namequalifier", "saml:sub_type"}
    | {
        f"{host}:{claim}"
        for host in ("cognito-identity.amazonaws.com", "accounts.google.com")
        for claim in ("aud", "sub")
    }
    | {f"www.amazon.com:{claim}" for claim in ("app_id", "user_id")}
    | {f"graph.facebook.com:{claim}" for claim in ("app_id", "id")}
)
"""Claims that later requests of a federated session still carry; all others stand in its first call alone."""


def delivering_service(key: str) -> str | None:
    """The service whose delivered sessions alone carry the key, None for all other keys (STS-34)."""
    return next((name for each, name in _SERVICE_SESSION_KEYS.items() if key.startswith(each)), None)


_SIGNATURE_KEYS = frozenset({"s3:authtype", "s3:signatureversion", "s3:signatureage"})
ROLE_TAGS = ("aws:resourcetag/", "iam:resourcetag/")
"""Keys of the tags on the role that is to be assumed; for other resources aws:ResourceTag of theirs."""
_ENDPOINT_KEYS = ("aws:sourcevpc", "aws:vpce", "aws:vpcsourceip")
_ACCESS_POINT_KEYS = frozenset(
    {
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
        "s3:accesspointnetworkorigin",
        "s3:accessgrantsinstancearn",
    }
)
_SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"}
)
_ALWAYS = frozenset(
    {"aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:useragent", "aws:requestedregion"}
)


def request_context(actor: Actor, place: Place, action: str, resource: ResourceFacts) -> Context:
    """The context of the actor's request, with all that AWS fixes and the rest open (KEY-1)."""
    states: dict[str, KeyState] = {}
    states.update(_principal_states(actor, place))
    states.update(_resource_states(action, resource))
    if action.lower().startswith("sts:") and "tags" in actor.trusted:
        # A transitive tag that the caller's session inherited replaces the role's own (STS-32).
        states.update({key: PRESENT_OR_EMPTY for key in states if key.startswith(ROLE_TAGS)})
    states.update(dict.fromkeys(_ALWAYS, PRESENT))
    if action.lower().startswith("sts:assumerole"):
        states["sts:rolesessionname"] = PRESENT
    if resource.through is not None:
        states.update(access_point_states(resource.through))
    account = account_of(actor.caller)
    if account is not None and action.lower().startswith("kms:"):
        known = is_account_id(account)
        states["kms:calleraccount"] = Values((account,)) if known else Composed("", "aws:principalaccount")
    if action.lower().startswith("s3:"):
        states.update(actor.carries)
    states["aws:viaawsservice"] = Values(("false",)) if account_of(actor.caller) is None else PRESENT
    otherwise = _other_keys(actor, action, resource)
    if action.lower().startswith("s3:") or resource.unsure_tags is not None:
        otherwise = _with_tags(states, action, resource, otherwise)
    return Context(states, otherwise)


_OBJECT_TAG = "s3:existingobjecttag/"


def _with_tags(
    states: dict[str, KeyState],
    action: str,
    resource: ResourceFacts,
    otherwise: Callable[[str], KeyState],
) -> Callable[[str], KeyState]:
    """Put in the tags of the object, and those that may count; gives the rule for all other keys (S3-26).

    An object's tags are those of its current version.
    """
    unread: dict[str, str] = {}
    for prefix, unsure in _unsure_tags(resource):
        if unsure.tags is None:
            unread[prefix] = unsure.reason
        for key, shown in tag_states(prefix, unsure.tags or {}).items():
            states[key] = Unsure(unsure.reason, shown.values)
    tags = None if "version" in action.lower() else resource.object_tags
    if tags is not None and supports_key(action, f"{_OBJECT_TAG}k") is not False:
        states.update(tag_states(_OBJECT_TAG, tags))

    def state(key: str) -> KeyState:
        if tags is not None and key.startswith(_OBJECT_TAG):
            return ABSENT
        reason = next((why for prefix, why in unread.items() if key.startswith(prefix)), None)
        return Unsure(reason) if reason is not None else otherwise(key)

    return state if unread or tags is not None else otherwise


def _unsure_tags(resource: ResourceFacts) -> Iterator[tuple[str, UnsureTags]]:
    """Prefixes of keys, and the tags that they may show."""
    own, through = resource.unsure_tags, resource.through
    if own is not None:
        yield "aws:resourcetag/", own
    of_bucket = own if through is None else through.unsure_bucket_tags
    if of_bucket is not None:
        yield "s3:buckettag/", of_bucket


def _principal_states(actor: Actor, place: Place) -> dict[str, KeyState]:
    caller = actor.caller
    states: dict[str, KeyState] = {}
    match caller:
        case Anonymous():
            states["aws:principalaccount"] = Values(("anonymous",))
            states["aws:principaltype"] = Values(("Anonymous",))
            states["aws:userid"] = Values(("anonymous",))
            states["aws:principalisawsservice"] = ABSENT
            return states
        case ServiceCaller(name):
            states["aws:principalisawsservice"] = Values(("true",))
            states["aws:principalservicename"] = Values((name,)) if name != "*" else PRESENT
            states["aws:principalservicenameslist"] = OPEN
            if name not in SERVICES_THAT_PASS:
                states.update(dict.fromkeys(_PASSED, ABSENT))
            if name in _NO_EXTERNAL_ID:
                states["sts:externalid"] = ABSENT
            states.update(dict.fromkeys(_SOURCE_KEYS, OPEN))
            return states
        case IdentityProviderCaller():
            return states
        case RootUser(arn):
            states["aws:principaltype"] = Values(("Account",))
            states["aws:principalarn"] = Values((str(arn),))
            states["aws:userid"] = Values((arn.account,))
            states.update(dict.fromkeys(_MFA, OPEN))
        case UserCaller(arn, unique_id):
            exact_user = "*" not in arn.resource
            states["aws:principaltype"] = Values(("User",)) if exact_user else PRESENT
            states["aws:principalarn"] = Values((str(arn),)) if exact_user else PRESENT
            states["aws:username"] = Values((arn.name,)) if exact_user else OPEN
            states["aws:userid"] = Values((unique_id,)) if unique_id else PRESENT
            states.update(dict.fromkeys(_MFA, OPEN))
        case RoleSession(role, session, unique_id):
            states["aws:principaltype"] = Values(("AssumedRole",))
            states["aws:principalarn"] = Values((str(role),))
            states["aws:userid"] = _session_userid(unique_id, session)
            states["aws:tokenissuetime"] = PRESENT
        case FederatedUser(arn):
            states["aws:principaltype"] = Values(("FederatedUser",))
            states["aws:principalarn"] = Values((str(arn),))
            states["aws:userid"] = Values((f"{arn.account}:{arn.name}",))
            states["aws:tokenissuetime"] = PRESENT
    states["aws:principalisawsservice"] = Values(("false",))
    account = account_of(caller)
    assert account is not None
    states["aws:principalaccount"] = Values((account,))
    if not is_account_id(account):  # any account outside, or one known by a canonical user id alone (S3-22)
        states.update(dict.fromkeys(("aws:principalaccount", "aws:principalarn", "aws:userid"), PRESENT))
    states.update(organization_states("aws:principal", place))
    for key, value in actor.tags.items():
        state: KeyState = PRESENT_OR_EMPTY if "tags" in actor.trusted else Values((value,))
        states[f"aws:principaltag/{key.lower()}"] = state
    return states


SERVICES_THAT_PASS = frozenset({"pods.eks.amazonaws.com", "rolesanywhere.amazonaws.com"})
"""Services that pass session tags or a source identity to the sessions that they start (STS-43, STS-45)."""
CERTIFICATES = "rolesanywhere.amazonaws.com"
"""The service whose requests carry what a certificate says as tags of the principal (STS-45)."""
_NO_EXTERNAL_ID = frozenset({*_SERVICE_SESSION_KEYS.values(), "pods.eks.amazonaws.com"})
"""Services that deliver sessions to code that runs; they pass no external id, as others may that are configured to."""
_PASSED = ("aws:tagkeys", "sts:transitivetagkeys", "sts:sourceidentity")
_MFA = ("aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime")


def _session_userid(unique_id: str | None, session: object) -> KeyState:
    if unique_id is None:
        return PRESENT
    if isinstance(session, str):
        return Values((f"{unique_id}:{session}",))
    return Composed(f"{unique_id}:", SESSION_NAME)


def organization_states(prefix: str, place: Place) -> dict[str, KeyState]:
    """The two keys of this prefix that tell an account's organization and its place in it."""
    if not place.known:
        return {f"{prefix}orgid": OPEN, f"{prefix}orgpaths": OPEN}
    if place.organization is None or place.account is None:
        return {f"{prefix}orgid": ABSENT, f"{prefix}orgpaths": ABSENT}
    path = place.organization.path_text(AccountId(place.account))
    return {
        f"{prefix}orgid": Values((place.organization.id,)),
        f"{prefix}orgpaths": Values((path,), multivalued=True),
    }


def _resource_states(action: str, resource: ResourceFacts) -> dict[str, KeyState]:
    service = action.partition(":")[0].lower()
    states: dict[str, KeyState] = {}
    account: KeyState = PRESENT if resource.place.account is None else Values((resource.place.account,))
    states["aws:resourceaccount"] = account
    if service == "s3":
        states["s3:resourceaccount"] = account
        states.update(dict.fromkeys(_ACCESS_POINT_KEYS, ABSENT))
    states.update(organization_states("aws:resource", resource.place))
    prefixes = ["aws:resourcetag/"]
    if service == "s3" and resource.through is None:
        prefixes.append("s3:buckettag/")
    if service in ("iam", "sts"):
        prefixes.append("iam:resourcetag/")
    for prefix in prefixes:
        states.update(tag_states(prefix, resource.tags or {}))
    return states


def tag_states(prefix: str, tags: Mapping[str, str]) -> dict[str, Values | Unsure]:
    """The keys of a resource's tags; which of several that differ only in case counts, nobody can tell (COND-3)."""
    found: dict[str, set[str]] = {}
    for key, value in tags.items():
        found.setdefault(key.lower(), set()).add(value)
    reason = "of tags {} that differ only in case, which one conditions see is not known (COND-3)"
    return {
        f"{prefix}{key}": Values(tuple(values)) if len(values) == 1 else Unsure(reason.format(key))
        for key, values in found.items()
    }


def access_point_states(point: PointFacts) -> dict[str, KeyState]:
    """The keys of requests through an access point: HTTPS, signed by version 4 (S3-54, chapter 6)."""
    states: dict[str, KeyState] = {
        "s3:dataaccesspointarn": Values((str(point.arn),)),
        "s3:dataaccesspointaccount": Values((point.arn.account,)),
        "s3:accesspointnetworkorigin": Values(("VPC" if point.vpc else "Internet",)),
        "aws:securetransport": Values(("true",)),
    }
    if point.arn.region:
        states["s3:signatureversion"] = Values(("AWS4-HMAC-SHA256",))
    states.update(tag_states("s3:accesspointtag/", point.tags))
    states.update(tag_states("s3:buckettag/", point.bucket_tags or {}))
    return states


def _other_keys(actor: Actor, action: str, resource: ResourceFacts) -> Callable[[str], KeyState]:
    """The state of every key that is not fixed: absent where AWS would not send it, else open."""
    service = action.partition(":")[0].lower()
    caller = actor.caller
    is_role = isinstance(caller, RoleSession) or (
        isinstance(caller, UserCaller) and "*" in caller.arn.resource
    )
    signed_by_account = account_of(caller) is not None
    of_federated = isinstance(caller, FederatedUser) and caller.user is not None
    by_certificate = isinstance(caller, ServiceCaller) and caller.name == CERTIFICATES
    passes_nothing = isinstance(caller, ServiceCaller) and caller.name not in SERVICES_THAT_PASS

    def state(key: str) -> KeyState:
        prefix, _, name = key.partition(":")
        if passes_nothing and key.startswith("aws:requesttag/"):
            return ABSENT
        if of_federated and key.startswith(_OF_TOKEN):
            return Unsure(_TOKEN_UNKNOWN)
        if key.startswith("aws:principaltag/"):
            return OPEN if "tags" in actor.trusted or by_certificate else ABSENT
        if key.startswith(ROLE_TAGS):
            return OPEN if service == "sts" and "tags" in actor.trusted else ABSENT
        if key.startswith(("s3:buckettag/", "s3:accesspointtag/")):
            return ABSENT
        if key in _SOURCE_KEYS:
            return ABSENT
        if key.startswith("aws:principalservicename"):
            return ABSENT
        if key == "aws:sourceidentity":
            return OPEN if is_role and "source-identity" in actor.trusted else ABSENT
        delivering = delivering_service(key)
        if delivering is not None:
            return OPEN if is_role and delivering in actor.trusted else ABSENT
        if prefix == "identitystore":
            return OPEN if is_role and "federated" in actor.trusted else ABSENT
        if not signed_by_account and (key.startswith("aws:calledvia") or key in _SIGNATURE_KEYS):
            return ABSENT
        if isinstance(caller, ServiceCaller) and key.startswith(_ENDPOINT_KEYS):
            return ABSENT
        if key == "aws:federatedprovider":
            return OPEN if is_role and "federated" in actor.trusted else ABSENT
        if prefix == "aws":
            facts = key_facts(key)
            if facts is None or key == "aws:assumedroot":
                return ABSENT
            if Controller.PRINCIPAL in facts.controllers:
                return ABSENT
            if Controller.SESSION in facts.controllers and not signed_by_account:
                return ABSENT
            sure = isinstance(caller, RoleSession)
            return ABSENT if sure and key.startswith("aws:multifactorauth") else OPEN
        if prefix in ("saml",) or "." in prefix:
            return _federation_key(key, name, caller, actor)
        if prefix != service:
            return ABSENT
        if key == "sts:rolesessionname":
            return PRESENT
        return ABSENT if supports_key(action, key) is False else OPEN

    return state


_OF_TOKEN = ("aws:principaltag/", "aws:multifactorauth")
_TOKEN_UNKNOWN = (
    "of sessions of sts:GetFederationToken, neither tags nor what they say of MFA is followed (STS-21, D-21)"
)
"""Their session tags and their user's may count (STS-30)."""


def _federation_key(key: str, name: str, caller: Caller, actor: Actor) -> KeyState:
    """Claims: in the provider's own call, and in the first session's later requests (chapter 6)."""
    if isinstance(caller, IdentityProviderCaller):
        host = caller.provider.partition("oidc-provider/")[2] or caller.provider
        if key.startswith("saml:"):
            return OPEN if ":saml-provider/" in caller.provider else ABSENT
        if key.rpartition(":")[0] != host.lower():
            return ABSENT
        return PRESENT if name in ("aud", "sub") else OPEN
    lasts = isinstance(caller, RoleSession) and "federated" in actor.trusted and key in LASTING_CLAIMS
    return OPEN if lasts else ABSENT
