"""Who is in no account of a small world, and may yet start sessions there: strangers, and services (PRIN-11).

A stranger's account is its own master, so its policies allow everything. Nothing is asked about strangers
themselves; they only tell which sessions of a role somebody can start.
"""

import re
from typing import Any

from .world_choices import session_names
from .world_contexts import Actor
from .world_values import World, mentioned

ACCOUNT = "987654321098"
ROLE = "stranger"
SERVICE = "stranger.amazonaws.com"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def with_strangers(world: World) -> World:
    """The world and one more account: users of each name and tag that policies look at, and a role."""
    names = {"ann", "bob", "zoe", *session_names(world)}  # a trust may demand the user's name of the session
    named = sorted(set(re.findall(r"aws:(?:Principal|Request)Tag/(\w+)", str(world))))
    tags: list[dict[str, str]] = [{}]
    for key in named:
        values = {*mentioned(world, f"aws:PrincipalTag/{key}"), *mentioned(world, f"aws:RequestTag/{key}")}
        tags = [
            each | more
            for each in tags
            for more in [{}, *({key: value} for value in [*sorted(values), "else"])]
        ]
    tags = [each for each in tags if not any(mark in value for value in each.values() for mark in "*?$")]
    users = {
        name if not number else f"{name}-{number}": _holder(tags=each)
        for name in sorted(names)
        for number, each in enumerate(tags)
    }
    trust = {"Version": "2012-10-17", "Statement": []}
    account: dict[str, Any] = {
        "restrict_public": False,
        "policies": {},
        "groups": {},
        "users": users,
        "roles": {ROLE: _holder(tags={}) | {"trust": trust}},
        "buckets": {},
        "endpoints": {},
    }
    return world | {"accounts": world["accounts"] | {ACCOUNT: account}}


def strangers(world: World) -> list[Actor]:
    """The users; whoever has a role there, and the service, pick a name."""
    return [
        Actor(
            "user",
            f"arn:aws:iam::{ACCOUNT}:user/{name}",
            ACCOUNT,
            name,
            tags=tuple(sorted(user["tags"].items())),
        )
        for name, user in world["accounts"][ACCOUNT]["users"].items()
    ]


def _holder(tags: dict[str, str]) -> dict[str, Any]:
    return {"path": "/", "inline": [_EVERYTHING], "managed": [], "groups": [], "boundary": None, "tags": tags}
