"""Tags that some policy asks about, and the sets of them that are worth trying. Source: evaluation.md ESC-68, S3-26.

Errs towards too few: a value with a variable that stands for nothing known is left out, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product

from pathfinder.authorization.caller import UserCaller
from pathfinder.authorization.request import Policies
from pathfinder.graph.principals import Actor
from pathfinder.graph.world import World
from pathfinder.policy.document import Policy, SomePolicy, Statement

MOST_SETS = 12
"""Sets of tags that are tried for one principal and bucket."""
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ANY_TEXT = "pathfinder"

Asked = Mapping[str, tuple[str, ...]]
"""Tag keys as written, and the values that conditions name for them."""


def asked_about(world: World, told: Policies, prefixes: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The tags that conditions of the policies that apply ask about under keys with these prefixes."""
    found: dict[str, dict[str, None]] = {}
    for policy in _all(told):
        for key, values in _of_policy(world, policy, prefixes):
            found.setdefault(key, {}).update(dict.fromkeys(values))
    return {key: tuple(values) for key, values in sorted(found.items())}


def choices(actor: Actor, asked: Asked, present: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Sets of tags: each asked tag with each value that conditions name, another value, or without it."""
    options = [
        (present.get(key), *dict.fromkeys((*_values(actor, values), _ANY_TEXT)), None)
        for key, values in asked.items()
    ]
    seen: list[dict[str, str]] = []
    for chosen in islice(product(*options), 8 * MOST_SETS):
        tags = {key: value for key, value in present.items() if key not in asked}
        tags |= {key: value for key, value in zip(asked, chosen, strict=True) if value is not None}
        if tags not in seen:
            seen.append(tags)
            yield tags
        if len(seen) >= MOST_SETS:
            return


def left_out(actor: Actor, asked: Asked) -> bool:
    """Whether there are more sets, or values that nobody knows."""
    count = 1
    for values in asked.values():
        known = tuple(_values(actor, values))
        if len(known) < len(values):
            return True
        count *= len(known) + 3
    return count > MOST_SETS


def _values(actor: Actor, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        try:
            text = _VARIABLE.sub(lambda found: _stands_for(actor, found.group(1)), value)
        except KeyError:
            continue
        yield text.replace("*", "x").replace("?", "x")


def _stands_for(actor: Actor, variable: str) -> str:
    name = variable.strip().lower()
    if name in ("*", "?", "$"):
        return name
    if name == "aws:username" and isinstance(actor.caller, UserCaller):
        return actor.caller.arn.name
    if name == "aws:principalaccount":
        return str(actor.account)
    tags = {f"aws:principaltag/{key.lower()}": value for key, value in actor.tags.items()}
    return tags[name]


def _all(told: Policies) -> Iterator[SomePolicy]:
    yield from told.identity
    if told.boundary is not None:
        yield told.boundary
    yield from told.resource
    for level in (*(told.scp or ()), *(told.rcp or ())):
        yield from level.policies


def _about_s3(statement: Statement) -> bool:
    """Whether it may be about S3 at all: policies for other services ask about tags far more often."""
    return statement.not_action or any(
        each.lower().startswith(("s3:", "s3*", "*")) for each in statement.actions
    )


def _of_policy(
    world: World, policy: SomePolicy, prefixes: tuple[str, ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(policy, Policy):
        return ()
    known = world.facts.get(("tags asked about", id(policy.document), prefixes))
    if known is None:
        found = tuple(
            (entry.key[len(prefix) :], () if entry.operator.lower().startswith("null") else entry.values)
            for statement in policy.document.statements
            if _about_s3(statement)
            for entry in statement.conditions
            for prefix in prefixes
            if entry.key.lower().startswith(prefix)
        )
        known = world.facts[("tags asked about", id(policy.document), prefixes)] = (policy.document, found)
    assert isinstance(known, tuple)
    return known[1]  # type: ignore[no-any-return]  # the memory is shared, so untyped; this is what was put in
