"""AWS's decision procedure, over formulas. It reads like `authorize_one` of evaluation.md chapter 4.

Source: evaluation.md EVAL-1 to EVAL-53, ORG-1 to ORG-25, VPCE-1 to VPCE-3, STS-1 to STS-7, KMS-1 to KMS-6.
"""

from __future__ import annotations

from functools import lru_cache

from pathfinder.authorization.caller import (
    Anonymous,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    ServiceCaller,
    UserCaller,
    account_of,
)
from pathfinder.authorization.decision import Decision, Layer, LayerKind, Strength
from pathfinder.authorization.evaluate import NOTHING, Answer, ask, by_principal, unread_acl
from pathfinder.authorization.grants import grants_layer
from pathfinder.authorization.notprincipal import incomplete_lists
from pathfinder.authorization.objects import ANONYMOUS_OWNER, owned_elsewhere, owner_text
from pathfinder.authorization.principals import PrincipalScene
from pathfinder.authorization.request import Endpoint, Policies, Request
from pathfinder.authorization.rules import is_cryptographic, needs_no_permission, refusal, unsigned_is_refused
from pathfinder.aws.arn import is_account_id
from pathfinder.aws.services import rcp_supported
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    KeyTest,
    Unknown,
    all_of,
    any_of,
    constant,
    negate,
    one,
    present,
    rewrite,
)
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.policy.compile import Compiler
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.document import SomePolicy, Unread

ELSEWHERE = ""
"""Stands for an account that is not the caller's, where the owner is not known (TERM-5)."""


def decide(request: Request, policies: Policies, compiler: Compiler) -> Decision:
    """Decide one authorization: when it is allowed, when explicitly denied, and why.

    Where the resource's account is not known, both readings are made, and what they disagree on is unknown
    (TERM-5).
    """
    account = account_of(request.caller)
    if request.resource_account is not None or account is None or request.target.arn is None:
        return _decide(request, request.resource_account or account, policies, compiler)
    inside = _decide(request, account, policies, compiler)
    outside = _decide(request, ELSEWHERE, policies, compiler)
    owner = Unknown(f"which account owns {request.target.arn} is not known")
    return Decision(
        allowed=_either(inside.allowed, outside.allowed, owner),
        denied=_either(inside.denied, outside.denied, owner),
        layers=inside.layers,
        warnings=(*inside.warnings, owner.reason),
    )


def grantable(request: Request, policies: Policies, compiler: Compiler) -> bool:
    """Whether some policy grants the request under some condition, all limits and Denies left aside.

    Where it says no, `decide` says FALSE; it is there to ask less. Owner and caller must be known.
    """
    scene = PrincipalScene(request.caller, request.service, request.context, policies.canonical_ids)
    owner = request.resource_account
    resource = _resource_answer(request, owner, policies, compiler, scene)
    acl = _acl_answer(request, policies, compiler, scene)
    identity = _principal_answer(request, policies.identity, compiler)
    if grants_layer(policies.grants, request, scene) is not None:
        return True
    return _granted(request, owner, policies, resource, acl, identity.allowed, TRUE, TRUE) != FALSE


def _either(left: Formula, right: Formula, unknown: Unknown) -> Formula:
    return left if left == right else any_of(all_of(left, right), all_of(unknown, any_of(left, right)))


