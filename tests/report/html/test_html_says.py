"""The page tells, beside each statement, which tests of the condition come from it."""

from __future__ import annotations

import json

from pathfinder.conditions.wording import sentence
from pathfinder.report.html.content import content_of
from pathfinder.report.html.picture import picture_of
from pathfinder.routes.route import Query
from pathfinder.routes.search import find_routes
from tests.building import A, account, allow, bucket, deny, user, world


def test_what_each_statement_says() -> None:
    """Design idea 6."""
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    found = find_routes(
        world(
            account(
                A,
                users=(user(A, "u", allow("s3:GetObject", "arn:aws:s3:::b/*")),),
                buckets=(bucket(A, "b", deny("s3:*", "*", principal="*", condition=plain, sid="Encrypted")),),
            )
        ),
        Query(starts=("u",)),
    )
    content = json.loads(json.dumps(content_of(found, picture_of(found.routes), sentence)))
    (hop,) = content["hops"]
    evidence = content["evidence"]
    said = {
        evidence[place]["statement"]: says for place, says in zip(hop["evidence"], hop["says"], strict=True)
    }
    assert said["Encrypted"] == ["over TLS"]
    assert [] in said.values()
