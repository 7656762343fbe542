"""Long-term credentials of another user. Source: evaluation.md ESC-10 to ESC-13, ESC-27."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.graph.escalations.calls import Call, first_open
from pathfinder.graph.escalations.changed import with_policies
from pathfinder.graph.escalations.hops import edge
from pathfinder.graph.escalations.named import Named
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.escalations.resources import of_identity
from pathfinder.graph.escalations.rows_shared import is_already
from pathfinder.graph.escalations.widening import name_of, widenings
from pathfinder.graph.hop import Session
from pathfinder.graph.hops.registry import Edge
from pathfinder.graph.principals import Actor, user_actor
from pathfinder.graph.world import World
from pathfinder.model.identity import User

MOST_KEYS = 2
"""Access keys that a user can have, inactive ones included."""


@escalation("iam-users")
def iam_users(scene: Scene) -> Iterator[Edge]:
    """Access keys, login profiles, and both after the user's policies are widened."""
    world = scene.world
    named = Named(world)
    for account in world.snapshot.accounts:
        if not account.users:
            continue
        administrator = scene.administrator(account.id)
        for user in account.users:
            for actor in (*scene.sources("iam:CreateAccessKey", account.id), *administrator):
                if is_already(world, actor, user):
                    continue
                yield from _key(world, actor, user)
                if actor not in administrator or named.holds(str(user.arn)):
                    yield from _widened(world, actor, user)
            for action in ("iam:CreateLoginProfile", "iam:UpdateLoginProfile"):
                for actor in scene.sources(action, account.id):
                    if not is_already(world, actor, user):
                        yield from _password(world, actor, user, action)


def _key_ways(user: User) -> tuple[list[tuple[Call, ...]], tuple[str, ...]]:
    """The ways to an access key of the user, and what is not known of them."""
    on = of_identity(user)
    create, delete = Call("iam:CreateAccessKey", on), Call("iam:DeleteAccessKey", on)
    if user.access_keys is None:
        return [(create, delete), (create,)], ()
    if len(user.access_keys) < MOST_KEYS:
        return [(create,)], ()
    return [(create, delete)], ()


def _key(world: World, actor: Actor, user: User) -> Iterator[Edge]:
    ways, _ = _key_ways(user)
    found = first_open(world, actor, ways)
    if found is None:
        return
    deletes = len(found.calls) > 1
    yield edge(
        actor,
        user_actor(user).node,
        found,
        "ESC-10",
        f"{name_of(user.arn)} would have a new access key"
        + (", one of its old ones deleted" if deletes else ""),
        Session.CREDENTIALS,
        paths=("iam-003",) if deletes else ("iam-002",),
        gaps=_unknown_keys(user, deletes),
    )


def _unknown_keys(user: User, deletes: bool) -> tuple[str, ...]:
    if deletes or user.access_keys is not None:
        return ()
    return (f"how many access keys {name_of(user.arn)} has is not known; with {MOST_KEYS} it gets no other",)


def _widened(world: World, actor: Actor, user: User) -> Iterator[Edge]:
    """A key of the user once its policies allow it everything (ESC-27)."""
    done: set[str] = set()
    for each in widenings(world, user, user_actor(user)):
        if each.call.action in done:
            continue
        ways, _ = _key_ways(user)
        found = first_open(world, actor, [(each.call, *calls) for calls in ways])
        if found is None:
            continue
        change = with_policies(world, user_actor(user), each.what, "with added policies", each.policies)
        if change is None:
            continue
        done.add(each.call.action)
        deletes = len(found.calls) > 2
        yield edge(
            actor,
            change.actor.node,
            found,
            "ESC-27",
            f"{each.words} would allow everything, and {name_of(user.arn)} would have a new access key",
            Session.CREDENTIALS,
            paths=_WIDENED.get(each.call.action, ()),
            gaps=_unknown_keys(user, deletes),
        )


_WIDENED = {"iam:AttachUserPolicy": ("iam-015",), "iam:PutUserPolicy": ("iam-018",)}


def _password(world: World, actor: Actor, user: User, action: str) -> Iterator[Edge]:
    """A console session: with MFA on, only if it is taken away as well (ESC-11 to ESC-13)."""
    creates = action == "iam:CreateLoginProfile"
    if user.has_password is creates:
        return
    on = of_identity(user)
    call = Call(action, on)
    without_mfa = (call, Call("iam:DeactivateMFADevice", on))
    ways = [without_mfa] if user.has_mfa else [without_mfa, (call,)] if user.has_mfa is None else [(call,)]
    found = first_open(world, actor, ways)
    if found is None:
        return
    gaps = []
    if user.has_password is None:
        gaps.append(f"whether {name_of(user.arn)} has a password is not known")
    if user.has_mfa is None and len(found.calls) == 1:
        gaps.append(f"whether {name_of(user.arn)} signs in with MFA is not known; it would be needed")
    removed = ", its MFA device removed" if len(found.calls) > 1 else ""
    yield edge(
        actor,
        user_actor(user).node,
        found,
        "ESC-11" if creates else "ESC-12",
        f"{name_of(user.arn)} would have {'a' if creates else 'another'} password{removed}",
        Session.CREDENTIALS,
        paths=("iam-004",) if creates else ("iam-006",),
        gaps=gaps,
    )