def _decide(request: Request, owner: str | None, policies: Policies, compiler: Compiler) -> Decision:
    refused = unsigned_is_refused(request) or _payer_is_missing(request, policies)
    if refused is not None:
        return Decision(FALSE, FALSE, (Layer(LayerKind.RULE, True, FALSE, note=refused),))
    if needs_no_permission(request):
        note = f"{request.action} needs no permission (STS-22, STS-24)"
        return Decision(TRUE, FALSE, (Layer(LayerKind.RULE, True, TRUE, note=note),))

    scene = PrincipalScene(request.caller, request.service, request.context, policies.canonical_ids)
    limits = (
        _rule_layer(request, owner, policies),
        *_origin_layers(request, policies),
        *_rcp_layers(request, policies, compiler, scene),
        *_scp_layers(request, policies, compiler),
        *_endpoint_layers(request, policies, compiler, scene),
        _public_access_layer(request, owner, policies),
    )
    resource = _resource_answer(request, owner, policies, compiler, scene)
    acl = _acl_answer(request, policies, compiler, scene)
    identity = _principal_answer(request, policies.identity, compiler)
    boundary = _boundary_layer(request, policies, compiler)
    session = _session_layer(request, policies, compiler)

    granted = _granted(
        request, owner, policies, resource, acl, identity.allowed, boundary.allows, session.allows
    )
    grants = grants_layer(policies.grants, request, scene)
    if grants is not None:
        granted = any_of(granted, grants.allows)
    layers = (
        *limits,
        _resource_layer(request, owner, policies, resource),
        *((grants,) if grants is not None else ()),
        *_acl_layer(request, owner, policies, acl),
        Layer(
            LayerKind.IDENTITY,
            account_of(request.caller) is not None and not isinstance(request.caller, RootUser),
            identity.allowed,
            identity.denies,
            identity.matches,
        ),
        boundary,
        session,
    )
    denied = any_of(*(layer.denies for layer in layers if layer.applies))
    gates = all_of(*(layer.allows for layer in limits if layer.applies))
    return Decision(
        allowed=all_of(negate(denied), gates, granted),
        denied=denied,
        layers=layers,
        warnings=incomplete_lists(policies.resource, request),
    )


def _granted(
    request: Request,
    owner: str | None,
    policies: Policies,
    resource: Answer,
    acl: Answer,
    identity: Formula,
    boundary: Formula,
    session: Formula,
) -> Formula:
    """When something grants the request, limits of the principal's own included (EVAL-10 to EVAL-45).

    An object that the bucket's owner does not own is granted by its own owner alone: there the bucket policy
    counts for its Denies only (S3-4).
    """
    inside = account_of(request.caller) == owner
    own = _granted_by(request, resource.joined(acl), identity, boundary, session, inside=inside)
    elsewhere = owned_elsewhere(request, owner, policies.foreign_objects)
    found = [all_of(negate(any_of(*(each.holds for each in elsewhere))), own)]
    for each in elsewhere:
        theirs, others = (
            _granted_by(request, acl, identity, boundary, session, inside=inside) for inside in (True, False)
        )
        match _is_account(account_of(request.caller), each.owner, policies):
            case bool(inside):
                granted = theirs if inside else others
            case unknown:
                granted = _either(others, theirs, unknown)
        if each.counts != TRUE:
            assert isinstance(each.counts, Unknown)
            granted = _either(
                _reading(own, each.counts, FALSE), _reading(granted, each.counts, TRUE), each.counts
            )
        found.append(all_of(each.holds, granted))
    return any_of(*found)


def _granted_by(
    request: Request,
    resource: Answer,
    identity: Formula,
    boundary: Formula,
    session: Formula,
    *,
    inside: bool,
) -> Formula:
    """When it is granted, `resource` being what the owner grants; `inside`: the caller belongs to the owner."""
    if isinstance(request.caller, (Anonymous, ServiceCaller, IdentityProviderCaller)):
        return resource.allowed
    limits = all_of(boundary, session)
    if inside:
        return _same_account(request, resource, identity, limits, boundary)
    by_root = isinstance(request.caller, RootUser)  # needs no identity-based policy (EVAL-31)
    return _cross_account(resource, limits if by_root else all_of(identity, limits))


def _reading(formula: Formula, unknown: Unknown, value: Formula) -> Formula:
    """The formula, were this unknown known to be so."""
    return rewrite(formula, lambda leaf: value if leaf == unknown else leaf)


