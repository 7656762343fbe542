"""`organizations` calls, one file a call."""

from __future__ import annotations

from msgspec import UNSET

from pathfinder.snapshot.shapes.base import Errors, Page, RawDocument, Shape


class PolicyType(Shape):
    """A policy type and whether it is switched on."""

    type: str
    status: str = "ENABLED"


class OrganizationDetail(Shape):
    """The organization itself."""

    id: str
    master_account_id: str
    available_policy_types: list[PolicyType] | None = None


class DescribeOrganization(Shape):
    """`describe-organization`."""

    organization: OrganizationDetail


class Root(Shape):
    """The root of an organization."""

    id: str
    name: str | None = None
    policy_types: list[PolicyType] | None = None


class Roots(Page):
    """`list-roots`."""

    roots: list[Root] | None = None


class Unit(Shape):
    """An organizational unit."""

    id: str
    name: str | None = None


class Units(Page):
    """`list-organizational-units-for-parent`."""

    organizational_units: list[Unit] | None = None


class AccountEntry(Shape):
    """An account of the organization."""

    id: str
    name: str | None = None


class Accounts(Page):
    """`list-accounts-for-parent`."""

    accounts: list[AccountEntry] | None = None


class PolicySummary(Shape):
    """A policy without its document."""

    id: str | None = None
    arn: str | None = None
    type: str | None = None


class PolicyDetail(Shape):
    """A policy with its document, which AWS gives as text."""

    policy_summary: PolicySummary
    content: RawDocument = UNSET


class DescribePolicy(Shape):
    """`describe-policy`."""

    policy: PolicyDetail
    errors: Errors | None = None


class Target(Shape):
    """What a policy is attached to: a root, an OU or an account."""

    target_id: str


class Targets(Page):
    """`list-targets-for-policy`."""

    targets: list[Target] | None = None


class EffectivePolicy(Shape):
    """A management policy as it holds for one account."""

    policy_content: RawDocument = UNSET


class DescribeEffectivePolicy(Shape):
    """`describe-effective-policy --policy-type S3_POLICY --target-id ACCOUNT`."""

    effective_policy: EffectivePolicy


class DelegatedAdministratorEntry(Shape):
    """A member that administers some service."""

    id: str


class DelegatedAdministrators(Page):
    """`list-delegated-administrators`."""

    delegated_administrators: list[DelegatedAdministratorEntry] | None = None


class DelegatedService(Shape):
    """A service that a member administers."""

    service_principal: str


class DelegatedServices(Page):
    """`list-delegated-services-for-account`."""

    delegated_services: list[DelegatedService] | None = None


class ResourcePolicy(Shape):
    """The organization's resource policy, which AWS gives as text."""

    content: RawDocument = UNSET


class DescribeResourcePolicy(Shape):
    """`describe-resource-policy`; null where there is none."""

    resource_policy: ResourcePolicy | None = None
    errors: Errors | None = None
