"""Who acts in a small world, and the context keys that the principal and the resource fix (chapter 6)."""

from dataclasses import dataclass
from typing import Any

from .context_sets import Context
from .world_values import World


@dataclass(frozen=True)
class Actor:
    """A principal with what its requests carry; of a role always one session.

    `tags`: those its requests show as aws:PrincipalTag, of which sessions that it starts inherit the
    `transitive` ones. `origin`: keys that tell how a session was obtained, lost in the next one (STS-34).
    """

    kind: str  # user, root, role, anonymous, provider, service
    arn: str
    account: str | None = None
    name: str = ""
    session: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    transitive: frozenset[str] = frozenset()
    source_identity: str = ""
    origin: tuple[tuple[str, str], ...] = ()

    @property
    def inherited(self) -> dict[str, str]:
        """The tags that sessions which it starts have besides their own (STS-31)."""
        return {key: value for key, value in self.tags if key in self.transitive}


def organization_of(world: World, account: str | None) -> dict[str, Any] | None:
    organization = world["organization"]
    return organization if organization and account in organization["accounts"] else None


def org_path(organization: dict[str, Any], account: str) -> list[str]:
    """The levels from the root to the account's parent."""
    path: list[str] = []
    at = organization["accounts"][account]["ou"]
    while at is not None:
        path.insert(0, at)
        at = organization["ous"][at]["parent"]
    return path


def fixed_keys(world: World, actor: Actor, owner: str) -> Context:
    """Keys that the principal and the owner of the resource fix (KEY-1, TERM-7)."""
    context: Context = {
        "aws:ResourceAccount": owner,
        "aws:ViaAWSService": "false",
        "aws:CurrentTime": "2026-01-02T03:04:05Z",
    }
    if organization := organization_of(world, owner):
        context["aws:ResourceOrgID"] = organization["id"]
        context["aws:ResourceOrgPaths"] = [_org_path_text(organization, owner)]
    if actor.kind == "service":  # EVAL-45; more is not relied on (TERM-7)
        return context | {"aws:PrincipalIsAWSService": "true"}
    if actor.kind == "provider":  # STS-20: the call is unsigned; its claims are chosen
        return context
    if actor.kind == "anonymous":
        return context | {
            "aws:PrincipalType": "Anonymous",
            "aws:PrincipalAccount": "anonymous",
            "aws:userid": "anonymous",
        }
    return context | _of_principal(world, actor)


def _of_principal(world: World, actor: Actor) -> Context:
    kind = {"user": "User", "root": "Account", "role": "AssumedRole"}[actor.kind]
    context: Context = {
        "aws:PrincipalArn": actor.arn,
        "aws:PrincipalAccount": actor.account,
        "aws:PrincipalType": kind,
        "aws:PrincipalIsAWSService": "false",
    }
    assert actor.account is not None
    if organization := organization_of(world, actor.account):
        context["aws:PrincipalOrgID"] = organization["id"]
        context["aws:PrincipalOrgPaths"] = [_org_path_text(organization, actor.account)]
    if actor.kind == "root":
        return context | {"aws:userid": actor.account}
    context |= {f"aws:PrincipalTag/{key}": value for key, value in actor.tags} | dict(actor.origin)
    if actor.source_identity:
        context["aws:SourceIdentity"] = actor.source_identity
    if actor.kind == "user":
        return context | {
            "aws:username": actor.name,
            "aws:userid": unique_id("AIDA", actor.account, actor.name),
        }
    return context | {"aws:userid": f"{unique_id('AROA', actor.account, actor.name)}:{actor.session}"}


def keys_of_role(world: World, actor: Actor, account: str, name: str) -> Context:
    """Keys that only calls about a role have: its tags, under those that its session would inherit (STS-32)."""
    tags = world["accounts"][account]["roles"][name]["tags"] | actor.inherited
    context: Context = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    if actor.source_identity:  # STS-33
        context["sts:SourceIdentity"] = actor.source_identity
    return context


def unique_id(prefix: str, account: str, name: str) -> str:
    return f"{prefix}{account[:4]}{name.upper():X<13}"


def _org_path_text(organization: dict[str, Any], account: str) -> str:
    return "/".join([organization["id"], *org_path(organization, account)]) + "/"