def _is_account(account: str | None, owner: str, policies: Policies) -> bool | Unknown:
    """Whether the account is this owner, who may be known by a canonical user id alone."""
    if account is None or is_account_id(owner) or account == owner or owner == ANONYMOUS_OWNER:
        return account == owner
    if not is_account_id(account) or account in policies.canonical_ids.values():
        return False
    return Unknown(f"which account owns the canonical user id {owner[:12]}… is not known")


def _same_account(
    request: Request, resource: Answer, identity: Formula, limits: Formula, boundary: Formula
) -> Formula:
    """Allowed by a direct grant, by a role grant within limits, or by the identity side (EVAL-10 to EVAL-14).

    The root user needs none of these; a privileged session of it stays within its task policy (EVAL-30, STS-23).
    """
    trust = resource.allowed if _needs_explicit_trust(request) else TRUE
    if isinstance(request.caller, RootUser):
        return all_of(trust, limits)
    direct = resource.strength(Strength.DIRECT)
    if isinstance(request.caller, UserCaller) and _assumes_role(request):
        direct = all_of(direct, boundary)  # D-3: the user's boundary must allow it as well
    unread = resource.allows.get(None, FALSE)  # a policy that is not known may grant directly
    delegated: Formula = TRUE
    if _needs_explicit_trust(request):
        delegated = any_of(resource.strength(Strength.ACCOUNT), unread)
    return any_of(
        direct,
        all_of(resource.strength(Strength.ROLE), limits),
        unread,
        all_of(delegated, identity, limits),
    )


def _cross_account(resource: Answer, principal_side: Formula) -> Formula:
    """Both accounts must allow: the resource's policies, and the principal's own (EVAL-20 to EVAL-22)."""
    return all_of(resource.allowed, principal_side)


def _needs_explicit_trust(request: Request) -> bool:
    """Roles being assumed and KMS keys: nothing without their own policy's Allow (EVAL-14, KMS-2)."""
    arn = request.target.arn
    if arn is None:
        return False
    return (request.service == "sts" and arn.is_role) or (
        request.service == "kms" and arn.service == "kms" and arn.resource_type == "key"
    )


def _assumes_role(request: Request) -> bool:
    return request.action.lower() == "sts:assumerole"


def _rule_layer(request: Request, owner: str | None, policies: Policies) -> Layer:
    reason = refusal(request, owner)
    if reason is None and is_cryptographic(request.action):
        reason = policies.unusable
    return Layer(LayerKind.RULE, reason is not None, constant(reason is None), note=reason)


def _origin_layers(request: Request, policies: Policies) -> tuple[Layer, ...]:
    """An access point of a VPC takes requests from nowhere else (S3-52)."""
    if policies.only_vpc is None:
        return ()
    inside = fold_test(one("aws:sourcevpc", StringTest((exact(policies.only_vpc),))), request.context)
    note = f"the access point takes requests from {policies.only_vpc} alone (S3-52)"
    return (Layer(LayerKind.RULE, True, inside, note=note),)


def _scp_layers(request: Request, policies: Policies, compiler: Compiler) -> tuple[Layer, ...]:
    """Every level must allow; they bind users, sessions and roots of member accounts (ORG-1 to ORG-7)."""
    if policies.scp is None:
        return (Layer(LayerKind.SCP, False, TRUE, note="no service control policies apply"),)
    match request.caller:
        case Anonymous() | ServiceCaller() | IdentityProviderCaller():
            return (Layer(LayerKind.SCP, False, TRUE, note="they bind principals of accounts only (ORG-2)"),)
        case RoleSession() as session if session.service_linked:
            return (Layer(LayerKind.SCP, False, TRUE, note="they do not bind service-linked roles (ORG-2)"),)
        case _:
            pass
    layers = []
    for level in policies.scp:
        answer = ask(level.policies, request, compiler)
        layers.append(answer.layer(LayerKind.SCP, level.name))
    return tuple(layers)


