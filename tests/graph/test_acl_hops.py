"""Hops by ACLs and object ownership: who reaches what, by which words, with which evidence and notes."""

from __future__ import annotations

from pathfinder.graph.access import accesses
from pathfinder.graph.callers import callers_of
from pathfinder.graph.hop import Hop
from pathfinder.graph.world import World
from pathfinder.logic.formula import TRUE
from pathfinder.model.resources import Bucket, PublicAccessBlock
from pathfinder.routes.explain import explain_request
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes, graph_of
from tests.authorization.acl_cases import (
    ENFORCED,
    PREFERRED,
    STRANGER,
    WRITER,
    acl_world,
    object_of,
)
from tests.building import A, B, allow

BUCKET = "arn:aws:s3:::b"


def the_bucket(world: World) -> Bucket:
    return world.buckets[BUCKET]


def hops(world: World, who: str, *actions: str) -> list[Hop]:
    """The access hops of an actor, of the wanted actions."""
    bucket = the_bucket(world)
    wanted = frozenset(f"s3:{name}" for name in actions) or None
    return [
        hop
        for actor in callers_of(world, bucket)
        if actor.node.id == who
        for hop in accesses(world, actor, bucket, frozenset(map(str.lower, wanted)) if wanted else None)
    ] or [
        hop
        for actor in callers_of(world, bucket)
        if actor.node.id == who
        for hop in accesses(world, actor, bucket, wanted)
    ]


