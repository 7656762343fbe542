"""One set of policies asked about a request: which statements match, and when. Source: EVAL-1, EVAL-3."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from pathfinder.authorization.acl import OBJECT_ACL, AclPolicy, acl_actions
from pathfinder.authorization.caller import account_of
from pathfinder.authorization.decision import Match, Strength
from pathfinder.authorization.principals import Grants, PrincipalScene, match_principal
from pathfinder.authorization.request import Request
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, all_of, any_of
from pathfinder.policy.compile import CompiledStatement, Compiler
from pathfinder.policy.document import Effect, Policy, SomePolicy, Unread


@dataclass(slots=True)
class Answer:
    """What a set of policies says: when an Allow matches (by strength where it names principals), when a Deny."""

    allows: dict[Strength | None, Formula] = field(default_factory=dict)
    denies: Formula = FALSE
    matches: list[Match] = field(default_factory=list)

    @property
    def allowed(self) -> Formula:
        """When some Allow matches, of any strength."""
        return any_of(*self.allows.values())

    def strength(self, strength: Strength | None) -> Formula:
        """When an Allow of this strength matches."""
        return self.allows.get(strength, FALSE)

    def joined(self, other: Answer) -> Answer:
        """What either of the two says."""
        allows = {
            strength: any_of(self.strength(strength), other.strength(strength))
            for strength in {**self.allows, **other.allows}
        }
        return Answer(allows, any_of(self.denies, other.denies), [*self.matches, *other.matches])

    def under(self, condition: Formula) -> Answer:
        """The same, where the condition holds."""
        if condition == TRUE:
            return self
        return Answer(
            {strength: all_of(condition, formula) for strength, formula in self.allows.items()},
            all_of(condition, self.denies),
            [replace(match, condition=all_of(condition, match.condition)) for match in self.matches],
        )


PrincipalTest = Callable[[CompiledStatement], Grants]
"""When a statement's principals hold, by strength."""


def ask(
    policies: Iterable[SomePolicy],
    request: Request,
    compiler: Compiler,
    principals: PrincipalTest | None = None,
) -> Answer:
    """Ask every statement of the policies. `principals` None: the policies name none (identity types)."""
    answer = Answer()
    action = request.action.lower()
    for policy in policies:
        match policy:
            case Unread():
                _add_unread(policy, answer)
            case Policy():
                for statement in compiler.compile(policy).statements:
                    _add(statement, policy, request, action, principals, answer)
    return answer


def _add_unread(policy: Unread, answer: Answer) -> None:
    unknown = Unknown(
        f"{policy.kind.value} {policy.name} on {policy.attached_to} is not known: {policy.reason}"
    )
    answer.allows[None] = any_of(answer.allows.get(None, FALSE), unknown)
    answer.denies = any_of(answer.denies, unknown)


def unread_acl(acl: AclPolicy, request: Request) -> Answer:
    """What an ACL that nobody read may grant: what ACLs can grant at all, and never a denial (S3-22, S3-23)."""
    policy = acl.policy
    assert isinstance(policy, Unread)
    names = acl_actions(on_object=policy.name == OBJECT_ACL)
    if request.action.lower() not in {name.lower() for name in names}:
        return Answer()
    unknown = Unknown(f"{policy.name} of {policy.attached_to} is not known: {policy.reason}")
    answer = Answer()
    if account_of(request.caller) is not None:
        answer.allows[Strength.ACCOUNT] = unknown
    if acl.perhaps_public:
        answer.allows[Strength.DIRECT] = unknown
    return answer


def _add(
    compiled: CompiledStatement,
    policy: Policy,
    request: Request,
    action: str,
    principals: PrincipalTest | None,
    answer: Answer,
) -> None:
    formula = compiled.applies(action, request.target, request.context)
    if formula == FALSE:
        return
    statement = compiled.statement
    by_strength: Grants
    by_strength = {None: TRUE} if principals is None else principals(compiled)
    if not by_strength:
        return
    deny = statement.effect is not Effect.ALLOW
    if deny:
        by_strength = {None: any_of(*by_strength.values())}
    for strength, named in by_strength.items():
        condition = all_of(named, formula)
        if condition == FALSE:
            continue
        if deny:
            answer.denies = any_of(answer.denies, condition)
        else:
            answer.allows[strength] = any_of(answer.allows.get(strength, FALSE), condition)
        answer.matches.append(
            Match(
                policy.kind,
                policy.name,
                policy.attached_to,
                statement.label,
                statement.index,
                Effect.DENY if deny else Effect.ALLOW,
                condition,
                strength,
            )
        )


def by_principal(scene: PrincipalScene, *, bounded: bool) -> PrincipalTest:
    """The test of a statement's Principal or NotPrincipal for this caller.

    `bounded`: the caller has a permissions boundary, which a Deny with NotPrincipal always hits (PRIN-22).
    A statement without either element names nobody (LANG-5).
    """

    def test(compiled: CompiledStatement) -> Grants:
        element = compiled.statement.principal
        if element is None:
            return {None: TRUE} if compiled.fault and compiled.statement.effect is not Effect.ALLOW else {}
        if bounded and element.inverted and compiled.statement.effect is not Effect.ALLOW:
            return {Strength.DIRECT: TRUE}
        return match_principal(element, scene)

    return test
