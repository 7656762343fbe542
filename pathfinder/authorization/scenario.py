"""Scenarios: one complete request with the policies that apply to it, decided.

The format is a contract (interfaces.md, "Scenario"). Our own additions to it: `request.federated_by`, the
user that made a GetFederationToken session (D-13); an identity provider's ARN or host as `principal` (STS-20);
`policies.vpc_endpoint_type`, `gateway` or `interface` (VPCE-3); `policies.kms_grants`, the live grants on the key
that is asked for (KMS-6); and what guards a bucket beside its policy, in `scenario_s3`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathfinder.authorization.caller import (
    Anonymous,
    Caller,
    FederatedUser,
    IdentityProviderCaller,
    RoleSession,
    RootUser,
    ServiceCaller,
    SessionName,
    UserCaller,
    account_of,
)
from pathfinder.authorization.decide import decide
from pathfinder.authorization.decision import Decision, Outcome
from pathfinder.authorization.request import Endpoint, Level, Policies, Request
from pathfinder.authorization.scenario_error import ScenarioError
from pathfinder.authorization.scenario_grants import read_grants
from pathfinder.authorization.scenario_s3 import S3_FIELDS, s3_guards
from pathfinder.aws.arn import Arn, is_account_id, parse_arn
from pathfinder.aws.s3_actions import takes_no_resource
from pathfinder.aws.services import BUILT_IN_IDENTITY_PROVIDERS, is_service_principal
from pathfinder.logic.formula import Formula, KeyTest, truth, unknowns
from pathfinder.policy.compile import Compiler
from pathfinder.policy.context import Context, Values, complete
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import PolicyShapeError, parse_document
from pathfinder.policy.resources import Target


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """A scenario's decision, None where `error` says why there is none. `passed` is None without `expect`."""

    name: str
    decision: str | None
    expect: str | None
    error: str | None
    warnings: tuple[str, ...] = ()

    @property
    def passed(self) -> bool | None:
        """Whether the decision is the expected one."""
        return None if self.expect is None else self.decision == self.expect


def decide_scenario(scenario: object, *, index: int = 0) -> ScenarioResult:
    """Decide one scenario. Never raises: a scenario that cannot be decided says why."""
    name = scenario_name(scenario, index)
    expect = None
    try:
        if not isinstance(scenario, Mapping):
            raise ScenarioError("a scenario is an object with request and policies")
        expect = read_expectation(scenario)
        request = read_request(scenario.get("request"))
        policies = read_policies(scenario.get("policies"), request)
        policies = s3_guards(policies, scenario, request)
        found = decide(request, policies, Compiler())
        warnings = (*unknown_fields(scenario), *found.warnings)
        return ScenarioResult(name, outcome(found).value, expect, None, warnings)
    except ScenarioError as error:
        return ScenarioResult(name, None, expect, str(error))


_FIELDS = {
    "": ("name", "request", "policies", "expect"),
    "request": (
        "principal",
        "action",
        "resource",
        "resource_account",
        "context",
        "federated_by",
        "object_owner",
    ),
    "policies": (
        *("identity", "permissions_boundary", "session", "resource", "scp", "rcp"),
        *("vpc_endpoint", "vpc_endpoint_type", "kms_grants"),
        *S3_FIELDS,
    ),
}


def unknown_fields(scenario: Mapping[Any, Any]) -> tuple[str, ...]:
    """A warning for each field that is near to one of the format and is none: it takes no part."""
    found = []
    for part, fields in _FIELDS.items():
        held = scenario if not part else scenario.get(part)
        for field in held if isinstance(held, Mapping) else ():
            near = difflib.get_close_matches(str(field), fields, n=1, cutoff=0.75)
            if field not in fields and near:
                place = f"{part}.{field}" if part else str(field)
                found.append(f"{place} is no field of a scenario and takes no part; did you mean {near[0]}?")
    return tuple(found)


def scenario_name(scenario: object, index: int) -> str:
    """The scenario's name, or its place in the input."""
    name = scenario.get("name") if isinstance(scenario, Mapping) else None
    return name if isinstance(name, str) else f"scenario {index + 1}"


def read_expectation(scenario: Mapping[Any, Any]) -> str | None:
    """The expected outcome, or None. Raises ScenarioError for a word that is none."""
    expect = scenario.get("expect")
    words = [each.value for each in Outcome]
    if expect is not None and expect not in words:
        raise ScenarioError(f"expect is {_shown(expect)}; it is one of {', '.join(words)}")
    return expect


