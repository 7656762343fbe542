"""Calls that widen what a user or role may do, on whomever they are made: what ESC-20 to ESC-27 share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.graph.escalations.calls import Call
from pathfinder.graph.escalations.changed import everything
from pathfinder.graph.escalations.resources import boundary_key, of_arn, of_group, of_identity
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.identity import Group, Role, User
from pathfinder.policy.context import Values
from pathfinder.policy.document import Effect, Policy, SomePolicy

OWN = "own policies"


@dataclass(frozen=True, slots=True, eq=False)
class Widening:
    """A way to give an identity permissions.

    `call`: the one call that does it; `policies`: the identity's policies afterwards; `what`: a short name for that,
    `words`: what has been changed; `rule`: where an identity does it to itself.
    """

    call: Call
    policies: tuple[SomePolicy, ...]
    what: str
    words: str
    rule: str


def widenings(world: World, identity: User | Role, as_it_is: Actor) -> Iterator[Widening]:
    """All ways to let the identity do everything that its limits leave; as it is by now."""
    policies = as_it_is.policies
    kind = "User" if isinstance(identity, User) else "Role"
    rule = "ESC-20" if kind == "User" else "ESC-23"
    own = str(identity.arn)
    more = (*policies, everything(own))
    boundary = boundary_key(as_it_is.boundary)
    on = of_identity(identity)
    given = {**boundary, "iam:policyarn": Values((administrator_policy(identity.arn),))}
    put, attach = f"iam:Put{kind}Policy", f"iam:Attach{kind}Policy"
    yield Widening(Call(put, on, boundary), more, OWN, f"an inline policy of {name_of(identity.arn)}", rule)
    yield Widening(
        Call(attach, on, given), more, OWN, f"the policies attached to {name_of(identity.arn)}", rule
    )
    for policy in policies:
        yield from _new_version(identity, policy, policies)
    for group in groups_of(world, identity):
        place = of_group(group)
        words = f"the policies of {name_of(group.arn)}, whose member {name_of(identity.arn)} is"
        yield Widening(Call("iam:PutGroupPolicy", place), more, OWN, words, "ESC-21")
        attached = {"iam:policyarn": Values((administrator_policy(identity.arn),))}
        yield Widening(Call("iam:AttachGroupPolicy", place, attached), more, OWN, words, "ESC-21")


def _new_version(
    identity: User | Role, policy: SomePolicy, policies: tuple[SomePolicy, ...]
) -> Iterator[Widening]:
    """A managed policy of the account's own gets a new default version; its Denies are gone then (ESC-24)."""
    arn = customer_managed(policy, identity.arn)
    if arn is None:
        return
    rest = tuple(each for each in policies if each.name != policy.name)
    denies = not isinstance(policy, Policy) or any(
        each.effect is not Effect.ALLOW for each in policy.document.statements
    )
    what = f"rewritten {arn.name}" if denies else OWN
    new = (*(rest if denies else policies), everything(str(identity.arn)))
    yield Widening(
        Call("iam:CreatePolicyVersion", of_arn(arn)), new, what, f"the policy {arn.name}", "ESC-24"
    )


def customer_managed(policy: SomePolicy, holder: Arn) -> Arn | None:
    """The ARN of a managed policy that belongs to the holder's account (EVAL-51)."""
    arn = parse_arn(policy.name)
    if arn is None or arn.service != "iam" or arn.account != holder.account:
        return None
    return arn if arn.resource.startswith("policy/") else None


def groups_of(world: World, identity: User | Role) -> tuple[Group, ...]:
    """The groups that a user is in, as far as the snapshot holds them."""
    account = world.accounts.get(identity.arn.account)
    if account is None or isinstance(identity, Role):
        return ()
    return tuple(group for group in account.groups if group.arn in identity.groups)


def administrator_policy(arn: Arn) -> str:
    """The AWS-managed policy that allows everything."""
    return f"arn:{arn.partition}:iam::aws:policy/AdministratorAccess"


def name_of(arn: Arn) -> str:
    """`role app`, as people say it."""
    return f"{arn.resource_type} {arn.name}"