def _rcp_layers(
    request: Request, policies: Policies, compiler: Compiler, scene: PrincipalScene
) -> tuple[Layer, ...]:
    """Only their Denies matter, RCPFullAWSAccess being everywhere (ORG-20 to ORG-25)."""
    note = _rcp_exemption(request, policies)
    if note is not None or policies.rcp is None:
        return (Layer(LayerKind.RCP, False, TRUE, note=note),)
    layers = []
    for level in policies.rcp:
        answer = ask(level.policies, request, compiler, by_principal(scene, bounded=False))
        layers.append(answer.layer(LayerKind.RCP, level.name))
    return tuple(layers)


def _rcp_exemption(request: Request, policies: Policies) -> str | None:
    if policies.rcp is None:
        return "no resource control policies apply"
    if not rcp_supported(request.service):
        return f"{request.service} does not support them (ORG-20)"
    if request.action.lower() == "kms:retiregrant":
        return "they never restrict kms:RetireGrant (ORG-21)"
    if isinstance(request.caller, RoleSession) and request.caller.service_linked:
        return "they do not bind service-linked roles (ORG-21)"
    arn = request.target.arn
    if arn is not None and arn.is_role and arn.path.startswith("/aws-service-role/"):
        return "they do not guard service-linked roles (ORG-21)"
    return None


def _endpoint_layers(
    request: Request, policies: Policies, compiler: Compiler, scene: PrincipalScene
) -> tuple[Layer, ...]:
    """Requests through an endpoint need its policy's Allow (VPCE-1 to VPCE-3)."""
    if isinstance(request.caller, ServiceCaller):
        return (Layer(LayerKind.ENDPOINT, False, TRUE, note="services do not use your endpoints"),)
    layers = []
    for endpoint in policies.endpoints:
        via = fold_test(_travels(endpoint), request.context)
        if via == FALSE:
            layers.append(Layer(LayerKind.ENDPOINT, False, TRUE, level=endpoint.id, note="not through it"))
            continue
        through = PrincipalScene(
            scene.caller, scene.service, scene.context, scene.canonical_ids, gateway_endpoint=endpoint.gateway
        )
        answer = ask((endpoint.policy,), request, compiler, by_principal(through, bounded=False))
        layers.append(answer.layer_of_endpoint(endpoint.id, via))
    return tuple(layers)


def _travels(endpoint: Endpoint) -> KeyTest:
    return _travels_by(endpoint.id)


@lru_cache(maxsize=1 << 12)
def _travels_by(endpoint: str | None) -> KeyTest:
    if endpoint is None:
        return present("aws:sourcevpce")
    return one("aws:sourcevpce", StringTest((exact(endpoint),)))


def _public_access_layer(request: Request, owner: str | None, policies: Policies) -> Layer:
    """RestrictPublicBuckets: a public policy serves the owner's account and services alone (BPA-5)."""
    access = policies.public_access
    account = account_of(request.caller)
    inside = account is not None and (account == owner or (access is not None and account in access.inside))
    if access is None or access.restricted is False or access.public is False:
        return Layer(LayerKind.PUBLIC_ACCESS, False, TRUE)
    if inside or isinstance(request.caller, ServiceCaller):
        note = "it does not restrict the owner's account and AWS services (BPA-5)"
        return Layer(LayerKind.PUBLIC_ACCESS, False, TRUE, note=note)
    note = "the policy is public and RestrictPublicBuckets is on (BPA-5, BPA-10)"
    if access.restricted and access.public:
        return Layer(LayerKind.PUBLIC_ACCESS, True, FALSE, note=note)
    unknown = Unknown("whether RestrictPublicBuckets closes the bucket is not known")
    return Layer(LayerKind.PUBLIC_ACCESS, True, unknown, note=unknown.reason)


_BUCKET_POLICY_CALLS = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})


