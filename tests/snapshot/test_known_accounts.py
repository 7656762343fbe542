"""Accounts outside that the user has given names: no list of such accounts is built in."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathfinder.graph.graph import Graph
from pathfinder.graph.world import World
from pathfinder.report.names import Names
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write
from tests.snapshot.aws_cli_folder import ACCOUNT, AwsCliFolder, policy_text

VENDOR = "444455556666"


def made(folder: Path, names: dict[str, str]) -> Path:
    written = AwsCliFolder(folder)
    written.put("known-accounts.json", names)
    policy = policy_text(Principal={"AWS": VENDOR}, Action="s3:GetObject", Resource="arn:aws:s3:::b/*")
    written.account("s3.json", {"Buckets": [{"Name": "b", "Policy": policy}]})
    return folder


def test_a_known_account_is_called_by_its_name(tmp_path: Path) -> None:
    snapshot = load(made(tmp_path / "made", {VENDOR: "backup vendor"}))
    assert snapshot.known_accounts == ((VENDOR, "backup vendor"),)
    world = World(snapshot)
    node = Graph(world).node(f"arn:aws:iam::{VENDOR}:root")
    assert (
        Names(world.account_names).node(node)
        == "outside account 444455556666 (outside, backup vendor, 4444…)"
    )
    write(snapshot, tmp_path / "again")
    assert load(tmp_path / "again") == snapshot


def test_what_is_no_account_id_is_refused_or_left_out(tmp_path: Path) -> None:
    made(tmp_path, {"vendor": "backup", VENDOR: "x"})
    with pytest.raises(InputError, match=r"known-accounts\.json: vendor is no account id"):
        load(tmp_path)
    assert load(tmp_path, skip_invalid=True).known_accounts == ((VENDOR, "x"),)
    assert [account.id for account in load(tmp_path, skip_invalid=True).accounts] == [ACCOUNT]
