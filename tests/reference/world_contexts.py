"""Every request context that AWS could send for a request in a small world, at test points (chapter 6).

Keys that the principal and the resource fix are computed. Free keys take values built from those that
the world's policies mention, one other, and absence, each only where AWS sends the key: an address or an
endpoint, never both (VPCE-5); MFA with users only (STS-13, D-21); s3:prefix with ListBucket only.
Of several values that no policy tells apart, one is kept.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .context_sets import Context, Contexts

World = dict[str, Any]


@dataclass(frozen=True)
class Actor:
    """A principal with what its requests carry; a role always with the name of one of its sessions."""

    kind: str  # user, root, role, anonymous
    arn: str
    account: str | None = None
    name: str = ""
    session: str = ""


def documents(value: Any) -> Iterator[dict[str, Any]]:
    """Every policy document in the world."""
    if isinstance(value, dict):
        if "Statement" in value:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from documents(one)


def mentioned(policies: Any, key: str) -> list[str]:
    """The values that the policies compare the key with, in a fixed order."""
    found: set[str] = set()
    for document in documents(policies):
        for statement in document["Statement"]:
            for tests in statement.get("Condition", {}).values():
                for name, values in tests.items():
                    if name.lower() == key.lower():
                        found |= {str(v) for v in (values if isinstance(values, list) else [values])}
    return sorted(found)


def words(world: World) -> list[str]:
    """What variables can stand for: user names and tag values, a default, and something else."""
    found = {"none", "else"}
    for account in world["accounts"].values():
        found |= set(account["users"])
        for principal in [*account["users"].values(), *account["roles"].values()]:
            found |= set(principal["tags"].values())
    return sorted(found)


def told_apart(patterns: Iterable[str], world: World, shortest: int = 0) -> list[str]:
    """Texts around the patterns, one for each set of patterns that match it, none shorter than AWS takes."""
    expanded = {text for pattern in patterns for text in _without_variables(pattern, world)}
    texts = {text for pattern in expanded for text in _instances(pattern)} | {"zzz"}
    exact = sorted(expanded)  # StringEquals takes wildcards literally
    compiled = [_wildcard(pattern) for pattern in exact]
    kept: dict[tuple[bool, tuple[int, ...], str | None], str] = {}
    for text in sorted((t for t in texts if len(t) >= shortest), key=lambda t: (len(t), t)):
        matching = tuple(number for number, p in enumerate(compiled) if p.fullmatch(text))
        kept.setdefault((text == "", matching, text if text in expanded else None), text)
    return sorted(kept.values())


@lru_cache(maxsize=1 << 16)
def _wildcard(pattern: str) -> re.Pattern[str]:
    """`*` is any run, `?` any one character (LANG-21)."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _without_variables(pattern: str, world: World) -> set[str]:
    texts = {pattern}
    for variable in set(re.findall(r"\$\{[^}]*\}", pattern)):
        texts = {text.replace(variable, word) for text in texts for word in words(world)}
    return texts


