"""`load` and `import_from`: whatever path a user gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathfinder.model.organization import Snapshot
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.importers import formats, import_from
from pathfinder.snapshot.read import load
from pathfinder.snapshot.write import write

EXPECTED = (
    "Give a snapshot folder or archive, a file or folder of `aws iam get-account-authorization-details` output, "
    "or an iam-collect folder."
)
DETAILS = {"UserDetailList": [{"Arn": "arn:aws:iam::123456789012:user/ann"}]}


def refusal(path: Path | str) -> str:
    with pytest.raises(InputError) as error:
        load(path)
    return str(error.value)


def test_nothing_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "x") == f"{tmp_path}/x: does not exist. {EXPECTED}"


def test_an_empty_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: holds no snapshot. {EXPECTED}"


def test_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "accounts/123456789012").mkdir(parents=True)
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "more.txt").write_text("x")
    assert refusal(tmp_path) == f"{tmp_path}: holds no snapshot. {EXPECTED}"


def test_a_name_that_no_system_takes() -> None:
    assert "\n" not in refusal("a\0b")
    assert refusal("x" * 5000).endswith("Check the path and its permissions.")


def test_some_other_json(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}')
    line = (
        "package.json: is no output of get-account-authorization-details. Expected: an object with UserDetailList, "
        "GroupDetailList, RoleDetailList and Policies, or pages of it."
    )
    assert refusal(tmp_path / "package.json") == line
    assert refusal(tmp_path) == line


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"hello", b"PK\x03\x04", b"\x1f\x8b", b"%PDF-1.7"])
def test_some_other_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert refusal(tmp_path / "file").startswith("file: is ")


def test_text_as_a_path(tmp_path: Path) -> None:
    (tmp_path / "details.json").write_text(json.dumps(DETAILS))
    assert load(str(tmp_path / "details.json")) == load(tmp_path / "details.json")


def test_formats() -> None:
    assert {"account-authorization-details", "iam-collect"} <= set(formats())
    assert list(formats()) == sorted(formats())


def test_a_format_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        import_from("iam-colect", tmp_path)
    assert str(error.value) == "iam-colect: is no import format. Did you mean iam-collect?"


def test_a_source_of_another_format(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        import_from("iam-collect", tmp_path)
    assert str(error.value) == (
        f"{tmp_path}: does not look like iam-collect. Expected: the folder that iam-collect wrote, "
        "which holds aws/aws/accounts and aws/aws/organizations."
    )


def test_importing_is_loading(tmp_path: Path) -> None:
    (tmp_path / "details.json").write_text(json.dumps(DETAILS))
    found = import_from("account-authorization-details", tmp_path / "details.json")
    assert found == load(tmp_path / "details.json")
    assert isinstance(found, Snapshot)


def test_names_in_any_script(tmp_path: Path) -> None:
    tags = [{"Key": "担当", "Value": "ログ基盤 🪵"}]
    details = {"UserDetailList": [{"Arn": "arn:aws:iam::123456789012:user/ann", "Tags": tags}]}
    (tmp_path / "details.json").write_bytes(json.dumps(details, ensure_ascii=False).encode("utf-16"))
    snapshot = load(tmp_path / "details.json")
    assert snapshot.accounts[0].users[0].tags == {"担当": "ログ基盤 🪵"}
    write(snapshot, tmp_path / "snapshot")
    assert load(tmp_path / "snapshot") == snapshot
    assert "ログ基盤 🪵" in (tmp_path / "snapshot/accounts/123456789012/iam.json").read_text("utf-8")
