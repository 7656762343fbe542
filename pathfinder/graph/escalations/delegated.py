"""Which accounts administer an organization: its management account, and members that it delegates something to.

Source: evaluation.md STS-23, ESC-17, ESC-34, ESC-35, ORG-2 (SCPs bind delegated administrators).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pathfinder.authorization.caller import RootUser
from pathfinder.graph.escalations.registry import Scene
from pathfinder.graph.principals import Actor, candidates
from pathfinder.model.organization import Account, Gap, Organization
from pathfinder.policy.document import Unread


def administrators_of(scene: Scene, organization: Organization, service: str) -> Iterator[Account]:
    """The accounts whose principals may manage this service for the organization, as far as the snapshot holds them."""
    accounts = scene.world.accounts
    if organization.management_account in accounts:
        yield accounts[organization.management_account]
    for each in organization.delegated_administrators or ():
        if service in (each.services or ()) and each.account in accounts:
            yield accounts[each.account]


def not_known_whether(
    scene: Scene, organization: Organization, service: str, action: str, what: str
) -> Iterator[Gap]:
    """That members may be delegated administrators, where some principal of theirs is allowed the action."""
    listed = organization.delegated_administrators
    if listed is None:
        open_ = [str(each.account) for each in organization.members]
    else:
        open_ = [str(each.account) for each in listed if each.services is None]
    asking = [account for account in open_ if _may(scene, organization, account, (action,))]
    if asking:
        reason = f"whether members administer {service} is not in the snapshot: {what} by them is not shown"
        yield Gap(f"organization {organization.id}", reason, tuple(asking))


def members_by_policy(
    scene: Scene, organization: Organization, actions: Sequence[str]
) -> Iterator[Actor | Gap]:
    """Principals of members whom the organization's resource policy may let call it; what is not known (ESC-35)."""
    members = [str(each.account) for each in organization.members]
    policy = organization.resource_policy
    if not organization.resource_policy_known or isinstance(policy, Unread):
        asking = [each for each in members if _may(scene, organization, each, actions)]
        if asking and not scene.changed_only:
            reason = "its resource policy is not known: whether members may change its policies is not shown"
            yield Gap(f"organization {organization.id}", reason, tuple(asking))
        return
    if policy is None:
        return
    named = candidates((policy,), scene.world.canonical_ids)
    let_in = {*named.accounts, *(arn.account for arn in named.arns)}
    found: dict[str, Actor] = {}
    for account in members:
        if account == organization.management_account or not (named.everyone or account in let_in):
            continue
        for action in actions:
            for actor in scene.sources(action, account, each_administrator=True):
                found[actor.node.id] = actor
    yield from (found[node_id] for node_id in sorted(found))


def _may(scene: Scene, organization: Organization, account: str, actions: Sequence[str]) -> bool:
    """Whether some principal of the member, its root user left aside, may be allowed one of the actions."""
    if account == organization.management_account or account not in scene.world.accounts:
        return False
    return any(
        not isinstance(actor.caller, RootUser)
        for action in actions
        for actor in scene.sources(action, account, each_administrator=True)
    )
