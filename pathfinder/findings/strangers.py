"""Somebody of an AWS account that nobody here has ever heard of, in no organization. Source: PRIN-11, TERM-4."""

from __future__ import annotations

from dataclasses import dataclass

from pathfinder.authorization.decision import Decision, LayerKind
from pathfinder.aws.arn import Arn
from pathfinder.conditions.solve import satisfiable
from pathfinder.findings.callers import SOMEBODY
from pathfinder.graph.guarantees import THROUGH
from pathfinder.graph.principals import Actor, external_actor, named_principals
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import facts_for
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, Formula, KeyTest, Quantifier, all_of, any_of, negate, present
from pathfinder.logic.patterns import Pattern, exact, parse_pattern
from pathfinder.logic.values import ArnTest, StringTest, ValueTest
from pathfinder.model.resources import Bucket
from pathfinder.policy.context import ABSENT, PRESENT, Context
from pathfinder.policy.document import Policy


@dataclass(frozen=True, slots=True)
class Opening:
    """That a stranger may: under which condition, beside whose own policies must allow it, and what decided."""

    condition: Formula
    decision: Decision


def open_to_strangers(
    world: World, action: str, resource: Resource, *besides: Formula, partition: str = "aws"
) -> Opening | None:
    """Whether a user or role of any account at all may do this if its own account lets it; None: no.

    `besides`: what must hold too, such as that a key is not sent.
    """
    for kind in ("user", "role"):
        arn = Arn(partition, "iam", "", SOMEBODY, f"{kind}/*")
        actor = external_actor(arn)
        decision = world.decide(actor, action, resource, _context(world, actor, action, resource))
        if decision.allowed == FALSE:
            continue
        condition = all_of(decision.allowed, *besides)
        facts = facts_for(world, action.partition(":")[0].lower())
        if satisfiable(all_of(condition, _of_strangers(kind, partition)), facts) is not False:
            return Opening(condition, decision)
    return None


def _context(world: World, actor: Actor, action: str, resource: Resource) -> Context:
    told = world.context(actor, action, resource)
    states = {
        **told.states,
        "aws:principalarn": PRESENT,
        "aws:principalorgid": ABSENT,
        "aws:principalorgpaths": ABSENT,
    }
    return Context(states, told.otherwise)


def _of_strangers(kind: str, partition: str) -> Formula:
    """That the caller's ARN is of the stranger's own account, its id nobody's here, its network none of ours."""
    own = StringTest((parse_pattern(f"arn:{partition}:iam::{SOMEBODY}:{kind}/*", variables=False),))
    unknown_id = StringTest((parse_pattern("A?????????????STRANGER*", variables=False),))
    return all_of(
        KeyTest("aws:principalarn", Quantifier.ONE, own, negated=False, if_absent=True),
        KeyTest("aws:userid", Quantifier.ONE, unknown_id, negated=False, if_absent=True),
        negate(THROUGH),
    )


def strangers_at(world: World, bucket: Bucket) -> dict[str, Opening]:
    """What strangers may do in a bucket, by action; of actions that no policy tells apart one is asked."""
    found: dict[str, Opening] = {}
    whole = world.bucket_resource(bucket, objects=False)
    stranger = external_actor(Arn(bucket.arn.partition, "iam", "", SOMEBODY, "user/*"))
    for each in world.action_classes.of(world.policies(stranger, "s3:GetObject", whole)):
        resource = world.bucket_resource(bucket, objects=each.objects)
        opening = open_to_strangers(world, each.actions[0], resource, partition=bucket.arn.partition)
        if opening is not None:
            found.update(dict.fromkeys(each.actions, opening))
    return found


def names_all(policy: Policy) -> bool:
    """Whether some Allow names everyone."""
    return any(text == "*" for kind, text in named_principals((policy,)) if kind in ("*", "AWS"))


def granting(opening: Opening) -> tuple[str, ...]:
    """The statements of the resource's own policy that let strangers in."""
    layers = [each for each in opening.decision.layers if each.kind is LayerKind.RESOURCE]
    return tuple(match.statement for layer in layers for match in layer.matches)


def unless(key: str, value: ValueTest) -> Formula:
    """The key is not sent, or holds such a value."""
    return any_of(negate(present(key)), KeyTest(key, Quantifier.ONE, value, negated=False, if_absent=False))


def _arn(*fields: str) -> tuple[Pattern, Pattern, Pattern, Pattern, Pattern, Pattern]:
    one, two, three, four, five, six = (parse_pattern(each, variables=False) for each in fields)
    return (one, two, three, four, five, six)


_SOMEBODY = StringTest((exact(SOMEBODY),))
_SOMEBODYS = ArnTest(
    (_arn("arn", "*", "*", "*", SOMEBODY, "*"), _arn("arn", "*", "*", "", "", "pathfinder-stranger*"))
)
"""Resources of an account that nobody knows; a bucket's ARN tells no account."""
FOR_STRANGERS = all_of(
    unless("aws:sourceaccount", _SOMEBODY),
    unless("aws:sourcearn", _SOMEBODYS),
    negate(present("aws:sourceorgid")),
    negate(present("aws:sourceorgpaths")),
    unless("aws:sourceowner", _SOMEBODY),
)
"""That a service acts for a resource of an account that nobody knows and that is in no organization (EVAL-45)."""
