"""A request with its policies as they are, or as they would be after some changes, decided like any request.

Policies are frozen: a change makes new documents in every place where the policy hangs. Source: EVAL-5, BPA-5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from pathfinder.authorization.decision import Decision, LayerKind
from pathfinder.authorization.request import Level, Policies, Request
from pathfinder.aws.arn import parse_arn
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import Solution, Unsatisfiable, solve
from pathfinder.graph.access_points import public_with
from pathfinder.graph.guarantees import DIRECT, NETWORK_KEYS
from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.settle import Settled, facts_for, settle
from pathfinder.graph.tags import tag_ties
from pathfinder.graph.world import World
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Unknown, all_of, constant, rewrite
from pathfinder.policy.compile import Compiler
from pathfinder.policy.context import OBJECT_KEY, SESSION_NAME, Context, KeyState, Values
from pathfinder.policy.document import Document, Policy, PolicyKind, SomePolicy, Statement
from pathfinder.routes.nearest_change import (
    AddStatement,
    AmendStatement,
    Change,
    DetachPolicy,
    Edit,
    Place,
    SetKeys,
    TurnOff,
)
from pathfinder.routes.nearest_settings import restricting


class ChangedWorld(World):
    """The same world, but that one request meets other policies; asked about that request alone."""

    def __init__(self, world: World, policies: Policies, compiler: Compiler) -> None:
        self.__dict__.update(vars(world))
        self.compiler = compiler
        self._changed = policies

    def policies(self, actor: Actor, action: str, resource: Resource) -> Policies:
        """The policies that apply to the request after the changes."""
        return self._changed


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The request, the policies that apply to it, and what is decided of it.

    `told`: keys that whoever asks has fixed. `settings`: where RestrictPublicBuckets is on.
    """

    world: World
    actor: Actor
    resource: Resource
    request: Request
    told: Mapping[str, KeyState]
    policies: Policies
    settings: tuple[str, ...]
    decision: Decision

    @property
    def context(self) -> Context:
        """The request's context."""
        return self.request.context

    @property
    def facts(self) -> Facts:
        """What AWS guarantees of such requests."""
        given = self.world.given(self.actor, self.request.action, self.resource)
        return facts_for(self.world, self.request.service, given)

    def impossible(self, formula: Formula) -> bool:
        """Whether no request that AWS could send meets the formula, proven."""
        return formula == FALSE or isinstance(solve(formula, self.facts), Unsatisfiable)

    def settled(self) -> Settled | None:
        """The condition under which such a request is allowed, None where none is."""
        action, allowed = self.request.action, self.decision.allowed
        return settle(self.world, self.actor, action, self.resource, allowed, given=self.told)

    def always(self) -> bool:
        """Whether every such request is allowed, whatever is still open in it."""
        found = self.settled()
        return found is not None and found.certain and found.condition == TRUE

    def example(self, wanted: Formula) -> Mapping[str, tuple[str, ...]] | None:
        """The keys of a request that meets a formula, as far as something hangs on them; made directly if it can be."""
        wanted = all_of(wanted, tag_ties(wanted))
        for formula in (all_of(wanted, DIRECT) if keys_of(wanted) & NETWORK_KEYS else wanted, wanted):
            found = solve(formula, self.facts)
            if isinstance(found, Solution):
                return found.values
        return None


def scene_of(
    world: World,
    actor: Actor,
    action: str,
    resource: Resource,
    context: Context,
    told: Mapping[str, KeyState],
) -> Scene:
    """The request as it is asked."""
    request = Request(actor.caller, action, resource.target, resource.account, context)
    policies = world.policies(actor, action, resource)
    own = ChangedWorld(world, policies, Compiler())
    decision = own.decide(actor, action, resource, context)
    return Scene(own, actor, resource, request, told, policies, restricting(world, resource), decision)


def applied(base: Scene, changes: Iterable[Change], opened: Mapping[str, KeyState] | None = None) -> Scene:
    """The request as it would be after the changes. `opened`: keys whose state is another besides."""
    edits = [change.edit for change in changes]
    states = dict(opened or {})
    for edit in edits:
        if isinstance(edit, SetKeys):
            states.update(edit.states)
    names = {key: states.pop(key) for key in (OBJECT_KEY, SESSION_NAME) if key in states}
    policies, settings = _edited(base, edits)
    context = Context({**base.context.states, **states}, base.context.otherwise)
    world = ChangedWorld(base.world, policies, base.world.compiler)
    decision = world.decide(base.actor, base.request.action, base.resource, context)
    if names:
        decision = _with_names(decision, names)
    return replace(
        base,
        world=world,
        request=replace(base.request, context=context),
        told={**base.told, **states},
        policies=policies,
        settings=settings,
        decision=decision,
    )


def _with_names(decision: Decision, names: Mapping[str, KeyState]) -> Decision:
    """The decision for one object or session: their names stand in the request's ARNs, not in its context."""

    def of_leaf(leaf: KeyTest | Unknown) -> Formula:
        state = names.get(leaf.key) if isinstance(leaf, KeyTest) else None
        if not isinstance(leaf, KeyTest) or not isinstance(state, Values):
            return leaf
        holds = leaf.holds(state.values)
        return leaf if holds is None else constant(holds)

    layers = tuple(
        replace(
            layer,
            allows=rewrite(layer.allows, of_leaf),
            denies=rewrite(layer.denies, of_leaf),
            matches=tuple(replace(m, condition=rewrite(m.condition, of_leaf)) for m in layer.matches),
        )
        for layer in decision.layers
    )
    allowed, denied = rewrite(decision.allowed, of_leaf), rewrite(decision.denied, of_leaf)
    return replace(decision, allowed=allowed, denied=denied, layers=layers)


