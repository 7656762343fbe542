"""KMS grants: an Allow of its own for a grantee, some operations, and an encryption context. Source: KMS-6, EVAL-25."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinder.authorization.caller import RootUser, account_of
from pathfinder.authorization.decision import Layer, LayerKind, Match, Strength
from pathfinder.authorization.principals import PrincipalScene, match_principal
from pathfinder.authorization.request import Request
from pathfinder.logic.formula import (
    FALSE,
    TRUE,
    Formula,
    KeyTest,
    Quantifier,
    Unknown,
    all_of,
    any_of,
    one,
    present,
    rewrite,
)
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.resources import KmsGrant
from pathfinder.policy.conditions import fold_test
from pathfinder.policy.context import Context
from pathfinder.policy.document import Effect, PolicyKind, PrincipalElement


def grants_layer(grants: Iterable[KmsGrant], request: Request, scene: PrincipalScene) -> Layer | None:
    """When a live grant covers the request; None where the key has none. It overrides no Deny and no limit."""
    matches = [
        Match(PolicyKind.GRANT, grant.id, str(request.target.arn), "grant", number, Effect.ALLOW, covered)
        for number, grant in enumerate(grants)
        if (covered := _covers(grant, request, scene)) != FALSE
    ]
    if not matches:
        return None
    return Layer(
        LayerKind.GRANT, True, any_of(*(match.condition for match in matches)), matches=tuple(matches)
    )


def _covers(grant: KmsGrant, request: Request, scene: PrincipalScene) -> Formula:
    operation = request.action.partition(":")[2].lower()
    if operation not in (each.lower() for each in grant.operations):
        return FALSE
    return all_of(_grantee(grant, request, scene), _encryption_context(grant, request.context))


def _grantee(grant: KmsGrant, request: Request, scene: PrincipalScene) -> Formula:
    """Users, roles, sessions and accounts, by the forms of a policy's principals; no services, no `*`."""
    if grant.grantee == "*" or account_of(request.caller) is None:
        return FALSE
    found = match_principal(PrincipalElement((("AWS", (grant.grantee,)),)), scene)
    named = any_of(found.get(Strength.DIRECT, FALSE), found.get(Strength.ROLE, FALSE))
    account = found.get(Strength.ACCOUNT, FALSE)
    if account == FALSE or isinstance(request.caller, RootUser):
        return any_of(named, account)
    reason = (
        f"whether grant {grant.id} to an account serves its users and roles by itself is not known (KMS-6)"
    )
    return any_of(named, all_of(account, Unknown(reason)))


_KEYS = "kms:encryptioncontextkeys"


def _encryption_context(grant: KmsGrant, context: Context) -> Formula:
    """The pairs that the request's encryption context must hold; where they must equal it, no others."""
    pairs = sorted(grant.encryption_context.items())
    parts: list[Formula] = [
        one(f"kms:encryptioncontext:{name.lower()}", StringTest((exact(value),))) for name, value in pairs
    ]
    if grant.context_equals:
        names = StringTest(tuple(exact(name) for name, _ in pairs))
        parts.append(
            KeyTest(_KEYS, Quantifier.EVERY, names, negated=False, if_absent=True)
            if pairs
            else present(_KEYS).opposite()
        )

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        return fold_test(leaf, context) if isinstance(leaf, KeyTest) else leaf

    return rewrite(all_of(*parts), of_leaf) if parts else TRUE
