"""Which file of a snapshot a place is in, for formats that want one."""

from __future__ import annotations

from pathlib import Path

from pathfinder.aws.arn import parse_arn
from pathfinder.findings.finding import Place
from pathfinder.report.sarif import FileOf
from pathfinder.snapshot.layout import ACCOUNTS, ORGANIZATIONS

_FILES = {"s3": "s3.json", "iam": "iam.json", "kms": "kms.json", "ec2": "ec2-instances.json"}


def file_of(snapshot: Path) -> FileOf:
    """The file of a place, below the snapshot's path as it was given; the snapshot itself where none is known."""
    root = snapshot.name if snapshot.is_absolute() else snapshot.as_posix()
    is_folder = snapshot.is_dir()

    def find(place: Place) -> str:
        if not is_folder:
            return root
        for inside in _candidates(place):
            if (snapshot / inside).is_file():
                return f"{root}/{inside}"
        return root

    return find


def _candidates(place: Place) -> tuple[str, ...]:
    arn = parse_arn(place.resource)
    if arn is not None and arn.service == "organizations":
        _, organization, _, policy = [*arn.resource.split("/"), "", "", ""][:4]
        return (f"{ORGANIZATIONS}/{organization}/policies/{policy}.json",)
    if place.account is None:
        return ()
    folder = f"{ACCOUNTS}/{place.account}"
    if arn is None:
        return (f"{folder}/vpc-endpoints.json",) if place.resource.startswith("vpce-") else ()
    name = _FILES.get(arn.service)
    own = (
        (f"{folder}/s3/{arn.resource}/policy.json",)
        if arn.service == "s3" and "/" not in arn.resource
        else ()
    )
    return (*own, *((f"{folder}/{name}",) if name else ()))
