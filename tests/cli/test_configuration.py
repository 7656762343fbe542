"""Options from files: `pathfinder.toml`, `[tool.pathfinder]`; flags win; faults name the file."""

from __future__ import annotations

import json

import pytest

from tests.cli.run import SAMPLE, run


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def hops(*options: str) -> tuple[int, list[str]]:
    query = json.loads(run("routes", SAMPLE, "--output", "json", *options).out)["query"]
    return query["max_hops"], query["to"]


def test_flags_win_over_files_and_the_own_file_over_pyproject(tmp_path):
    assert hops() == (5, [])
    (tmp_path / "pyproject.toml").write_text('[tool.pathfinder.routes]\nmax-hops = 2\nto = ["my-bucket"]\n')
    assert hops() == (2, ["my-bucket"])
    (tmp_path / "pathfinder.toml").write_text("[routes]\nmax-hops = 3\n")
    assert hops() == (3, ["my-bucket"])
    assert hops("--max-hops", "1", "--to", "my-bucket-by-key") == (1, ["my-bucket-by-key"])


def test_a_table_is_about_its_command_alone(tmp_path):
    (tmp_path / "pathfinder.toml").write_text('[can]\noutput = "csv"\n')
    assert run("can", SAMPLE, "EC2Role").out.startswith("id,principal")
    assert run("routes", SAMPLE, "--from", "EC2Role").out.startswith("#")


def test_other_tables_of_pyproject_do_not_matter(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.ruff]\nx = 1\n")
    assert run("schema").status == 0


FAULTS = [
    ("a = [", "pathfinder.toml: is no TOML: "),
    ("[rotes]\nx = 1", "pathfinder.toml: [rotes] is no command; did you mean [routes]?"),
    ("quiet = true", "pathfinder.toml: [quiet] is no command"),
    ("routes = 1", "pathfinder.toml: routes is no table; write [routes]"),
    ("[routes]\nmax-hosp = 1", "Did you mean --max-hops?"),
    ("[routes]\nmax-hops = 'x'", "pathfinder.toml: unable to convert"),
    ("[routes]\nmax-hops = 0", "--max-hops is 0"),
]


@pytest.mark.parametrize(("text", "said"), FAULTS, ids=[each[0] for each in FAULTS])
def test_faults_are_one_line(text, said, tmp_path):
    (tmp_path / "pathfinder.toml").write_text(text)
    assert said in run("routes", SAMPLE).error


def test_a_fault_in_pyproject_names_it(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool]\npathfinder = 1\n")
    assert "pyproject.toml: tool.pathfinder is no table" in run("routes", SAMPLE).error
