"""How long routes with escalations take: `python -m tests.benchmarks.escalations [ROLES] [BUCKETS]`.

One account whose roles may do everything in S3, before buckets that refuse what is not sent over TLS, and every second
one what comes from another VPC endpoint than its own. Each role may change each bucket in several ways, so that there
are very many changed accesses.
Prints the seconds of processor time and a digest of the results: the digest must not change when the time does.
"""

from __future__ import annotations

import hashlib
import sys
from time import process_time

from pathfinder.graph.world import World
from pathfinder.model.resources import Bucket
from pathfinder.report.json_ import query_json, routes_json
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, account, allow, bucket, deny, role, world

NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}
OTHER_ENDPOINT = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}


def generated(roles: int, buckets: int) -> World:
    """The account, with escalations."""
    service = {"Service": "ec2.amazonaws.com"}
    own = account(
        A,
        roles=tuple(role(A, f"r{number:03}", service, allow("s3:*", "*")) for number in range(roles)),
        buckets=tuple(_bucket(f"b{number:03}", number % 2) for number in range(buckets)),
    )
    return World(world(own).snapshot, escalations=True)


def _bucket(name: str, of_endpoint: int) -> Bucket:
    whole = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    conditions = (NO_TLS, OTHER_ENDPOINT)[: 1 + of_endpoint]
    return bucket(A, name, *(deny("s3:*", whole, principal="*", condition=each) for each in conditions))


def main(roles: int = 50, buckets: int = 20) -> None:
    """Measure once and print it."""
    found = generated(roles, buckets)
    before = process_time()
    query = Query(escalations=True)
    routes = find_routes(found, query)
    spent = process_time() - before
    text = "".join(routes_json(query_json(query), routes.routes, routes.gaps))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    print(f"{roles} roles x {buckets} buckets: {spent:.1f} s, {len(routes.routes)} routes, digest {digest}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
