"""The committed samples are what their scripts write, and load whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from pathfinder.policy.document import Unread
from pathfinder.snapshot.read import load

SAMPLES = Path(__file__).parents[2] / "samples"
EC2_TO_S3 = SAMPLES / "ec2-to-s3"
ORGANIZATION = SAMPLES / "organization"
ACCESS_POINTS = SAMPLES / "access-points"
VARIANTS = sorted(folder.name for folder in (EC2_TO_S3 / "variants").iterdir())
SCRIPTS = [f"{file.parent.name}.{file.stem}" for file in sorted(SAMPLES.glob("*/make.py"))] + [
    "organization.generate"
]
WRITTEN = {".json", ".csv"}
"""What a snapshot is made of; READMEs, scripts and pictures are kept beside it."""


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in WRITTEN
    }


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_committed_folder_is_what_the_script_writes(script: str, tmp_path: Path) -> None:
    module = f"samples.{script}"
    subprocess.run(
        [sys.executable, "-B", "-m", module, str(tmp_path / "written")], check=True, cwd=SAMPLES.parent
    )
    folder = SAMPLES / script.partition(".")[0]
    written, committed = files(tmp_path / "written"), files(folder)
    assert sorted(written) == sorted(committed)
    assert [name for name in written if written[name] != committed[name]] == []


@pytest.mark.parametrize("name", ["", *VARIANTS])
def test_ec2_to_s3_loads_without_gaps(name: str) -> None:
    snapshot = load(EC2_TO_S3 / "variants" / name if name else EC2_TO_S3)
    stranger = name.startswith("stranger")
    names = ["management", "app", "outside", "log"] if stranger else ["management", "app", "log"]
    assert [account.name for account in snapshot.accounts] == names
    assert snapshot.gaps == ()


def test_access_points_loads_without_gaps() -> None:
    snapshot = load(ACCESS_POINTS)
    assert [account.name for account in snapshot.accounts] == ["management", "data", "analytics"]
    assert snapshot.gaps == ()


def test_organization_is_as_large_as_its_readme_says() -> None:
    snapshot = load(ORGANIZATION)
    assert len(snapshot.accounts) == 13
    assert sum(len(account.users) + len(account.roles) for account in snapshot.accounts) == 162
    assert sum(len(account.buckets) for account in snapshot.accounts) == 41


def test_organization_loads_with_its_one_intended_gap() -> None:
    snapshot = load(ORGANIZATION)
    unread = [
        str(bucket.arn)
        for account in snapshot.accounts
        for bucket in account.buckets
        if isinstance(bucket.policy, Unread) or bucket.unread
    ]
    assert unread == ["arn:aws:s3:::acme-network-firewall-exports"]
    assert [gap.affects for gap in snapshot.gaps] == [("arn:aws:s3:::acme-network-firewall-exports",)]


@pytest.mark.parametrize("folder", [EC2_TO_S3, ORGANIZATION, ACCESS_POINTS], ids=lambda path: path.name)
def test_no_statement_is_malformed(folder: Path) -> None:
    snapshot = load(folder)
    held = [
        policy
        for account in snapshot.accounts
        for identity in (*account.users, *account.roles, *account.groups)
        for policy in (
            *identity.policies,
            getattr(identity, "trust", None),
            getattr(identity, "boundary", None),
        )
    ]
    held += [bucket.policy for account in snapshot.accounts for bucket in account.buckets]
    held += [thing.policy for account in snapshot.accounts for thing in (*account.keys, *account.endpoints)]
    for organization in snapshot.organizations:
        for each in (*organization.units, *organization.members):
            held += [*each.scps, *each.rcps]
    read = [policy for policy in held if policy is not None and not isinstance(policy, Unread)]
    assert [
        (policy.name, policy.attached_to, policy.document.faults) for policy in read if policy.document.faults
    ] == []


@pytest.mark.parametrize("folder", [EC2_TO_S3, ORGANIZATION, ACCESS_POINTS], ids=lambda path: path.name)
def test_samples_stay_small(folder: Path) -> None:
    assert sum(map(len, files(folder).values())) < 1_500_000
