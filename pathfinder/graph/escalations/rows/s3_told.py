"""What leads to no data, or where nobody knows to what: named for each account, never a hop.

Source: evaluation.md ESC-73 (key names and events leak), ESC-74 (code in S3 that another identity runs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathfinder.authorization.caller import RootUser
from pathfinder.graph.escalations.registry import Scene, escalation
from pathfinder.graph.hops.registry import Edge
from pathfinder.model.organization import Account, Gap

LEAKS = (
    "s3:PutInventoryConfiguration",
    "s3:CreateBucketMetadataTableConfiguration",
    "s3:PutBucketLogging",
    "s3:PutBucketNotification",
)
"""Calls that have S3 send lists of keys, logs or events elsewhere, and no data."""
OVERWRITE = "s3:PutObject"


@escalation("s3-told")
def s3_told(scene: Scene) -> Iterator[Edge | Gap]:
    """For each account with buckets, how many may have key names sent elsewhere, or overwrite code."""
    for account in scene.world.snapshot.accounts:
        place = f"account {account.id}"
        leaking = _holders(scene, account, LEAKS) if account.buckets else 0
        if leaking:
            reason = (
                f"{leaking} of its principals may have inventories, logs or events of buckets sent elsewhere: "
                "key names leak so, no data, and it is no hop"
            )
            yield Gap(place, reason, (account.id,))
        writing = _holders(scene, account, (OVERWRITE,)) if _runs_code(account) else 0
        if writing:
            reason = (
                f"where its functions, jobs and stacks load code from is not in the snapshot: whether one of the "
                f"{writing} principals that may write objects can replace such code is not followed"
            )
            yield Gap(place, reason, (account.id,))


def _holders(scene: Scene, account: Account, actions: Iterable[str]) -> int:
    """Users and roles of the account that may be allowed one of the actions, as they are."""
    return len(
        {
            actor.node.id
            for action in actions
            for actor in scene.sources(action, account.id)
            if actor.node.id in scene.world.principals and not isinstance(actor.caller, RootUser)
        }
    )


def _runs_code(account: Account) -> bool:
    return bool(account.functions or account.workloads or account.instances)