def outcome(decision: Decision) -> Outcome:
    """The outcome of a complete request (TERM-3). Raises ScenarioError where an unknown decides."""
    denied = truth(decision.denied, _no_open_test)
    allowed = truth(decision.allowed, _no_open_test)
    if denied:
        return Outcome.EXPLICIT_DENY
    if denied is None:
        raise ScenarioError(_undecided(decision.denied))
    if allowed is None:
        raise ScenarioError(_undecided(decision.allowed))
    return Outcome.ALLOW if allowed else Outcome.IMPLICIT_DENY


def _no_open_test(test: KeyTest) -> bool | None:
    raise AssertionError(f"a complete request left {test.key} open")


def _undecided(formula: Formula) -> str:
    return "not decided: " + "; ".join(unknowns(formula))


def read_request(source: object) -> Request:
    """The request of a scenario. Raises ScenarioError."""
    if not isinstance(source, Mapping):
        raise ScenarioError("request is missing")
    context = read_context(source.get("context"))
    action = _text(source, "action")
    prefix, colon, rest = action.partition(":")
    if not (prefix and colon and rest) or any(mark in action for mark in "*? \t,"):
        raise ScenarioError(f"request.action is {_shown(action)}; it names one action, such as s3:GetObject")
    caller = read_caller(_text(source, "principal"), action, context, source.get("federated_by"))
    target = read_target(_text(source, "resource"), action)
    return Request(caller, action, target, _resource_account(source, target, caller), context)


def read_context(source: object) -> Context:
    """The whole request context. Raises ScenarioError."""
    if source is None:
        return complete({})
    if not isinstance(source, Mapping):
        raise ScenarioError("request.context is no object")
    values: dict[str, str | list[str]] = {}
    for key, value in source.items():
        if str(key).lower() in (seen.lower() for seen in values):
            raise ScenarioError(f"request.context holds {key} twice; keys are case-insensitive")
        if isinstance(value, (list, tuple)):
            values[str(key)] = [_value(key, each) for each in value]
        else:
            values[str(key)] = _value(key, value)
    return complete(values)


