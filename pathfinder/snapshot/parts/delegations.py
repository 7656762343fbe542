"""Whom an organization lets administer it besides its management account.

Source: evaluation.md STS-23, ESC-34, ESC-35.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from pathfinder.aws.arn import AccountId, is_account_id
from pathfinder.model.organization import DelegatedAdministrator, Organization
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.snapshot.documents import written
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.reading import CallFailed, Place, Reading, why_not
from pathfinder.snapshot.shapes import organizations as shapes

RESOURCE_POLICY = "organization resource policy"


def with_delegations(reading: Reading, folder: str, found: Organization) -> Organization:
    """The organization with its delegated administrators and its resource policy, as far as the folder tells."""
    return _with_policy(reading, folder, replace(found, delegated_administrators=_listed(reading, folder)))


def _listed(reading: Reading, folder: str) -> tuple[DelegatedAdministrator, ...] | None:
    """None where the list is missing or not whole."""
    pages = reading.pages(below(folder, "delegated-administrators"), shapes.DelegatedAdministrators)
    if pages is None:
        return None
    found: dict[AccountId, DelegatedAdministrator] = {}
    for page_place, page in pages:
        for index, entry in enumerate(page.delegated_administrators or ()):
            if not is_account_id(entry.id):
                at = page_place.at(f"DelegatedAdministrators[{index}]", "Id")
                reading.skip(at.error(f'is "{entry.id}"; twelve digits were expected'))
                pages.complete = False
                continue
            account = AccountId(entry.id)
            found[account] = DelegatedAdministrator(account, _services(reading, folder, account))
    return tuple(sorted(found.values(), key=lambda each: each.account)) if pages.complete else None


def _services(reading: Reading, folder: str, account: AccountId) -> tuple[str, ...] | None:
    pages = reading.pages(below(folder, f"delegated-services/{account}"), shapes.DelegatedServices, account)
    if pages is None or not pages.complete:
        return None
    return tuple(
        sorted({each.service_principal for _, page in pages for each in page.delegated_services or ()})
    )


def _with_policy(reading: Reading, folder: str, found: Organization) -> Organization:
    file = below(folder, "resource-policy.json")
    described = reading.one(file, shapes.DescribeResourcePolicy)
    if described is None:
        return found
    if isinstance(described, CallFailed):
        return replace(found, resource_policy_known=described.absent)
    held = described.resource_policy
    if held is None:
        return replace(found, resource_policy_known=True)
    policy = reading.policy(
        PolicyKind.RESOURCE,
        RESOURCE_POLICY,
        found.id,
        held.content,
        Place(file, "ResourcePolicy.Content"),
        why_not(described.errors, "Content"),
    )
    return replace(found, resource_policy=policy, resource_policy_known=True)


def delegations_written(organization: Organization) -> Iterator[tuple[str, Json]]:
    """Each file's name and content; what is not known is not written."""
    if organization.delegated_administrators is not None:
        listed = [{"Id": each.account} for each in organization.delegated_administrators]
        yield "delegated-administrators.json", {"DelegatedAdministrators": listed}
        for each in organization.delegated_administrators:
            if each.services is not None:
                services = [{"ServicePrincipal": name} for name in each.services]
                name = quote(each.account, safe="")
                yield f"delegated-services/{name}.json", {"DelegatedServices": services}
    if not organization.resource_policy_known:
        return
    policy = organization.resource_policy
    if policy is None:
        yield "resource-policy.json", {"ResourcePolicy": None}
    elif isinstance(policy, Policy):
        yield "resource-policy.json", {"ResourcePolicy": {"Content": written(policy.document)}}
    else:
        yield "resource-policy.json", {"ResourcePolicy": {}, "Errors": {"Content": policy.reason}}
