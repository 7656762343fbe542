"""How long plain routes take: `python -m tests.benchmarks.routes [NAME] [SIZE…]`; without a name, all of them.

Prints for each world the seconds of processor time, the routes found, and a digest of the results: the digest must
not change when the time does.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from time import process_time

from pathfinder.graph.world import World
from pathfinder.report.json_ import query_json, routes_json
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, account, allow, bucket, deny, organization, role, user, world

ASSUMES = allow(["sts:AssumeRole", "sts:TagSession"], "*")
EC2 = {"Service": "ec2.amazonaws.com"}


def wide(principals: int = 400, buckets: int = 40) -> World:
    """One account: roles that each read one bucket of their own, users who each may assume one role."""
    return world(
        account(
            A,
            users=tuple(
                user(A, f"u{number:04}", allow("sts:AssumeRole", f"arn:aws:iam::{A}:role/r{number:04}"))
                for number in range(principals)
            ),
            roles=tuple(
                role(
                    A,
                    f"r{number:04}",
                    [{**allow("sts:AssumeRole"), "Principal": {"AWS": A}}],
                    _reads(number % buckets),
                )
                for number in range(principals)
            ),
            buckets=tuple(bucket(A, f"b{number:03}") for number in range(buckets)),
        )
    )


def guarded(roles: int = 200, buckets: int = 60) -> World:
    """One account of administrators, and buckets whose policies deny what comes from elsewhere."""
    elsewhere = [
        {"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}},
        {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"Bool": {"aws:SecureTransport": "false"}},
    ]
    return world(
        account(
            A,
            roles=tuple(role(A, f"r{number:04}", EC2, allow("s3:*", "*")) for number in range(roles)),
            buckets=tuple(
                bucket(
                    A,
                    f"b{number:03}",
                    deny(
                        "s3:*",
                        [f"arn:aws:s3:::b{number:03}", f"arn:aws:s3:::b{number:03}/*"],
                        principal="*",
                        condition=elsewhere[number % 3],
                    ),
                )
                for number in range(buckets)
            ),
        )
    )


def accounts(number: int = 60, roles: int = 20) -> World:
    """An organization: in each account roles, some of which roles of the next account may assume, and a bucket."""
    ids = [f"{100_000_000_000 + each}" for each in range(number)]
    parts = []
    for place, own in enumerate(ids):
        before = ids[place - 1]
        trust = [{**allow("sts:AssumeRole"), "Principal": {"AWS": f"arn:aws:iam::{before}:role/r000"}}]
        parts.append(
            account(
                own,
                roles=tuple(
                    role(own, f"r{each:03}", trust if each < 3 else EC2, ASSUMES, _reads(place))
                    for each in range(roles)
                ),
                buckets=(bucket(own, f"b{place:03}"),),
            )
        )
    return world(*parts, organization=organization(*ids))


def tagged(users: int = 6, roles: int = 6) -> World:
    """Attribute-based access: each role lets everybody in who passes the tag on, and reads what the tag says."""
    passed_on = {"StringEquals": {"aws:RequestTag/team": "${aws:PrincipalTag/team}"}}
    trust = allow(["sts:AssumeRole", "sts:TagSession"], condition=passed_on)
    return world(
        account(
            A,
            users=tuple(
                user(A, f"u{number}", ASSUMES, tags={"team": f"t{number}"}) for number in range(users)
            ),
            roles=tuple(
                role(
                    A,
                    f"r{number}",
                    [{**trust, "Principal": {"AWS": A}}],
                    ASSUMES,
                    allow("s3:GetObject", f"arn:aws:s3:::b/{number}/${{aws:PrincipalTag/team}}/*"),
                )
                for number in range(roles)
            ),
            buckets=(bucket(A, "b"),),
        )
    )


WORLDS: dict[str, Callable[..., World]] = {
    "wide": wide,
    "guarded": guarded,
    "accounts": accounts,
    "tagged": tagged,
}


def measure(name: str, *sizes: int) -> str:
    """One world's line."""
    found = WORLDS[name](*sizes)
    query = Query(max_hops=4)
    before = process_time()
    routes = find_routes(found, query)
    spent = process_time() - before
    text = "".join(routes_json(query_json(query), routes.routes, routes.gaps))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{name}: {spent:.1f} s, {len(routes.routes)} routes, digest {digest}"


def _reads(number: int) -> dict[str, object]:
    return allow(
        ["s3:GetObject", "s3:ListBucket"], [f"arn:aws:s3:::b{number:03}", f"arn:aws:s3:::b{number:03}/*"]
    )


def main(*words: str) -> None:
    """Measure once and print it."""
    for name in words[:1] or WORLDS:
        print(measure(name, *map(int, words[1:])), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