def _resource_answer(
    request: Request, owner: str | None, policies: Policies, compiler: Compiler, scene: PrincipalScene
) -> Answer:
    """The resource's own policies. A role's trust policy governs sts alone, not iam (EVAL-52)."""
    if request.service == "iam":
        return NOTHING
    bounded = policies.boundary is not None
    answer = ask(policies.resource, request, compiler, by_principal(scene, bounded=bounded))
    own_root = isinstance(request.caller, RootUser) and request.caller.arn.account == owner
    if own_root and request.action.lower() in _BUCKET_POLICY_CALLS:
        # EVAL-33: the owner's root user can always mend the bucket policy
        return Answer(answer.allows, FALSE, answer.matches)
    return answer


def _resource_layer(request: Request, owner: str | None, policies: Policies, answer: Answer) -> Layer:
    applies, matches = bool(policies.resource) or answer.allowed != FALSE, answer.matches
    for each in owned_elsewhere(request, owner, policies.foreign_objects):
        if each.holds == TRUE and each.counts == TRUE:
            note = f"its Allows give nothing on this object, which {owner_text(each.owner)} owns (S3-4)"
            return Layer(LayerKind.RESOURCE, applies, FALSE, answer.denies, matches, note=note)
    return Layer(LayerKind.RESOURCE, applies, answer.allowed, answer.denies, matches)


def _acl_answer(request: Request, policies: Policies, compiler: Compiler, scene: PrincipalScene) -> Answer:
    """What ACLs grant; they cannot deny (S3-22)."""
    found = NOTHING
    for each in policies.acl:
        if isinstance(each.policy, Unread):
            answer = unread_acl(each, request)
        else:
            answer = ask((each.policy,), request, compiler, by_principal(scene, bounded=False))
        found = found.joined(answer.under(each.counts))
    return found


def _acl_layer(request: Request, owner: str | None, policies: Policies, answer: Answer) -> tuple[Layer, ...]:
    """Shown only where there is something to say: most buckets have no ACL that counts."""
    elsewhere = [
        each
        for each in owned_elsewhere(request, owner, policies.foreign_objects)
        if each.holds != FALSE and request.target.open_prefix is None
    ]
    if not elsewhere and not policies.acl:
        return ()
    note = f"the object's owner is {owner_text(elsewhere[0].owner)} (S3-4)" if elsewhere else None
    return (Layer(LayerKind.ACL, True, answer.allowed, FALSE, answer.matches, note=note),)


def _payer_is_missing(request: Request, policies: Policies) -> str | None:
    """An unsigned request has nobody who could pay for it (S3-46, EVAL-40)."""
    if policies.requester_pays and isinstance(request.caller, Anonymous):
        return "who asks pays here, so unsigned requests are refused (S3-46)"
    return None


def _principal_answer(request: Request, policies: tuple[SomePolicy, ...], compiler: Compiler) -> Answer:
    if isinstance(request.caller, (RootUser, Anonymous, ServiceCaller, IdentityProviderCaller)):
        return NOTHING
    return ask(policies, request, compiler)


def _boundary_layer(request: Request, policies: Policies, compiler: Compiler) -> Layer:
    if policies.boundary is None or isinstance(request.caller, RootUser):
        return Layer(LayerKind.BOUNDARY, False, TRUE)
    answer = _principal_answer(request, (policies.boundary,), compiler)
    return answer.layer(LayerKind.BOUNDARY)


def _session_layer(request: Request, policies: Policies, compiler: Compiler) -> Layer:
    """All session policies form one set; a federated user without any may nothing (LANG-9, STS-21).

    That of a root user's session is the task policy that AssumeRoot gave it (TERM-7, STS-23).
    """
    if policies.session is None:
        if isinstance(request.caller, FederatedUser):
            note = "a GetFederationToken session without a session policy has no permissions (STS-21)"
            return Layer(LayerKind.SESSION, True, FALSE, note=note)
        return Layer(LayerKind.SESSION, False, TRUE)
    if isinstance(request.caller, RootUser):
        answer = ask(policies.session, request, compiler)
    else:
        answer = _principal_answer(request, policies.session, compiler)
    return answer.layer(LayerKind.SESSION)
