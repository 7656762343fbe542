"""The context keys that callers choose in a small world, at test points (chapter 6).

They take values built from those that the world's policies mention, one other, and absence, each only where
AWS sends the key: an address or an endpoint, never both (VPCE-5); MFA with users only (STS-13, D-21);
s3:prefix with ListBucket only. Of several values that no policy tells apart, one is kept.
"""

import ipaddress
import itertools
import re

from .context_sets import Context, Contexts
from .language import action_matches
from .world_contexts import Actor
from .world_points import object_keys
from .world_values import World, mentioned, told_apart

TRUTH = {"true", "false"}  # what Null is compared with
UNNAMED = "another"  # stands for all keys of tags that no policy names
OTHER = "zzz"  # one value that tags and source identities have in common, as variables may compare them


def chosen_by(world: World, actor: Actor, action: str) -> Contexts:
    """Every combination of the keys that such a caller, its network and its identity provider choose."""
    if actor.kind == "service":  # the name tells what the session is for (STS-40, STS-41)
        return Contexts([[{"sts:RoleSessionName": actor.session}]])
    dimensions = [_networks(world, action), _mfa(actor, world)]
    if action.startswith("s3:"):
        dimensions.append([{"aws:SecureTransport": value} for value in ("true", "false")])
    if action == "s3:ListBucket":
        prefixes = told_apart(mentioned(world, "s3:prefix"), world)
        dimensions.append(_optional("s3:prefix", sorted({*prefixes, ""})))
    if action.startswith("sts:"):
        dimensions += _of_a_session(world, actor)
    return Contexts(dimensions)


def _of_a_session(world: World, actor: Actor) -> list[list[Context]]:
    """What the call for a session passes (STS-9, STS-25); a provider proves claims, and knows no external id."""
    dimensions = [[{"sts:RoleSessionName": name} for name in session_names(world)], tags_to_pass(world)]
    if not actor.source_identity:  # STS-33
        dimensions.append(_optional("sts:SourceIdentity", source_identities(world)))
    if actor.kind != "provider":
        ids = mentioned(world, "sts:ExternalId")
        return [*dimensions, _optional("sts:ExternalId", told_apart(ids, world, shortest=2))]
    host = actor.arn.partition(":oidc-provider/")[2]
    return [
        *dimensions,
        *([{key: v} for v in told_apart(mentioned(world, key), world, shortest=1)] for key in claims(host)),
    ]


def claims(host: str) -> tuple[str, str]:
    """The keys of an OIDC provider's token."""
    return f"{host}:aud", f"{host}:sub"


def session_names(world: World) -> list[str]:
    """Names that policies tell apart, and another (STS-9)."""
    names = set(re.findall(r":assumed-role/[^/'\"]+/([^'\"]+)", str(world)))
    names |= set(told_apart(mentioned(world, "sts:RoleSessionName"), world, shortest=2))
    return sorted(names | {"another"})


def _optional(key: str, values: list[str]) -> list[Context]:
    return [{}, *({key: value} for value in values)]


def _mfa(actor: Actor, world: World) -> list[Context]:
    """STS-13, D-21: users and root users may have signed in with a second factor, or not; roles never."""
    if actor.kind not in ("user", "root"):
        return [{}]
    return _optional("aws:MultiFactorAuthPresent", ["true", "false"])


def _networks(world: World, action: str) -> list[Context]:
    """From the internet, or through one endpoint: a known one, a mentioned one, another (VPCE-5)."""
    addresses = {"8.8.8.8"}
    for cidr in mentioned(world, "aws:SourceIp"):
        network = ipaddress.ip_network(cidr, strict=False)
        addresses |= {str(network[0]), str(network[-1])}
    ways = {"vpce-0other": "vpc-0other"}
    if action.startswith("s3:"):  # the known ones are S3's; STS has its own (VPCE-6)
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


# ---- tags and source identities -----------------------------------------------------------------------


def tags_to_pass(world: World) -> list[Context]:
    """Every way to pass session tags, each transitive or not (STS-30, STS-31)."""
    if not anybody_may(world, "sts:TagSession"):
        return [{}]
    each = [
        [
            None,
            *itertools.product(
                _spellings(world, key, "aws:TagKeys"),
                tag_values(world, key),
                ["", *_spellings(world, key, "sts:TransitiveTagKeys")],
            ),
        ]
        for key in tag_keys(world)
    ]
    return [_passing([tag for tag in tags if tag]) for tags in itertools.product(*each)]


def _spellings(world: World, key: str, listing: str) -> list[str]:
    """The key, and the same in capitals where tests on such lists name it: the same key, in another text (STS-30)."""
    return [key, key.upper()] if key in mentioned(world, listing) else [key]


def _passing(tags: list[tuple[str, str, str]]) -> Context:
    """The keys of a call that passes these (key, value, how it is called among the transitive ones, if it is one).

    Missing where it passes none.
    """
    context: Context = {f"aws:RequestTag/{key}": value for key, value, _ in tags}
    if tags:
        context["aws:TagKeys"] = [key for key, _, _ in tags]
    if transitive := [listed for _, _, listed in tags if listed]:
        context["sts:TransitiveTagKeys"] = transitive
    return context


def tag_keys(world: World) -> list[str]:
    """Keys of tags that policies speak of, and another where they test which keys are passed."""
    found = set(re.findall(r"aws:(?:Request|Principal|Resource)Tag/(\w+)", str(world)))
    for key in ("aws:TagKeys", "sts:TransitiveTagKeys"):
        if tested := mentioned(world, key):
            found |= (set(tested) - TRUTH) | {UNNAMED}
    return sorted(found)


def tag_values(world: World, key: str) -> list[str]:
    """Values that policies tell apart."""
    kinds = ("Request", "Principal", "Resource")
    if f"Tag/{key}" not in str(world):
        return [OTHER]
    tested = {text for kind in kinds for text in mentioned(world, f"aws:{kind}Tag/{key}")}
    by_null = re.search(rf"'Null': {{[^}}]*Tag/{key}\b", str(world))
    null = {""} if by_null else set()  # D-12
    return sorted(
        {
            OTHER,
            *null,
            *told_apart(tested - TRUTH, world, shortest=1),
            *_in_object_keys(world, f"aws:PrincipalTag/{key}"),
        }
    )


def source_identities(world: World) -> list[str]:
    """Values that policies tell apart; none where nobody may set one (STS-33)."""
    if not anybody_may(world, "sts:SetSourceIdentity"):
        return []
    tested = {text for key in ("sts:SourceIdentity", "aws:SourceIdentity") for text in mentioned(world, key)}
    values = {OTHER, *told_apart(tested - TRUTH, world), *_in_object_keys(world, "aws:SourceIdentity")}
    return sorted(value for value in values if len(value) >= 2 and "/" not in value)


def _in_object_keys(world: World, variable: str) -> list[str]:
    """What the variable stands for in the keys that are asked about, where a Resource begins its keys with it.

    The patterns go on with a slash: so it is what stands before one of the key's slashes.
    """
    if f"/${{{variable}" not in str(world):
        return []
    keys = [key for keys in object_keys(world).values() for key in keys]
    return sorted({key[: slash.start()] for key in keys for slash in re.finditer("/", key)})


def anybody_may(world: World, action: str) -> bool:
    """Whether some trust policy allows it to somebody."""
    return any(
        action_matches(statement, action) and statement["Effect"] == "Allow"
        for content in world["accounts"].values()
        for role in content["roles"].values()
        for statement in role["trust"]["Statement"]
    )
