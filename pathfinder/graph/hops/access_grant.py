"""Grantees of S3 Access Grants to sessions of a location's role, and these to the data. Source: evaluation.md S3-57."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathfinder.aws.arn import parse_arn
from pathfinder.graph.access import accesses
from pathfinder.graph.access_grants import (
    ASSUMED,
    GET_DATA_ACCESS,
    SERVICE,
    GrantSession,
    buckets_of,
    center_of,
    grant_sessions,
    instance_resource,
)
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.delivered import Delivery, delivered, on_behalf_of, starts_missed
from pathfinder.graph.evidence import evidence_of
from pathfinder.graph.facts import LASTING_CLAIMS
from pathfinder.graph.hop import Evidence, Hop
from pathfinder.graph.hops.registry import Edge, hop_kind
from pathfinder.graph.people import people_of
from pathfinder.graph.principals import Actor, external_actor, service_actor
from pathfinder.graph.settle import settle
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE, Formula, KeyTest, Unknown, rewrite
from pathfinder.logic.values import variables_of
from pathfinder.model.organization import Account, Gap
from pathfinder.policy.context import SESSION_NAME


@hop_kind("access-grant", carries=False)
def access_grant(world: World) -> Iterator[Edge | Gap]:
    """From each IAM grantee that may call s3:GetDataAccess, if the location's role lets S3 Access Grants in.

    From users and groups of Identity Center, too: through which application they ask is not in the snapshot.
    """
    for account in world.snapshot.accounts:
        yield from starts_missed(world, account, "access_grants", SERVICE, "which S3 Access Grants use")
        yield from _not_followed(world, account)
    for session in grant_sessions(world).values():
        started = _started(world, session)
        if started is None:
            continue
        if session.grant.is_to_directory:
            yield from _of_directory(world, session, started)
            continue
        grantee = _grantee(world, session)
        if grantee is None:
            reason = f"its grantee {session.grant.grantee} is not in the snapshot"
            yield Gap(str(session.grant.arn), reason, (session.account.id,))
            continue
        asking = [
            (each, hop)
            for each in (grantee, *world.sessions_of(grantee.node.id))
            if (hop := _asked(world, session, each, started)) is not None
        ]
        for each, hop in asking:
            yield Edge(each.node, session.actor.node, hop)
        if asking:
            yield from _reached(world, session)


def _not_followed(world: World, account: Account) -> Iterator[Gap]:
    """Grants of which it is not known who uses them, or what they give."""
    for instance in account.access_grants_instances:
        place = str(instance.arn)
        for what, listed in (("locations", instance.locations), ("grants", instance.grants)):
            if listed is None:
                yield Gap(place, f"its {what} are not in the snapshot", (account.id,))
        directory = [each for each in instance.grants or () if each.is_to_directory]
        if directory and center_of(world, instance) is None:
            reason = (
                f"{len(directory)} of its grants are to users or groups of a directory, and the instance of Identity "
                "Center that is associated with it is not in the snapshot: these are not followed"
            )
            yield Gap(place, reason, (account.id,))
        kinds = ("IAM", "DIRECTORY_USER", "DIRECTORY_GROUP")
        others = [each for each in instance.grants or () if each.grantee_type not in kinds]
        if others:
            yield Gap(
                place,
                f"{len(others)} of its grants are to another kind of grantee: not followed",
                (account.id,),
            )
        known = {each.id for each in instance.locations or () if str(each.role) in world.roles}
        lost = [each for each in instance.grants or () if each.location not in known]
        if lost and instance.locations is not None:
            reason = f"the roles behind {len(lost)} of its grants are not in the snapshot"
            yield Gap(place, reason, (account.id,))


def _of_directory(world: World, session: GrantSession, started: Hop) -> Iterator[Edge | Gap]:
    """Their application asks for them, with the session of a role to which it has added their identity."""
    grant, center = session.grant, center_of(world, session.instance)
    if center is None:
        return
    asks = grant.application or "their application"
    told = [
        f"with which role {asks} asks for data access in their name is not in the snapshot (S3-57)",
        *started.gaps,
    ]
    if started.condition != TRUE:
        told.append(_LET_IN)
    people = tuple(people_of(center, grant.grantee, is_group=grant.grantee_type == "DIRECTORY_GROUP"))
    for person in people:
        through = {"group": person.through.name or person.through.id} if person.through is not None else {}
        hop = Hop(
            "access-grant",
            person.node.id,
            session.actor.node.id,
            TRUE,
            evidence=(
                Evidence("resource", "access grant", str(grant.arn), grant.grantee),
                *started.evidence,
            ),
            gaps=tuple(dict.fromkeys((*told, *((person.gap,) if person.gap else ())))),
            via="access grant",
            extra={"permission": grant.permission, "scope": grant.scope, **through},
            notes=(ASSUMED,),
        )
        yield Edge(person.node, session.actor.node, hop)
    if people:
        yield from _reached(world, session)


def _grantee(world: World, session: GrantSession) -> Actor | None:
    arn = parse_arn(session.grant.grantee)
    if arn is None:
        return None
    found = world.actors.get(str(arn))
    if found is None and arn.account not in world.accounts:
        return external_actor(arn)
    return found


def _started(world: World, session: GrantSession) -> Hop | None:
    """The request by which S3 starts the session, None where the role's trust policy refuses it."""
    delivery = Delivery(
        "access-grant",
        service_actor(SERVICE),
        (),
        besides=("sts:SetSourceIdentity", *(("sts:SetContext",) if session.grant.is_to_directory else ())),
        given=on_behalf_of(world, session.instance.arn),
    )
    edge = delivered(world, session.actor.node, session.role, delivery)
    return edge.hop if edge is not None else None


