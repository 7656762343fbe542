"""What the scripts of all samples share: ARNs, policies, and the files of a snapshot.

They run from the top of the project: `python -m samples.compute.make [FOLDER]`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.organization import Snapshot
from pathfinder.policy.document import Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.snapshot.layout import ACCOUNTS, GAPS, ORGANIZATIONS
from pathfinder.snapshot.write import contents


def arn(text: str) -> Arn:
    """An ARN that is one."""
    found = parse_arn(text)
    assert found is not None, text
    return found


def policy(
    kind: PolicyKind, name: str, attached_to: str, *statements: dict[str, object], lenient: bool = False
) -> Policy:
    """A policy of these statements. `lenient`: what is malformed in them is kept."""
    document = parse_document({"Version": "2012-10-17", "Statement": list(statements)}, lenient=lenient)
    return Policy(kind, name, attached_to, document)


def write_beside(made: Snapshot, folder: Path) -> None:
    """Write the snapshot into the folder, and leave what else is there: the scripts, README.md.

    What could not be read is said where it would stand, so that the list of gaps is left to the reader.
    """
    for name in (ACCOUNTS, ORGANIZATIONS):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / GAPS).unlink(missing_ok=True)
    for name, content in contents(made):
        if name == GAPS:
            continue
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def folder_given(script: str) -> Path:
    """Where to write: the folder that the command line names, or that of the script."""
    return Path(sys.argv[1]) if len(sys.argv) > 1 else Path(script).parent