def policies_at(policies: Policies, layer: LayerKind, level: str | None) -> tuple[SomePolicy, ...]:
    """The policies that a layer of the decision asks."""
    match layer:
        case LayerKind.IDENTITY:
            return policies.identity
        case LayerKind.BOUNDARY:
            return (policies.boundary,) if policies.boundary else ()
        case LayerKind.SESSION:
            return policies.session or ()
        case LayerKind.RESOURCE:
            return policies.resource
        case LayerKind.SCP | LayerKind.RCP:
            levels = (policies.scp if layer is LayerKind.SCP else policies.rcp) or ()
            return next((each.policies for each in levels if each.name == level), ())
        case LayerKind.ENDPOINT:
            return tuple(each.policy for each in policies.endpoints if each.id == level)
        case LayerKind.RULE | LayerKind.PUBLIC_ACCESS | LayerKind.GRANT | LayerKind.ACL:
            return ()


def places_of(policies: Policies, policy: Policy) -> tuple[Place, ...]:
    """Everywhere that an edit of this policy counts: a managed policy or SCP may hang in several places."""
    found = {_place(policy): None}
    if parse_arn(policy.name) is not None or policy.kind in (PolicyKind.SCP, PolicyKind.RCP):
        for each in _all(policies):
            if isinstance(each, Policy) and each.name == policy.name and each.document == policy.document:
                found[_place(each)] = None
    return tuple(found)


def _all(policies: Policies) -> Iterable[SomePolicy]:
    yield from policies.identity
    yield from (policies.boundary,) if policies.boundary else ()
    yield from policies.session or ()
    yield from policies.resource
    for level in (*(policies.scp or ()), *(policies.rcp or ())):
        yield from level.policies
    yield from (endpoint.policy for endpoint in policies.endpoints)


def _edited(base: Scene, edits: list[Edit]) -> tuple[Policies, tuple[str, ...]]:
    policies, settings = base.policies, base.settings
    for edit in edits:
        match edit:
            case AmendStatement():
                policies = _mapped(policies, _amending(edit))
            case DetachPolicy(places):
                policies = _mapped(policies, _detaching(places))
            case AddStatement():
                policies = _added(policies, edit)
            case TurnOff(setting):
                settings = tuple(each for each in settings if each != setting)
            case SetKeys():
                pass
    access = policies.public_access
    if access is not None and (policies.resource is not base.policies.resource or settings != base.settings):
        public = public_with(base.world, base.resource, policies.resource)
        restricted = False if base.settings and not settings else access.restricted
        policies = replace(policies, public_access=replace(access, public=public, restricted=restricted))
    return policies, settings


PolicyMap = Callable[[SomePolicy], SomePolicy | None]


def _amending(edit: AmendStatement) -> PolicyMap:
    made: dict[int, tuple[Document, Document]] = {}

    def amended(policy: SomePolicy) -> SomePolicy:
        if not isinstance(policy, Policy) or _place(policy) not in edit.places:
            return policy
        document = policy.document
        if id(document) not in made:
            statements = (
                edit.amend(each) if each.index == edit.index else each for each in document.statements
            )
            kept = tuple(each for each in statements if each is not None)
            made[id(document)] = document, replace(document, statements=kept)
        return replace(policy, document=made[id(document)][1])

    return amended


def _detaching(places: tuple[Place, ...]) -> PolicyMap:
    return lambda policy: None if _place(policy) in places else policy


def _place(policy: SomePolicy) -> Place:
    return Place(policy.kind, policy.name, policy.attached_to)


def _mapped(policies: Policies, of: PolicyMap) -> Policies:
    def each(listed: tuple[SomePolicy, ...]) -> tuple[SomePolicy, ...]:
        mapped = tuple(found for policy in listed if (found := of(policy)) is not None)
        return listed if mapped == listed else mapped

    def levels(listed: tuple[Level, ...] | None) -> tuple[Level, ...] | None:
        return None if listed is None else tuple(replace(it, policies=each(it.policies)) for it in listed)

    return replace(
        policies,
        identity=each(policies.identity),
        boundary=of(policies.boundary) if policies.boundary else None,
        session=None if policies.session is None else each(policies.session),
        resource=each(policies.resource),
        scp=levels(policies.scp),
        rcp=levels(policies.rcp),
        endpoints=tuple(
            replace(endpoint, policy=found)
            for endpoint in policies.endpoints
            if (found := of(endpoint.policy)) is not None
        ),
    )


def _added(policies: Policies, edit: AddStatement) -> Policies:
    place, statement = edit.place, edit.statement
    new = Policy(place.kind, place.name, place.attached_to, Document("2012-10-17", (statement,)))
    match edit.layer:
        case LayerKind.IDENTITY:
            return replace(policies, identity=(*policies.identity, new))
        case LayerKind.SESSION:
            return replace(policies, session=(*(policies.session or ()), new))
        case LayerKind.RESOURCE if not any(_place(each) == place for each in policies.resource):
            return replace(policies, resource=(*policies.resource, new))
        case LayerKind.SCP:
            scp = tuple(
                replace(level, policies=(*level.policies, new)) if level.name == edit.level else level
                for level in policies.scp or ()
            )
            return replace(policies, scp=scp)
        case _:
            return _mapped(policies, lambda policy: _longer(policy, place, statement))


def _longer(policy: SomePolicy, place: Place, statement: Statement) -> SomePolicy:
    if not isinstance(policy, Policy) or _place(policy) != place:
        return policy
    statements = policy.document.statements
    index = 1 + max((each.index for each in statements), default=-1)
    longer = replace(policy.document, statements=(*statements, replace(statement, index=index)))
    return replace(policy, document=longer)