def _asked(world: World, session: GrantSession, grantee: Actor, started: Hop) -> Hop | None:
    resource = instance_resource(session.instance)
    decision = world.decide(grantee, GET_DATA_ACCESS, resource)
    settled = settle(world, grantee, GET_DATA_ACCESS, resource, decision.allowed)
    if settled is None:
        return None
    grant, gaps = session.grant, [*settled.gaps, *started.gaps]
    if started.condition != TRUE:
        gaps.append(_LET_IN)
    sure = settled.witness is not None and started.witness is not None
    also = tuple(each for each in (started.witness, *started.also) if each is not None)
    return Hop(
        "access-grant",
        grantee.node.id,
        session.actor.node.id,
        settled.condition,
        (GET_DATA_ACCESS,),
        (str(session.instance.arn),),
        evidence=(
            Evidence("resource", "access grant", str(grant.arn), grant.grantee),
            *evidence_of((decision,)),
            *started.evidence,
        ),
        witness=settled.witness if sure else None,
        gaps=tuple(dict.fromkeys(gaps)),
        also=also if sure else (),
        extra={"permission": grant.permission, "scope": grant.scope},
        notes=(ASSUMED,),
    )


def _reached(world: World, session: GrantSession) -> Iterator[Edge | Gap]:
    """What the session does with the data; what S3 itself puts into the session is not known."""
    buckets = buckets_of(world, session.grant)
    if not buckets:
        reason = f"no bucket of its scope {session.grant.scope} is in the snapshot"
        yield Gap(str(session.grant.arn), reason, (session.account.id,))
    for bucket in buckets:
        for hop in accesses(world, session.actor, bucket):
            condition = rewrite(hop.condition, _of_session)
            if condition != hop.condition:
                hop = replace(hop, condition=condition, witness=None, also=(), gaps=(*hop.gaps, _CHOSEN))
            yield Edge(session.actor.node, bucket_node(world, bucket), hop)


_LET_IN = "under which conditions the location's role lets S3 Access Grants in is not followed"
_CHOSEN = "S3 Access Grants chooses the session's name and source identity: what policies ask of them is not decided"


def _of_session(leaf: KeyTest | Unknown) -> Formula:
    if isinstance(leaf, Unknown):
        return leaf
    keys = {leaf.key, *(variable.key for variable in variables_of(leaf.value))}
    return Unknown(_CHOSEN) if any(map(_chosen_by_s3, keys)) else leaf


def _chosen_by_s3(key: str) -> bool:
    return key in _OF_SESSION or key in LASTING_CLAIMS or key.startswith("identitystore:")


_OF_SESSION = frozenset({SESSION_NAME, "aws:sourceidentity", "aws:userid", "aws:federatedprovider"})
