"""One request to decide, and which of the scenario's policies concern it (evaluation.md 4.1, 4.7 to 4.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .language import Context, as_list, fields
from .principals import Caller, read_caller

RCP_SERVICES = {"s3", "sts", "kms"}  # ORG-20, D-31


@dataclass(frozen=True)
class Authorization:
    """One (caller, action, resource, context) with everything that decides it (TERM-1, TERM-2)."""

    caller: Caller
    action: str  # in lower case (LANG-10)
    resource: str
    resource_account: str | None
    context: Context
    identity: Sequence[Mapping[str, Any]] = ()
    boundary: Mapping[str, Any] | None = None
    session: Sequence[Mapping[str, Any]] | None = None
    resource_policy: Mapping[str, Any] | None = None
    scp: Sequence[Sequence[Mapping[str, Any]]] | None = None
    rcp: Sequence[Sequence[Mapping[str, Any]]] | None = None
    endpoint_policy: Mapping[str, Any] | None = None
    endpoint_type: str | None = None

    @property
    def service(self) -> str:
        return self.action.partition(":")[0]

    @property
    def assumes_role(self) -> bool:
        """The resource policy is a role's trust policy (STS-1, STS-25, EVAL-52)."""
        return self.service == "sts" and ":role/" in self.resource

    @property
    def needs_explicit_trust(self) -> bool:
        """Role trust policies and KMS keys (EVAL-14)."""
        return self.assumes_role or (self.service == "kms" and ":key/" in self.resource)


def read_scenario(scenario: Mapping[str, Any]) -> Authorization:
    """The scenario format of interfaces.md; only policies that can apply to the caller are kept (EVAL-5)."""
    request, policies = scenario["request"], scenario.get("policies") or {}
    context = Context(request.get("context") or {})
    caller = read_caller(request, context)
    has_identity = caller.kind in ("user", "session", "federated-user")
    session = policies.get("session")
    if request["resource"] == "*" or ":iam::aws:policy/" in request["resource"]:
        owner = caller.account  # ORG-23; AWS-managed policies are at home in every account
    else:
        owner = fields(request["resource"])[4] or request.get("resource_account")
    return Authorization(
        caller=caller,
        action=request["action"].lower(),
        resource=request["resource"],
        resource_account=owner,
        context=context,
        identity=(policies.get("identity") or ()) if has_identity else (),
        boundary=policies.get("permissions_boundary") if has_identity else None,
        session=as_list(session)
        if session is not None and caller.kind in ("session", "federated-user")
        else None,
        resource_policy=policies.get("resource"),
        scp=policies.get("scp"),
        rcp=policies.get("rcp"),
        endpoint_policy=policies.get("vpc_endpoint"),
        endpoint_type=policies.get("vpc_endpoint_type"),
    )


def scp_applies(one: Authorization) -> bool:
    """ORG-1, ORG-2, ORG-7."""
    return one.scp is not None and one.caller.signs_in_account and not one.caller.service_linked


def rcp_applies(one: Authorization) -> bool:
    """ORG-20, ORG-21."""
    if one.rcp is None or one.service not in RCP_SERVICES or one.action == "kms:retiregrant":
        return False
    assumed_by_its_service = one.caller.kind == "service" and ":role/aws-service-role/" in one.resource
    return not one.caller.service_linked and not assumed_by_its_service


def endpoint_applies(one: Authorization) -> bool:
    """VPCE-1; services do not come through a customer's endpoint (4.9)."""
    through = one.context.values("aws:SourceVpce") is not None
    return one.endpoint_policy is not None and through and one.caller.kind != "service"


def resource_policy_of(one: Authorization) -> Mapping[str, Any] | None:
    """A trust policy guards sts calls only, not iam:* on the role (EVAL-52)."""
    return None if one.service == "iam" else one.resource_policy


def place_of(one: Authorization) -> str:
    if one.assumes_role:
        return "trust"
    return "key" if one.service == "kms" else "bucket"


def endpoint_place_of(one: Authorization) -> str:
    """VPCE-3: S3's and DynamoDB's endpoints are gateways unless the scenario says otherwise."""
    usual = "gateway" if one.service in ("s3", "dynamodb") else "interface"
    return f"{one.endpoint_type or usual}-endpoint"
