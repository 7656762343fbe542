"""The coarse step: whether a principal can come in question for a bucket at all (design idea 4).

It looks at Allow statements, their actions, resources and principals, never at conditions, and errs towards
"maybe" only: what it refuses, the decision procedure would refuse as well (EVAL-10 to EVAL-22).
"""

from __future__ import annotations

from pathfinder.authorization.caller import RootUser, account_of
from pathfinder.authorization.principals import PrincipalScene, match_principal
from pathfinder.aws.arn import is_account_id
from pathfinder.aws.s3_actions import bucket_actions, object_actions
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE
from pathfinder.policy.compile import CompiledStatement
from pathfinder.policy.context import OPEN, Context
from pathfinder.policy.document import Effect, Policy, SomePolicy
from pathfinder.policy.resources import match_resources

_ANYTHING = Context({}, lambda _key: OPEN)


class CoarseStep:
    """Answers for pairs of principals and buckets; what it finds of each statement is kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._about_s3: dict[int, bool] = {}
        self._held: list[CompiledStatement] = []
        self._s3_allows: dict[str, tuple[CompiledStatement, ...] | None] = {}
        self._touches: dict[tuple[int, str | None, str], bool] = {}

    def may_reach(self, actor: Actor, bucket: Resource, objects: Resource) -> bool:
        """Whether the principal's and the bucket's Allow statements leave a chance."""
        inside = account_of(actor.caller) == bucket.account
        if isinstance(actor.caller, RootUser) and (inside or bucket.account is None):
            return True
        identity = self._identity_may(actor, bucket, objects)
        if account_of(actor.caller) is None or isinstance(actor.caller, RootUser):
            return self._resource_may(actor, bucket) or self._may_own_objects(actor, bucket)
        if bucket.account is None:
            return identity
        if inside or self._may_own_objects(actor, bucket):
            return identity or self._resource_may(actor, bucket)
        return identity and self._resource_may(actor, bucket)

    def _may_own_objects(self, actor: Actor, bucket: Resource) -> bool:
        """Whether objects of the bucket may belong to the caller's account (S3-4)."""
        account = account_of(actor.caller)
        return any(
            each.owner == account or not is_account_id(each.owner) for each in bucket.acls.foreign_objects
        )

    def _identity_may(self, actor: Actor, bucket: Resource, objects: Resource) -> bool:
        statements = self._s3_allows_of(actor)
        if statements is None:
            return True
        return any(self._may_touch(each, bucket, objects) for each in statements)

    def _s3_allows_of(self, actor: Actor) -> tuple[CompiledStatement, ...] | None:
        """Allow statements about S3 in the identity policies; None where a policy is not known."""
        if actor.node.id not in self._s3_allows:
            self._s3_allows[actor.node.id] = self._allows(actor.policies)
        return self._s3_allows[actor.node.id]

    def _allows(self, policies: tuple[SomePolicy, ...]) -> tuple[CompiledStatement, ...] | None:
        found: list[CompiledStatement] = []
        for policy in policies:
            if not isinstance(policy, Policy):
                return None
            found.extend(
                each
                for each in self._world.compiler.compile(policy).statements
                if each.statement.effect is Effect.ALLOW and not each.fault and self._is_about_s3(each)
            )
        return tuple(found)

    def _is_about_s3(self, statement: CompiledStatement) -> bool:
        known = self._about_s3.get(id(statement))
        if known is None:
            self._held.append(statement)
            names = (*bucket_actions(), *object_actions())
            known = any(statement.actions.holds(name.lower()) for name in names)
            self._about_s3[id(statement)] = known
        return known

    def _may_touch(self, statement: CompiledStatement, bucket: Resource, objects: Resource) -> bool:
        key = (id(statement), bucket.account, str(bucket.target.arn))
        known = self._touches.get(key)
        if known is None:
            known = self._touches[key] = any(may_match(statement, each) for each in (bucket, objects))
        return known

    def _resource_may(self, actor: Actor, bucket: Resource) -> bool:
        """Whether the bucket policy or an ACL may name the caller; in its own account an account form is not enough."""
        scene = PrincipalScene(actor.caller, "s3", _ANYTHING, self._world.canonical_ids)
        for policy in (*bucket.policies, *(each.policy for each in bucket.acls.acl)):
            if not isinstance(policy, Policy):
                return True
            for each in self._world.compiler.compile(policy).statements:
                principal = each.statement.principal
                if (
                    each.statement.effect is Effect.ALLOW
                    and principal is not None
                    and match_principal(principal, scene)
                ):
                    return True
        return False


def may_match(statement: CompiledStatement, resource: Resource) -> bool:
    """Whether the statement's resources may be about this one."""
    if statement.statement.not_resource or statement.resources is None:
        return True
    return match_resources(statement.resources, resource.target, _ANYTHING, deny=False).matches != FALSE
