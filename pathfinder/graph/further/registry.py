"""The registry of further authorizations: a new reason is a new file with one decorated function. Source: TERM-2."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial

from pathfinder.graph.principals import Actor
from pathfinder.graph.resource import Resource
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, all_of
from pathfinder.policy.context import Context, KeyState

Choices = Callable[[Actor, Formula, Context], Iterator[tuple["Need", ...]]]
"""What may be needed instead, given who calls, when all else allows the call, and its context: one choice after the
other. The first with which the call is possible is taken, else the last; where there is none, all stays as it is."""


VERSION_ID = "s3:versionid"


@dataclass(frozen=True, slots=True)
class ObjectNamed:
    """That an object is the one which `key` of the call names, its own key behind one of `before`.

    `after`: what stands between the object's key and its version, which `VERSION_ID` of the further authorization
    names, too; nothing where that is empty.
    """

    key: str
    before: tuple[str, ...]
    after: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """A further authorization that a call needs, whoever makes it: of the same caller and session.

    `action`, `resource`: what is authorized, with its own owner and policies. `differs`: keys of its context, in
    lower case, that are not as in the call; all others that speak of caller, time and network are shared, so
    that one value of each must do for all authorizations of the call; keys about the resource are its own.
    `readings`: where it is not known which of several contexts AWS sends, what each says besides; what they
    disagree on is unknown for the reason `unsure`. `when`: over the call's own keys, whether the call needs it.
    `unknown`: why nothing can be decided of it. `gaps`: what is not known about it. `blocked`: what is to be said
    of a call that this one stops, and nothing else, with `perhaps`: what may open it all the same. `note`: what a
    reader should know of a call that needs it. `closed`: what it is about, where no such thing is looked at, so that
    nothing opens it. `named`: needed only of who names the thing in the request. `choices`: what else a caller may
    choose, so that others are needed in place of this one; `may_need`: the actions of these. `names`: where the
    object is not the call's own: how the call names it. `unless_given`: headers that it hangs on and no policy looks
    at: it counts where the call's context fixes one of them.
    """

    action: str
    resource: Resource
    differs: Mapping[str, KeyState] = field(default_factory=dict)
    readings: tuple[Mapping[str, KeyState], ...] = ()
    unsure: str = ""
    when: Formula = TRUE
    unknown: str = ""
    gaps: tuple[str, ...] = ()
    blocked: str = ""
    perhaps: tuple[str, ...] = ()
    note: str = ""
    closed: str = ""
    named: bool = False
    choices: Choices | None = None
    may_need: tuple[str, ...] = ()
    names: ObjectNamed | None = None
    unless_given: tuple[str, ...] = ()

    def name(self, action: str) -> tuple[str, str, str]:
        """What tells it apart from other needs of calls on the same resource; the call's own action is no name."""
        own = "" if self.action.lower() == action.lower() else self.action
        return (own, str(self.resource.target.arn), self.unknown)


Further = Callable[[World, str, Resource], Iterable[Need]]
"""What an action on a resource needs besides; nothing for what the function is not about."""

_REGISTRY: dict[str, Further] = {}


def further(name: str) -> Callable[[Further], Further]:
    """Register a function as the further authorizations of this name."""

    def register(function: Further) -> Further:
        _REGISTRY[name] = function
        return function

    return register


@cache
def _functions() -> tuple[Further, ...]:
    package = importlib.import_module("pathfinder.graph.further")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return tuple(function for _, function in sorted(_REGISTRY.items()))


def needs_of(world: World, action: str, resource: Resource) -> tuple[Need, ...]:
    """All that a call needs besides, what its further authorizations need in turn included; computed once."""
    key = (action.lower(), resource)
    known = world.needs.get(key)
    if known is None:
        known = world.needs[key] = tuple(_needs_of(world, action, resource))
    assert isinstance(known, tuple)
    return known


def _needs_of(world: World, action: str, resource: Resource) -> Iterator[Need]:
    for function in _functions():
        for need in function(world, action, resource):
            yield from with_deeper(world, need)


def with_deeper(world: World, need: Need) -> Iterator[Need]:
    """A further authorization with what it needs in turn."""
    yield need
    for deeper in needs_of(world, need.action, need.resource):
        yield _behind(need, deeper)


def _behind(need: Need, deeper: Need) -> Need:
    """What a further authorization needs in turn, as the call itself needs it."""
    choices = deeper.choices
    return replace(
        deeper,
        differs={**need.differs, **deeper.differs},
        when=all_of(need.when, deeper.when),
        names=deeper.names or need.names,
        choices=None if choices is None else partial(_choices_behind, need, choices),
    )


def _choices_behind(
    need: Need, choices: Choices, actor: Actor, rest: Formula, context: Context
) -> Iterator[tuple[Need, ...]]:
    for needs in choices(actor, rest, context):
        yield tuple(_behind(need, each) for each in needs)
