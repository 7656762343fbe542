"""Who may come in question to assume a role where the trust policy leaves that to them: the coarse step for roles.

It looks at Allow statements, their actions and resources, never at conditions, and errs towards "maybe" only: whom it
leaves out, no own policy allows sts:AssumeRole on that role (STS-3, STS-4; design idea 4).
"""

from __future__ import annotations

from pathfinder.graph.coarse import may_match
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.model.identity import Role
from pathfinder.policy.compile import CompiledStatement
from pathfinder.policy.document import Effect, Policy

ASSUME_ROLE = "sts:AssumeRole"


class RoleAskers:
    """Node ids of principals by role, from an index over what their policies name.

    Statements that name roles one by one are looked up; those with wildcards or variables are tried at each role,
    once for all principals that share them.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._of_any_role: set[str] = set()
        self._by_arn: dict[str, set[str]] = {}
        self._by_pattern: dict[int, tuple[CompiledStatement, set[str]]] = {}
        for actor in world.actors.values():
            self._add(actor)

    def may_ask(self, role: Role) -> frozenset[str]:
        """Those with some Allow about sts:AssumeRole that may be about this role, or with some unknown policy."""
        found = self._of_any_role | self._by_arn.get(str(role.arn).lower(), set())
        resource = self._world.role_resource(role)
        for statement, node_ids in self._by_pattern.values():
            if not node_ids <= found and may_match(statement, resource):
                found |= node_ids
        return frozenset(found)

    def _add(self, actor: Actor) -> None:
        node_id = actor.node.id
        for policy in actor.policies:
            if not isinstance(policy, Policy):
                self._of_any_role.add(node_id)
                continue
            for statement in self._world.compiler.compile(policy).statements:
                if may_allow(statement, ASSUME_ROLE):
                    self._add_statement(statement, node_id)

    def _add_statement(self, statement: CompiledStatement, node_id: str) -> None:
        names = _names(statement)
        if names is None:
            self._by_pattern.setdefault(id(statement), (statement, set()))[1].add(node_id)
        for name in names or ():
            self._by_arn.setdefault(name, set()).add(node_id)


def may_allow(statement: CompiledStatement, action: str) -> bool:
    """Whether it is an Allow that may be about the action; one that is malformed grants nothing (LANG-50)."""
    if statement.statement.effect is not Effect.ALLOW or statement.fault:
        return False
    return not statement.actions_readable or statement.actions.holds(action.lower())


def _names(statement: CompiledStatement) -> tuple[str, ...] | None:
    """The ARNs that it names, in lower case; None where it says more than single whole ARNs."""
    if statement.statement.not_resource or statement.resources is None:
        return None
    texts = tuple(entry.text for entry in statement.resources)
    whole = all(text.startswith("arn:") and text.count(":") >= 5 for text in texts)
    return (
        tuple(map(str.lower, texts)) if whole and not any(set("*?$") & set(text) for text in texts) else None
    )
