"""`evaluate(scenario)`: one complete request against the policies that apply (evaluation.md chapter 4)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from .conditions import condition_matches
from .language import Undecidable, action_matches, as_list, fields, resource_matches
from .principals import Strength, principal_strengths
from .request import (
    Authorization,
    endpoint_applies,
    endpoint_place_of,
    place_of,
    rcp_applies,
    read_scenario,
    resource_policy_of,
    scp_applies,
)
from .three_valued import Truth, all3, any3

__all__ = ["Authorization", "Undecidable", "authorize", "evaluate"]

BUCKET_POLICY_CALLS = {"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"}
ACCESS_POINT_CALLS = {  # S3-A24: management of access points
    "s3:createaccesspoint",
    "s3:deleteaccesspoint",
    "s3:putaccesspointpolicy",
    "s3:deleteaccesspointpolicy",
    "s3:getaccesspointpolicy",
    "s3:getaccesspointpolicystatus",
}
FIXED_ROLE_CALLS = {  # EVAL-50
    "iam:attachrolepolicy",
    "iam:detachrolepolicy",
    "iam:putrolepolicy",
    "iam:deleterolepolicy",
    "iam:updateassumerolepolicy",
    "iam:updaterole",
    "iam:passrole",
    "iam:tagrole",
    "iam:untagrole",
    "iam:putrolepermissionsboundary",
    "iam:deleterolepermissionsboundary",
}


def evaluate(scenario: Mapping[str, Any]) -> str:
    """`allow`, `explicit-deny` or `implicit-deny`; raises Undecidable where the rules leave it open."""
    one = read_scenario(scenario)
    if one.resource_account is None and one.caller.signs_in_account:
        # TERM-5: an unknown owner matters only if owner and stranger get different answers.
        answers = {authorize(replace(one, resource_account=r)) for r in (one.caller.account, "someone-else")}
        if len(answers) > 1:
            raise Undecidable("the owner of the resource is unknown (TERM-5)")
        return answers.pop()
    return authorize(one)


def authorize(one: Authorization) -> str:
    """`authorize_one` of chapter 4, step by step."""
    caller = one.caller
    if caller.kind == "anonymous" and not _allows_anonymous(one):  # EVAL-40
        return "implicit-deny"
    if one.action == "sts:getcalleridentity" and caller.kind not in ("anonymous", "federated"):  # STS-24
        return "allow"
    if one.action == "sts:getsessiontoken" and caller.kind in ("user", "root"):  # STS-22
        return "allow"
    denied = any3(_denies(one))
    if denied is True:  # EVAL-1
        return "explicit-deny"
    allowed = all3([not _hard_rule_denies(one), _gates(one), _granted(one)])
    if denied is None:  # LANG-50: a Deny that may match
        raise Undecidable("a Deny statement may or may not match")
    if allowed is None:
        raise Undecidable("an Allow statement may or may not match")
    return "allow" if allowed else "implicit-deny"


# ---- statements -----------------------------------------------------------------------------------


def _statements(policy: Mapping[str, Any] | None, effect: str) -> Iterable[tuple[Mapping[str, Any], str]]:
    for statement in as_list((policy or {}).get("Statement", [])):
        if statement.get("Effect") == effect:
            yield statement, (policy or {}).get("Version", "2008-10-17")  # LANG-4


def _matches(one: Authorization, statement: Mapping[str, Any], version: str, pad_short: bool) -> Truth:
    """Action, resource and condition of one statement (EVAL-3)."""
    written: Truth = True
    if "Action" in statement and "NotAction" in statement:  # LANG-50
        written = None if statement["Effect"] == "Deny" else False
    return all3(
        [
            written,
            action_matches(statement, one.action),
            resource_matches(statement, one.action, one.resource, version, one.context, pad_short),
            condition_matches(statement, version, one.context),
        ]
    )


def _any_statement(
    one: Authorization, policies: Iterable[Mapping[str, Any] | None], effect: str, pad_short: bool = True
) -> Truth:
    """Whether some statement of some of these policies, which name no principals, matches."""
    return any3(
        _matches(one, statement, version, pad_short)
        for policy in policies
        for statement, version in _statements(policy, effect)
    )


def _grants(
    one: Authorization, policy: Mapping[str, Any] | None, effect: str, place: str
) -> dict[Strength, Truth]:
    """The strengths with which a policy that names principals matches (PRIN-15)."""
    found: dict[Strength, Truth] = {}
    for statement, version in _statements(policy, effect):
        strengths = principal_strengths(statement, one.caller, place, one.boundary is not None)
        for strength in strengths:
            matched = _matches(one, statement, version, pad_short=False)
            found[strength] = any3([found.get(strength, False), matched])
    return found


def _denies(one: Authorization) -> Iterable[Truth]:
    """Every Deny of every policy that applies (EVAL-1, EVAL-5)."""
    yield _any_statement(one, one.identity, "Deny")
    yield _any_statement(one, [one.boundary], "Deny")
    yield _any_statement(one, one.session or (), "Deny")
    if scp_applies(one):
        yield from (_any_statement(one, level, "Deny") for level in one.scp or ())  # ORG-3
    if rcp_applies(one):
        yield from (_any_statement(one, level, "Deny", pad_short=False) for level in one.rcp or ())
    if endpoint_applies(one):
        yield from _grants(one, one.endpoint_policy, "Deny", endpoint_place_of(one)).values()
    root_of_owner = one.caller.kind == "root" and one.caller.account == one.resource_account
    if not (root_of_owner and one.action in BUCKET_POLICY_CALLS):  # EVAL-33
        yield from _grants(one, resource_policy_of(one), "Deny", place_of(one)).values()


# ---- gates ----------------------------------------------------------------------------------------


def _gates(one: Authorization) -> Truth:
    """SCPs and the endpoint policy must allow, whatever the grant (EVAL-15); RCPs always do (ORG-22)."""
    gates: list[Truth] = []
    if scp_applies(one):
        gates += [_any_statement(one, level, "Allow") for level in one.scp or ()]  # ORG-3
    if endpoint_applies(one):
        gates.append(
            any3(_grants(one, one.endpoint_policy, "Allow", endpoint_place_of(one)).values())
        )  # VPCE-2
    return all3(gates)


def _allows_anonymous(one: Authorization) -> bool:
    """S3 bucket and object operations, except those for the owner's account only (EVAL-40, S3-54)."""
    on_bucket = one.resource != "*" and fields(one.resource)[2] == "s3" and fields(one.resource)[4] == ""
    return one.service == "s3" and on_bucket and one.action not in BUCKET_POLICY_CALLS