def _value(key: object, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    raise ScenarioError(f"request.context.{key} holds {_shown(value)}; values are texts or lists of texts")


def read_caller(text: str, action: str, context: Context, federated_by: object) -> Caller:
    """Who a scenario's `principal` is. Raises ScenarioError."""
    if text == "anonymous":
        return Anonymous()
    if text in BUILT_IN_IDENTITY_PROVIDERS and action.lower().startswith("sts:"):
        return IdentityProviderCaller(text)
    arn = parse_arn(text)
    if arn is None:
        if is_service_principal(text):
            return ServiceCaller(text)
        raise ScenarioError(
            f"request.principal is {_shown(text)}; it is an ARN, a service principal, or anonymous"
        )
    unique_id = _unique_id(context)
    if arn.is_root:
        return RootUser(arn)
    if arn.is_user:
        return UserCaller(arn, unique_id)
    if arn.is_role:
        return RoleSession(arn, SessionName.UNNAMED, unique_id)
    if arn.service == "sts" and arn.resource.startswith("assumed-role/") and arn.resource.count("/") == 2:
        return _session(arn, unique_id, context)
    if arn.service == "sts" and arn.resource.startswith("federated-user/"):
        return FederatedUser(arn, _creating_user(federated_by))
    if arn.service == "iam" and arn.resource_type in ("oidc-provider", "saml-provider"):
        return IdentityProviderCaller(text)
    raise ScenarioError(
        f"request.principal is {_shown(text)}; it is the ARN of a user, role, role session, federated user or root"
    )


def _session(arn: Arn, unique_id: str | None, context: Context) -> RoleSession:
    _, name, session = arn.resource.split("/")
    state = context.state("aws:principalarn")
    told = parse_arn(state.values[0]) if isinstance(state, Values) and len(state.values) == 1 else None
    if told is not None and told.is_role and (told.account, told.name) == (arn.account, name):
        return RoleSession(told, session, unique_id)
    role = Arn(arn.partition, "iam", "", arn.account, f"role/{name}")
    return RoleSession(role, session, unique_id, path_known=False)


def _unique_id(context: Context) -> str | None:
    state = context.state("aws:userid")
    return state.values[0].split(":", 1)[0] if isinstance(state, Values) and len(state.values) == 1 else None


def _creating_user(source: object) -> Arn | None:
    if source is None:
        return None
    arn = parse_arn(source) if isinstance(source, str) else None
    if arn is None or not arn.is_user:
        raise ScenarioError(f"request.federated_by is {_shown(source)}; it is the ARN of an IAM user")
    return arn


def read_target(text: str, action: str) -> Target:
    """What a scenario's `resource` is. Raises ScenarioError."""
    service = action.partition(":")[0].lower()
    if text == "*" or takes_no_resource(action):
        return Target(None, service=service)
    arn = parse_arn(text)
    if arn is None:
        raise ScenarioError(f'request.resource is {_shown(text)}; it is an ARN, or "*"')
    return Target(arn)


def _resource_account(source: Mapping[Any, Any], target: Target, caller: Caller) -> str | None:
    given = source.get("resource_account")
    if given is not None:
        if not isinstance(given, str) or not is_account_id(given):
            raise ScenarioError(
                f"request.resource_account is {_shown(given)}; it is twelve digits, as a text"
            )
        return given
    if target.arn is None or target.arn.account == "aws":
        return account_of(caller)
    return target.arn.account if is_account_id(target.arn.account) else None


def read_policies(source: object, request: Request) -> Policies:
    """The policies of a scenario. Raises ScenarioError."""
    if source is None:
        source = {}
    if not isinstance(source, Mapping):
        raise ScenarioError("policies is no object")
    endpoint = _one(source, "vpc_endpoint", PolicyKind.ENDPOINT)
    session = _several(source, "session", PolicyKind.SESSION)
    grants = read_grants(source.get("kms_grants"))
    if isinstance(grants, str):
        raise ScenarioError(grants)
    return Policies(
        identity=_several(source, "identity", PolicyKind.IDENTITY) or (),
        boundary=_one(source, "permissions_boundary", PolicyKind.BOUNDARY),
        session=session,
        resource=_several(source, "resource", resource_policy_kind(request)) or (),
        scp=_levels(source, "scp", PolicyKind.SCP),
        rcp=_levels(source, "rcp", PolicyKind.RCP),
        endpoints=(Endpoint(endpoint, _is_gateway(source, request)),) if endpoint else (),
        grants=grants,
    )


def resource_policy_kind(request: Request) -> PolicyKind:
    """What a resource-based policy of the requested resource is called."""
    arn = request.target.arn
    if arn is not None and arn.is_role:
        return PolicyKind.TRUST
    return PolicyKind.KEY if request.service == "kms" else PolicyKind.RESOURCE


def _is_gateway(source: Mapping[Any, Any], request: Request) -> bool:
    """Gateway endpoints exist for S3 and DynamoDB, and are the usual ones there (VPCE-3)."""
    kind = source.get("vpc_endpoint_type")
    if kind not in (None, "gateway", "interface"):
        raise ScenarioError(f"policies.vpc_endpoint_type is {_shown(kind)}; it is gateway or interface")
    return request.service in ("s3", "dynamodb") if kind is None else kind == "gateway"


def _one(source: Mapping[Any, Any], name: str, kind: PolicyKind) -> Policy | None:
    return _policy(source[name], kind, f"policies.{name}") if source.get(name) is not None else None


def _several(source: Mapping[Any, Any], name: str, kind: PolicyKind) -> tuple[Policy, ...] | None:
    value = source.get(name)
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return tuple(_policy(each, kind, f"policies.{name}[{index}]") for index, each in enumerate(value))
    return (_policy(value, kind, f"policies.{name}"),)


def _levels(source: Mapping[Any, Any], name: str, kind: PolicyKind) -> tuple[Level, ...] | None:
    value = source.get(name)
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or not all(isinstance(level, (list, tuple)) for level in value):
        raise ScenarioError(f"policies.{name} is a list of levels, root first, each a list of policies")
    return tuple(
        Level(
            f"{name}[{number}]",
            tuple(
                _policy(each, kind, f"policies.{name}[{number}][{index}]") for index, each in enumerate(level)
            ),
        )
        for number, level in enumerate(value)
    )


def _policy(source: object, kind: PolicyKind, place: str) -> Policy:
    try:
        document = parse_document(source, lenient=True)
    except PolicyShapeError as error:
        where = f"{place}.{error.place}" if error.place else place
        raise ScenarioError(f"{where} {error.reason}") from None
    return Policy(kind, place, "the scenario", document)


def _text(source: Mapping[Any, Any], name: str) -> str:
    value = source.get(name)
    if not isinstance(value, str) or not value:
        raise ScenarioError(
            f"request.{name} is {'missing' if value is None else _shown(value)}; it is a text"
        )
    return value


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
