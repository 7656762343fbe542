"""One set of policies asked about a request: which statements match, and when. Source: EVAL-1, EVAL-3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pathfinder.authorization.acl import OBJECT_ACL, AclPolicy, acl_actions
from pathfinder.authorization.caller import account_of
from pathfinder.authorization.decision import Layer, LayerKind, Match, Strength
from pathfinder.authorization.principals import Grants, PrincipalScene, match_principal
from pathfinder.authorization.request import Request
from pathfinder.logic.formula import FALSE, TRUE, Formula, Unknown, all_of, any_of, negate
from pathfinder.policy.compile import MOST_ANSWERS, About, CompiledStatement, Compiler
from pathfinder.policy.document import Effect, Policy, SomePolicy, Unread


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a set of policies says: when an Allow matches (by strength where it names principals), when a Deny.

    `allowed`: when some Allow matches, of any strength. `layers`: the layers of decisions that it makes, as far as
    they have been made.
    """

    allows: Mapping[Strength | None, Formula] = field(default_factory=dict)
    denies: Formula = FALSE
    matches: tuple[Match, ...] = ()
    allowed: Formula = field(init=False)
    layers: dict[object, Layer] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "allowed", any_of(*self.allows.values()))

    def strength(self, strength: Strength | None) -> Formula:
        """When an Allow of this strength matches."""
        return self.allows.get(strength, FALSE)

    def layer(self, kind: LayerKind, level: str | None = None) -> Layer:
        """It as a layer that takes part in a decision; of RCPs, whose Allows do not matter, its Denies (ORG-20)."""
        known = self.layers.get((kind, level))
        if known is None:
            allows = TRUE if kind is LayerKind.RCP else self.allowed
            known = self.layers[(kind, level)] = Layer(kind, True, allows, self.denies, self.matches, level)
        return known

    def layer_of_endpoint(self, endpoint: str | None, via: Formula) -> Layer:
        """It as the layer of a VPC endpoint; `via`: when the request travels through that one (VPCE-1)."""
        key = (LayerKind.ENDPOINT, endpoint, via)
        known = self.layers.get(key)
        if known is None:
            allows, denies = any_of(negate(via), self.allowed), all_of(via, self.denies)
            known = Layer(LayerKind.ENDPOINT, True, allows, denies, self.matches, endpoint)
            self.layers[key] = known
        return known

    def joined(self, other: Answer) -> Answer:
        """What either of the two says."""
        if other is NOTHING or self is NOTHING:
            return self if other is NOTHING else other
        allows = {
            strength: any_of(self.strength(strength), other.strength(strength))
            for strength in {**self.allows, **other.allows}
        }
        return Answer(allows, any_of(self.denies, other.denies), (*self.matches, *other.matches))

    def under(self, condition: Formula) -> Answer:
        """The same, where the condition holds."""
        if condition == TRUE:
            return self
        return Answer(
            {strength: all_of(condition, formula) for strength, formula in self.allows.items()},
            all_of(condition, self.denies),
            tuple(replace(match, condition=all_of(condition, match.condition)) for match in self.matches),
        )


NOTHING = Answer()
"""No statement matches."""


@dataclass(frozen=True, slots=True, eq=False)
class PrincipalTest:
    """When a statement's principals hold, by strength. `bounded`: as in `by_principal`."""

    scene: PrincipalScene
    bounded: bool

    def __call__(self, compiled: CompiledStatement) -> Grants:
        """By which strengths the statement's Principal or NotPrincipal holds for the caller."""
        element = compiled.statement.principal
        if element is None:
            return {None: TRUE} if compiled.fault and compiled.statement.effect is not Effect.ALLOW else {}
        if self.bounded and element.inverted and compiled.statement.effect is not Effect.ALLOW:
            return {Strength.DIRECT: TRUE}
        return match_principal(element, self.scene)

    def hangs_on(self, about: About) -> object:
        """All that its answers for these statements may hang on; None where that is not told."""
        if not about.principals:
            return ()
        if "CanonicalUser" in about.principals:
            return None
        scene = self.scene
        told = scene.context.state("aws:federatedprovider") if "Federated" in about.principals else None
        return scene.caller, scene.service, scene.gateway_endpoint, self.bounded, told


def by_principal(scene: PrincipalScene, *, bounded: bool) -> PrincipalTest:
    """The test of a statement's Principal or NotPrincipal for this caller.

    `bounded`: the caller has a permissions boundary, which a Deny with NotPrincipal always hits (PRIN-22).
    A statement without either element names nobody (LANG-5).
    """
    return PrincipalTest(scene, bounded)


def ask(
    policies: tuple[SomePolicy, ...],
    request: Request,
    compiler: Compiler,
    principals: PrincipalTest | None = None,
) -> Answer:
    """Ask every statement of the policies. `principals` None: the policies name none (identity types).

    The same question is answered once: it hangs on the target and on the keys that the statements speak of alone.
    """
    about = compiler.about(policies, request.action.lower())
    key: object = None
    if about.statements:
        told = () if principals is None else principals.hangs_on(about)
        if told is None:
            return _answer(about, request, principals)
        states = tuple([request.context.state(each) for each in about.keys])
        key = (principals is None, told, request.target, states)
    known = about.answers.get(key)
    if known is None:
        if len(about.answers) >= MOST_ANSWERS:
            about.answers.clear()
        known = about.answers[key] = _answer(about, request, principals)
    assert isinstance(known, Answer)
    return known


@dataclass(slots=True)
class _Found:
    """An answer that is being put together."""

    allows: dict[Strength | None, Formula] = field(default_factory=dict)
    denies: Formula = FALSE
    matches: list[Match] = field(default_factory=list)


def _answer(about: About, request: Request, principals: PrincipalTest | None) -> Answer:
    found = _Found()
    for policy, statement in about.statements:
        if isinstance(policy, Unread):
            _add_unread(policy, found)
        elif statement is not None:
            _add(statement, policy, request, principals, found)
    return Answer(found.allows, found.denies, tuple(found.matches))


def _add_unread(policy: Unread, found: _Found) -> None:
    unknown = Unknown(
        f"{policy.kind.value} {policy.name} on {policy.attached_to} is not known: {policy.reason}"
    )
    found.allows[None] = any_of(found.allows.get(None, FALSE), unknown)
    found.denies = any_of(found.denies, unknown)


def unread_acl(acl: AclPolicy, request: Request) -> Answer:
    """What an ACL that nobody read may grant: what ACLs can grant at all, and never a denial (S3-22, S3-23)."""
    policy = acl.policy
    assert isinstance(policy, Unread)
    names = acl_actions(on_object=policy.name == OBJECT_ACL)
    if request.action.lower() not in {name.lower() for name in names}:
        return NOTHING
    unknown = Unknown(f"{policy.name} of {policy.attached_to} is not known: {policy.reason}")
    allows: dict[Strength | None, Formula] = {}
    if account_of(request.caller) is not None:
        allows[Strength.ACCOUNT] = unknown
    if acl.perhaps_public:
        allows[Strength.DIRECT] = unknown
    return Answer(allows)


def _add(
    compiled: CompiledStatement,
    policy: Policy,
    request: Request,
    principals: PrincipalTest | None,
    found: _Found,
) -> None:
    formula = compiled.applies_to(request.target, request.context)
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
            found.denies = any_of(found.denies, condition)
        else:
            found.allows[strength] = any_of(found.allows.get(strength, FALSE), condition)
        found.matches.append(
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
