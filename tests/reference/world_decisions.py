"""`authorize_one` of chapter 4 over all request contexts at once: in which of them is the request allowed?

The same steps as `reference.authorize`, with a set of contexts (an integer) in place of true and false.
`test_world_decisions.py` compares the two context by context.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .context_sets import Contexts, Facts
from .principals import Caller, Strength
from .world_statements import Statement

Policies = Sequence[Statement]  # the statements about the action, of policies that stand side by side


@dataclass(frozen=True)
class Applicable:
    """The statements of the policies that apply (EVAL-5); None where no such policy applies.

    `endpoints`: through which endpoint, and the statements of its policy.
    """

    identity: Policies
    boundary: Policies | None
    resource: Policies
    scp: Sequence[Policies] | None
    rcp: Sequence[Policies] | None
    endpoints: Sequence[tuple[str, Policies]]


@dataclass(frozen=True)
class Request:
    """One request as far as the caller does not choose: `facts` are the context keys that are fixed."""

    caller: Caller
    action: str  # in lower case (LANG-10)
    resource: str
    owner: str
    facts: Facts
    contexts: Contexts
    policies: Applicable

    @property
    def needs_explicit_trust(self) -> bool:
        """Role trust policies (EVAL-14)."""
        return self.action.startswith("sts:")

    @property
    def place(self) -> str:
        return "trust" if self.action.startswith("sts:") else "bucket"


def allowed(one: Request) -> int:
    """The contexts in which the request is allowed."""
    granted = 0 if _hard_rule_denies(one) else _granted(one)
    if not granted:
        return 0
    return granted & _gates(one) & ~_denied(one)


def _hard_rule_denies(one: Request) -> bool:
    if one.caller.kind == "root":
        return one.action == "sts:assumerole"  # STS-6, EVAL-34
    if one.caller.kind == "anonymous":
        return not one.action.startswith("s3:")  # EVAL-40
    if one.caller.kind == "federated":
        return one.caller.account != one.owner  # STS-20
    return False


# ---- policies ---------------------------------------------------------------------------------------


def _any(one: Request, policies: Policies, effect: str, pad_short: bool = True) -> int:
    """Where some statement of policies that name no principals matches (EVAL-3)."""
    found = 0
    for statement in policies:
        if statement.effect == effect and statement.covers(one.action, one.resource, one.facts, pad_short):
            found |= statement.contexts(one.facts, one.contexts)
    return found


def _grants(one: Request, policies: Policies, effect: str, place: str) -> dict[Strength, int]:
    """Where policies that name principals match, by strength (PRIN-15)."""
    found: dict[Strength, int] = {}
    for statement in policies:
        if statement.effect != effect:
            continue
        strengths = statement.strengths(one.caller, place, one.policies.boundary is not None)
        if strengths and statement.covers(one.action, one.resource, one.facts, pad_short=False):
            matches = statement.contexts(one.facts, one.contexts)
            for strength in strengths:
                found[strength] = found.get(strength, 0) | matches
    return found


def _through(one: Request, endpoint: str) -> int:
    """The contexts of requests that travel through the endpoint (VPCE-1)."""
    key = "aws:sourcevpce"
    return one.contexts.where([key], lambda chosen: chosen.get(key) == endpoint)


def _denied(one: Request) -> int:
    """Every Deny of every policy that applies (EVAL-1)."""
    policies = one.policies
    found = _any(one, policies.identity, "Deny") | _any(one, policies.boundary or (), "Deny")
    for level in policies.scp or ():
        found |= _any(one, level, "Deny")
    for level in policies.rcp or ():
        found |= _any(one, level, "Deny", pad_short=False)
    found |= _union(_grants(one, policies.resource, "Deny", one.place).values())
    for endpoint, statements in policies.endpoints:
        denied = _union(_grants(one, statements, "Deny", "gateway-endpoint").values())
        found |= denied & _through(one, endpoint)
    return found


def _gates(one: Request) -> int:
    """SCPs and endpoint policies must allow, whatever the grant (EVAL-15); RCPs always do (ORG-22)."""
    found = one.contexts.every
    for level in one.policies.scp or ():  # ORG-3
        found &= _any(one, level, "Allow")
    for endpoint, statements in one.policies.endpoints:  # VPCE-2
        passed = _union(_grants(one, statements, "Allow", "gateway-endpoint").values())
        found &= passed | ~_through(one, endpoint)
    return found


# ---- grants -----------------------------------------------------------------------------------------


def _granted(one: Request) -> int:
    """The tail of `authorize_one`: resource-based and identity-based grants."""
    grants = _grants(one, one.policies.resource, "Allow", one.place)
    some_grant = _union(grants.values())
    if not one.caller.signs_in_account:  # EVAL-40, EVAL-45, STS-20
        return some_grant
    if one.caller.account != one.owner:  # EVAL-20 to EVAL-22, EVAL-31
        return some_grant and some_grant & own_side(one)
    if one.caller.kind == "root":  # EVAL-30
        return some_grant if one.needs_explicit_trust else one.contexts.every
    return _same_account(one, grants)


def own_side(one: Request) -> int:
    """Where the caller's own account lets it (EVAL-22)."""
    if one.caller.kind == "root":  # EVAL-31
        return one.contexts.every
    return _any(one, one.policies.identity, "Allow") & _boundary_ok(one)


def _boundary_ok(one: Request) -> int:
    if one.policies.boundary is None:
        return one.contexts.every
    return _any(one, one.policies.boundary, "Allow")


def _same_account(one: Request, grants: dict[Strength, int]) -> int:
    """EVAL-10 to EVAL-14."""
    limits = _boundary_ok(one)
    by_identity = _any(one, one.policies.identity, "Allow") & limits  # EVAL-12
    if one.needs_explicit_trust:  # EVAL-14
        by_identity &= grants.get("ACCOUNT", 0)
    found = grants.get("DIRECT", 0) | grants.get("ROLE", 0) & limits | by_identity  # EVAL-10, EVAL-11
    if one.action == "sts:assumerole" and one.caller.kind == "user":  # D-3
        found &= limits
    return found


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found