def user(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


def test_bucket_acl_hop() -> None:
    """S3-22: the account's principals whose identity policy allows it, with the grant as evidence."""
    world = acl_world((B, "READ"), listed=True)
    (hop,) = hops(world, user(B, "full"), "ListBucket")
    assert (hop.via, hop.condition, hop.resources, hop.gaps) == ("bucket ACL", TRUE, (BUCKET,), ())
    shown = [
        (each.source, each.policy, each.attached_to, each.statement)
        for each in hop.evidence
        if each.side == "resource"
    ]
    assert shown == [("access control list", "bucket ACL", BUCKET, f"READ to canonical id {'b' * 64}")]
    assert hop.witness is not None
    assert hops(world, user(B, "none"), "ListBucket") == []


def test_object_acl_hop_is_about_that_object() -> None:
    world = acl_world(objects=(object_of("k", A, ("all", "READ")), object_of("l", A)))
    (hop,) = hops(world, "anonymous", "GetObject")
    assert (hop.via, hop.resources) == ("public", (f"{BUCKET}/k",))
    assert [each.policy for each in hop.evidence] == ["object ACL"]


def test_foreign_objects_are_cut_out_of_the_bucket_owners_reach() -> None:
    """S3-4, EX-23: what B owns is B's to read, and A's to delete."""
    world = acl_world(objects=(object_of("foreign", B), object_of("own", A)))
    (read,) = hops(world, user(A, "full"), "GetObject")
    assert (read.resources, read.except_) == ((f"{BUCKET}/*",), (f"{BUCKET}/foreign",))
    (delete,) = hops(world, user(A, "full"), "DeleteObject")
    assert (delete.resources, delete.except_) == ((f"{BUCKET}/*",), ())
    (theirs,) = hops(world, user(B, "full"), "GetObject")
    assert (theirs.via, theirs.resources) == ("object owner", (f"{BUCKET}/foreign",))
    assert hops(world, user(B, "none"), "GetObject") == []


def test_an_account_known_by_canonical_id_alone() -> None:
    """S3-22: it is shown, and that its number is not known is a gap; there is no request to show."""
    world = acl_world((STRANGER, "READ"), listed=True)
    (hop,) = hops(world, f"canonical:{STRANGER}", "ListBucket")
    assert (hop.via, hop.condition, hop.witness) == ("bucket ACL", TRUE, None)
    assert any(STRANGER in gap for gap in hop.gaps)
    found = find_routes(world, Query(starts=(f"canonical:{STRANGER}",)))
    assert [route.design for route in found.routes] == ["bucket ACL"]


def test_ownership_unknown_is_a_gap_on_the_hop() -> None:
    """S3-7: both readings; nothing is certain, nothing left out."""
    (hop,) = hops(acl_world((B, "READ"), ownership=None), user(B, "full"), "ListBucket")
    assert hop.witness is None
    assert any("object ownership is not known" in gap for gap in hop.gaps)


def test_ignore_public_acls_closes_the_internet() -> None:
    """BPA-3; D-25 leaves the other grants."""
    world = acl_world(("all", "READ"), (B, "READ"), block=PublicAccessBlock(ignore_public_acls=True))
    assert hops(world, "anonymous", "ListBucket") == []
    (hop,) = hops(world, user(B, "full"), "ListBucket")
    assert any("D-25" in note for note in hop.notes)


TO_B = allow("s3:PutObject", f"{BUCKET}/*", principal={"AWS": B})


def test_what_another_account_writes() -> None:
    """S3-5, S3-6: a note on the write, unless every upload gives the bucket's owner full control."""

    def notes(**more: object) -> list[str]:
        world = acl_world(policy=(more.pop("policy", TO_B),), objects=(), **more)  # type: ignore[arg-type]
        (hop,) = hops(world, user(B, "full"), "PutObject")
        return [note for note in hop.notes if "uploads" in note]

    (of_writer,) = notes(ownership=WRITER)
    assert "cannot read it, unless" in of_writer
    assert "the bucket's owner can read it then" in of_writer
    (preferred,) = notes(ownership=PREFERRED)
    assert "it belongs to the bucket's owner then" in preferred
    (unknown,) = notes(ownership=None)
    assert "if ACLs count in it" in unknown
    assert notes(ownership=ENFORCED) == []
    given = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    assert notes(ownership=WRITER, policy={**TO_B, "Condition": given}) == []
    other = {"StringEquals": {"s3:x-amz-acl": ["bucket-owner-full-control", "private"]}}
    assert len(notes(ownership=WRITER, policy={**TO_B, "Condition": other})) == 1
    world = acl_world(ownership=WRITER)
    (own,) = hops(world, user(A, "full"), "PutObject")
    assert not any("uploads" in note for note in own.notes)


def test_reads_of_a_bucket_whose_objects_are_not_listed() -> None:
    """S3-6, S3-7."""

    def notes(**more: object) -> list[str]:
        (hop,) = hops(acl_world(**more), user(A, "full"), "GetObject")  # type: ignore[arg-type]
        return [note for note in hop.notes if "another account wrote" in note]

    assert len(notes(listed=False)) == 1
    assert len(notes(listed=False, ownership=None)) == 1
    assert notes(listed=True) == []
    assert notes(listed=False, ownership=ENFORCED) == []


def test_requester_pays_is_told() -> None:
    """S3-46: outsiders send a header; insiders do not."""
    world = acl_world(policy=(allow("s3:GetObject", f"{BUCKET}/*", principal="*"),), requester_pays=True)
    (hop,) = hops(world, user(B, "full"), "GetObject")
    assert any("x-amz-request-payer" in note for note in hop.notes)
    (own,) = hops(world, user(A, "full"), "GetObject")
    assert not any("x-amz-request-payer" in note for note in own.notes)
    assert hops(world, "anonymous", "GetObject") == []


def test_gaps_of_acls_that_count_and_are_not_known() -> None:
    bare = acl_world(acl=None, listed=False)
    assert [gap.reason for gap in graph_of(bare).gaps if "ACLs count" in gap.reason] == [
        "ACLs count in it, and its ACL is not known and the ACLs of its objects are not all known: "
        "they may allow what is not shown"
    ]
    assert not [gap for gap in graph_of(acl_world(ownership=ENFORCED)).gaps if "ACLs" in gap.reason]


def test_who_can_drop_the_signature() -> None:
    """S3-17, EX-30: asked for a principal, the public route is named `unsigned`; alone it is `public`."""
    world = acl_world(policy=(allow("s3:GetObject", f"{BUCKET}/*", principal="*"),), ownership=ENFORCED)
    asked = find_routes(world, Query(starts=(user(B, "none"),)))
    assert [(route.design, route.start.id) for route in asked.routes] == [("unsigned", "anonymous")]
    alone = find_routes(world, Query(starts=("anonymous",)))
    assert [route.design for route in alone.routes] == ["public"]
    everybody = find_routes(world, Query())
    assert [route.design for route in everybody.routes if route.start.id == "anonymous"] == ["public"]


def test_explain_names_the_acl_and_the_owner() -> None:
    world = acl_world((B, "READ"), objects=(object_of("foreign", B),))
    listed = explain_request(world, user(B, "full"), "s3:ListBucket", BUCKET)
    assert listed.verdict == "allow"
    read = explain_request(world, user(A, "full"), "s3:GetObject", f"{BUCKET}/foreign")
    assert read.verdict == "implicit-deny"
    assert any(f"account {B} owns it" in each for each in read.missing)
