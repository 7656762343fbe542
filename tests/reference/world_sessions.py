"""What one sts call gives: which of its contexts are allowed, and what the new session carries (7.1, 7.3)."""

import re
from typing import Any

from .context_sets import Context
from .world_choices import UNNAMED
from .world_contexts import Actor
from .world_decisions import allowed, own_side
from .world_requests import Requests
from .world_values import World

PASSED = "aws:tagkeys"  # present iff the call passes tags
SOURCE_IDENTITY = "sts:sourceidentity"
ORIGINS = (
    "aws:FederatedProvider",
    "aws:Ec2InstanceSourceVpc",
    "ec2:SourceInstanceArn",
    "lambda:SourceFunctionArn",
)
Origin = tuple[tuple[str, str], ...]
ASSUME = {"provider": "sts:AssumeRoleWithWebIdentity"}  # all others call sts:AssumeRole


class Sessions:
    """The sessions of one world."""

    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        text = str(requests.world)
        self._named = set(re.findall(r":assumed-role/([^/'\"]+)/([^'\"]+)", text))
        self._tested_tags = set(re.findall(r"aws:(?:Principal|Resource)Tag/(\w+)", text))
        self._tested_origins = {key for key in ORIGINS if key in text}
        self._given: dict[tuple[Any, ...], frozenset[Actor]] = {}

    def started(self, caller: Actor, role: str) -> frozenset[Actor]:
        """Every session of the role that the caller can start."""
        allowing = self._allowed_calls(caller, role)
        if not allowing:
            return frozenset()
        contexts = self.requests.contexts(caller, "sts:AssumeRole")
        carried = (tuple(caller.inherited.items()), caller.source_identity, _origin(caller))
        asked = (role, id(contexts), allowing, carried)
        if asked not in self._given:
            choices = contexts.choices(["sts:rolesessionname", PASSED, SOURCE_IDENTITY])
            given = (self._session(caller, role, chosen) for chosen, those in choices if allowing & those)
            self._given[asked] = frozenset(given)
        return self._given[asked]

    def plain(self, role: str, name: str) -> Actor:
        """A session that carries nothing but its name."""
        return self._with(role, name, {}, {}, frozenset(), "", ())

    def tested(self, tags: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Those of the tags that some policy looks at."""
        return tuple(tag for tag in tags if tag[0] in self._tested_tags)

    def _allowed_calls(self, caller: Actor, role: str) -> int:
        """The contexts in which the call succeeds: all authorizations that it needs are given (STS-25)."""
        requests, inherited = self.requests, set(caller.inherited)
        fixed = inherited - {UNNAMED}  # another tag of the kind can always be passed
        contexts = requests.contexts(caller, "sts:AssumeRole")
        found = allowed(requests.request(caller, ASSUME.get(caller.kind, "sts:AssumeRole"), role))
        found &= ~contexts.where([PASSED], lambda c: not fixed.isdisjoint(_keys(c, PASSED)))  # STS-31
        tagging = contexts.every if inherited else contexts.where([PASSED], lambda c: PASSED in c)
        if found & tagging:
            found &= ~tagging | allowed(requests.request(caller, "sts:TagSession", role))
        setting = contexts.where([SOURCE_IDENTITY], lambda c: SOURCE_IDENTITY in c)
        if found & setting:
            found &= ~setting | allowed(requests.request(caller, "sts:SetSourceIdentity", role))
        if found and caller.source_identity:  # STS-33; the caller's own policies in any case (STS-25)
            request = requests.request(caller, "sts:SetSourceIdentity", role)
            found &= allowed(request) & own_side(request)
        return found

    def _session(self, caller: Actor, role: str, chosen: Context) -> Actor:
        return self._with(
            role,
            chosen["sts:rolesessionname"],
            passed={key: chosen[f"aws:requesttag/{key}"] for key in _keys(chosen, PASSED)},
            inherited=caller.inherited,
            transitive=frozenset({*caller.inherited, *_keys(chosen, "sts:transitivetagkeys")}),
            source_identity=caller.source_identity or chosen.get(SOURCE_IDENTITY, ""),
            origin=_origin(caller),
        )

    def _with(
        self,
        role: str,
        name: str,
        passed: dict[str, str],
        inherited: dict[str, str],
        transitive: frozenset[str],
        source_identity: str,
        origin: Origin,
    ) -> Actor:
        """A session with the role's tags, under those passed, under those inherited (STS-30, STS-31, STS-33).

        What no policy looks at is left out, so that fewer sessions differ: values of tags, keys of tags
        that are not inherited either, names, origins.
        """
        account, role_name = self.requests.roles[role]
        tags = self.requests.world["accounts"][account]["roles"][role_name]["tags"] | passed | inherited
        return Actor(
            kind="role",
            arn=role,
            account=account,
            name=role_name,
            session=name if (role_name, name) in self._named else "another",
            tags=tuple(
                (key, tags[key] if key in self._tested_tags else "")
                for key in sorted(tags)
                if key in self._tested_tags or key in transitive
            ),
            transitive=transitive,
            source_identity=source_identity,
            origin=tuple((key, value) for key, value in origin if key in self._tested_origins),
        )


def _keys(context: Context, listing: str) -> list[str]:
    """The keys of tags in a list of them: the same in any case (STS-30); in these worlds all have small letters."""
    return [key.lower() for key in context.get(listing, [])]


def _origin(caller: Actor) -> Origin:
    """What the requests of the session tell of how it was obtained (STS-34)."""
    if caller.kind == "provider":
        return (("aws:FederatedProvider", caller.arn),)
    return caller.origin if caller.kind == "service" else ()


# ---- starts that are no principals of an account --------------------------------------------------------


def providers(world: World) -> list[Actor]:
    """The OIDC providers, each as the caller that it proves (STS-20)."""
    return [
        Actor("provider", f"arn:aws:iam::{account}:oidc-provider/{host}", account, host)
        for account, content in world["accounts"].items()
        for host in content.get("providers", [])
    ]


def instances(world: World) -> dict[str, tuple[str, Actor]]:
    """ARN of each instance that has a role: the role's name, and EC2 as it delivers the session (STS-40)."""
    return {
        instance_arn(account, name): (
            instance["role"],
            ec2(account, name, instance["vpc"]),
        )
        for account, content in world["accounts"].items()
        for name, instance in content.get("instances", {}).items()
    }


def ec2(account: str, instance: str, vpc: str) -> Actor:
    """EC2 as it delivers a role to one instance: the session has its id as name."""
    origin = (
        ("aws:Ec2InstanceSourceVpc", vpc),
        ("ec2:SourceInstanceArn", instance_arn(account, instance)),
    )
    return Actor("service", "ec2.amazonaws.com", session=instance, origin=origin)


def aws_lambda(account: str, function: str) -> Actor:
    """Lambda as it delivers a role to one function: the session has its name (STS-41)."""
    arn = f"arn:aws:lambda:eu-west-1:{account}:function:{function}"
    return Actor(
        "service", "lambda.amazonaws.com", session=function, origin=(("lambda:SourceFunctionArn", arn),)
    )


def instance_arn(account: str, instance: str) -> str:
    return f"arn:aws:ec2:eu-west-1:{account}:instance/{instance}"