def _instances(pattern: str) -> set[str]:
    """Texts that the pattern matches, shortest and longer, and neighbours that it does not match."""
    points = set()
    for run in ("", "x", "a/b.txt"):
        point = pattern.replace("*", run).replace("?", "q")
        points |= {point, point + "y", point[:-1]}
    return points


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
    """Keys that the principal and the resource fix (KEY-1, TERM-7)."""
    context: Context = {
        "aws:ResourceAccount": owner,
        "aws:PrincipalAccount": actor.account or "anonymous",
        "aws:ViaAWSService": "false",
        "aws:CurrentTime": "2026-01-02T03:04:05Z",
    }
    if organization := organization_of(world, owner):
        context["aws:ResourceOrgID"] = organization["id"]
        context["aws:ResourceOrgPaths"] = [_org_path_text(organization, owner)]
    if actor.kind == "anonymous":
        return context | {"aws:PrincipalType": "Anonymous", "aws:userid": "anonymous"}
    kind = {"user": "User", "root": "Account", "role": "AssumedRole"}[actor.kind]
    context |= {
        "aws:PrincipalArn": actor.arn,
        "aws:PrincipalType": kind,
        "aws:PrincipalIsAWSService": "false",
    }
    assert actor.account is not None
    if organization := organization_of(world, actor.account):
        context["aws:PrincipalOrgID"] = organization["id"]
        context["aws:PrincipalOrgPaths"] = [_org_path_text(organization, actor.account)]
    if actor.kind == "root":
        return context | {"aws:userid": actor.account}
    holder = world["accounts"][actor.account][actor.kind + "s"][actor.name]
    context |= {f"aws:PrincipalTag/{key}": value for key, value in holder["tags"].items()}
    if actor.kind == "user":
        return context | {
            "aws:username": actor.name,
            "aws:userid": unique_id("AIDA", actor.account, actor.name),
        }
    return context | {"aws:userid": f"{unique_id('AROA', actor.account, actor.name)}:{actor.session}"}


def unique_id(prefix: str, account: str, name: str) -> str:
    return f"{prefix}{account[:4]}{name.upper():X<13}"


def _org_path_text(organization: dict[str, Any], account: str) -> str:
    return "/".join([organization["id"], *org_path(organization, account)]) + "/"


def chosen_by(world: World, kind: str, action: str) -> Contexts:
    """Every combination of the keys that callers of this kind and their networks choose, as policies look at them."""
    dimensions = [_networks(world, action), _mfa(kind, world)]
    if action == "sts:AssumeRole":
        ids = mentioned(world, "sts:ExternalId")
        dimensions.append(_optional("sts:ExternalId", told_apart(ids, world, shortest=2)))
        dimensions.append([{"sts:RoleSessionName": name} for name in session_names(world)])
    else:
        dimensions.append([{"aws:SecureTransport": value} for value in ("true", "false")])
    if action == "s3:ListBucket":
        prefixes = told_apart(mentioned(world, "s3:prefix"), world)
        dimensions.append(_optional("s3:prefix", sorted({*prefixes, ""})))
    return Contexts(dimensions)


def session_names(world: World) -> list[str]:
    """Names that policies tell apart, and another (STS-9)."""
    names = set(re.findall(r":assumed-role/[^/'\"]+/([^'\"]+)", str(world)))
    names |= set(told_apart(mentioned(world, "sts:RoleSessionName"), world, shortest=2))
    return sorted(names | {"another"})


def _optional(key: str, values: list[str]) -> list[Context]:
    return [{}, *({key: value} for value in values)]


def _mfa(kind: str, world: World) -> list[Context]:
    """STS-13, D-21: users and root users may have signed in with a second factor, or not; roles never."""
    if kind not in ("user", "root"):
        return [{}]
    return _optional("aws:MultiFactorAuthPresent", ["true", "false"])


def _networks(world: World, action: str) -> list[Context]:
    """From the internet, or through one endpoint: a known one, a mentioned one, another (VPCE-5)."""
    addresses = {"8.8.8.8"}
    for cidr in mentioned(world, "aws:SourceIp"):
        network = ipaddress.ip_network(cidr, strict=False)
        addresses |= {str(network[0]), str(network[-1])}
    ways = {"vpce-0other": "vpc-0other"}
    if action != "sts:AssumeRole":  # the known ones are S3's; STS has its own (VPCE-6)
        ways |= dict.fromkeys(mentioned(world, "aws:SourceVpce"), "vpc-0other")
        ways |= {
            name: e["vpc"]
            for account in world["accounts"].values()
            for name, e in account["endpoints"].items()
        }
    private = {"aws:VpcSourceIp": "10.0.0.1"}
    return [
        *({"aws:SourceIp": address} for address in sorted(addresses)),
        *({"aws:SourceVpce": name, "aws:SourceVpc": vpc} | private for name, vpc in sorted(ways.items())),
    ]