def _hard_rule_denies(one: Authorization) -> bool:
    """What no policy can allow."""
    caller, action, resource = one.caller, one.action, one.resource
    own_account = caller.account is not None and caller.account == one.resource_account
    rules: list[Callable[[], bool]] = [
        lambda: action in BUCKET_POLICY_CALLS and not own_account,  # S3-18
        lambda: action in ACCESS_POINT_CALLS and not own_account,  # S3-18
        lambda: caller.kind == "root" and action in ("sts:assumerole", "sts:assumeroot"),  # STS-6, EVAL-34
        lambda: caller.kind == "federated-user" and one.service in ("sts", "iam"),  # STS-6, STS-21
        lambda: (
            action in ("sts:getsessiontoken", "sts:getfederationtoken")
            and caller.kind not in ("user", "root")
        ),  # STS-21, STS-22
        lambda: (
            caller.kind == "federated"
            and caller.account is not None
            and caller.account != one.resource_account
        ),  # STS-20
        lambda: ":role/aws-reserved/" in resource and action in FIXED_ROLE_CALLS,  # EVAL-50
        lambda: ":role/aws-service-role/" in resource and action in FIXED_ROLE_CALLS,  # EVAL-50
        lambda: (
            ":role/aws-service-role/" in resource and action == "sts:assumerole" and caller.kind != "service"
        ),  # STS-48
        lambda: (
            resource.startswith("arn:aws:iam::aws:policy/") and action == "iam:createpolicyversion"
        ),  # EVAL-51
        lambda: (
            ":alias/aws/" in resource and action in ("kms:createalias", "kms:updatealias", "kms:deletealias")
        ),  # EVAL-53
        lambda: one.service == "iam" and caller.signs_in_account and not own_account,  # EVAL-52
        lambda: (
            caller.partition is not None and resource != "*" and fields(resource)[1] != caller.partition
        ),  # TERM-6
    ]
    return any(rule() for rule in rules)


# ---- grants ---------------------------------------------------------------------------------------


def _granted(one: Authorization) -> Truth:
    """The tail of `authorize_one`: resource-based and identity-based grants."""
    grants = _grants(one, resource_policy_of(one), "Allow", place_of(one))
    if not one.caller.signs_in_account:  # EVAL-40, EVAL-45, STS-20
        return any3(grants.values())
    if one.caller.account == one.resource_account:
        return _same_account(one, grants)
    return _cross_account(one, grants)


def _identity_allows(one: Authorization) -> Truth:
    return _any_statement(one, one.identity, "Allow")


def _boundary_ok(one: Authorization) -> Truth:
    return True if one.boundary is None else _any_statement(one, [one.boundary], "Allow")


def _session_ok(one: Authorization) -> Truth:
    """A federated user without a session policy has no permissions (STS-21); LANG-9."""
    if one.session is None:
        return one.caller.kind != "federated-user"
    return _any_statement(one, one.session, "Allow")


def _limits_ok(one: Authorization) -> Truth:
    return all3([_boundary_ok(one), _session_ok(one)])


def _same_account(one: Authorization, grants: Mapping[Strength, Truth]) -> Truth:
    """EVAL-10 to EVAL-14, EVAL-30."""
    some_grant = any3(grants.values())
    if one.caller.kind == "root":  # EVAL-30, KMS-2
        return True if not one.needs_explicit_trust else some_grant
    by_identity = all3([_identity_allows(one), _limits_ok(one)])  # EVAL-12
    if one.needs_explicit_trust:  # EVAL-14
        by_identity = all3([grants.get("ACCOUNT", False), by_identity])
    allowed = any3(
        [
            grants.get("DIRECT", False),  # EVAL-10
            all3([grants.get("ROLE", False), _limits_ok(one)]),  # EVAL-11
            by_identity,
        ]
    )
    if one.action == "sts:assumerole" and one.caller.kind == "user":  # D-3
        return all3([_boundary_ok(one), allowed])
    return allowed


def _cross_account(one: Authorization, grants: Mapping[Strength, Truth]) -> Truth:
    """Both sides must allow (EVAL-20 to EVAL-22, EVAL-31)."""
    own_side = True if one.caller.kind == "root" else all3([_identity_allows(one), _limits_ok(one)])
    return all3([any3(grants.values()), own_side])
