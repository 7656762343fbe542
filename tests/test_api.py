"""pathfinder from Python: docstrings that run, rows, the graph, and errors with the command's own words."""

from __future__ import annotations

import csv
import doctest
import io
from pathlib import Path

import networkx as nx
import pytest

import pathfinder as pf
from pathfinder import api
from tests.cli.run import PROJECT, SAMPLE, run


def test_the_examples_run(monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert doctest.testmod(api).failed == 0
    assert doctest.testmod(api).attempted >= 5


def test_rows_are_those_of_the_csv_output():
    rows = pf.find_routes(pf.load(SAMPLE), to=["my-bucket"]).to_rows()
    shown = list(csv.DictReader(io.StringIO(run("routes", SAMPLE, "--to", "my-bucket", "-o", "csv").out)))
    assert [row["id"] for row in rows] == [row["id"] for row in shown]
    assert list(rows[0]) == list(shown[0])
    assert {row["cross_account"] for row in rows} == {True, False}


def test_filters_and_options_are_those_of_the_command():
    world = pf.load(str(SAMPLE), assume=["aws:SourceIp=203.0.113.0/24"], escalations=True)
    routes = pf.find_routes(world, from_="EC2Role", action="GetObject", cross_account=True, max_hops=1)
    assert [route.design for route in routes] == ["bucket policy"]
    assert routes.found.assumptions
    assert routes.found.query.escalations
    assert routes[:1] == tuple(routes)


def test_the_graph_is_networkx():
    network = pf.to_networkx(pf.load(SAMPLE))
    assert isinstance(network, nx.MultiDiGraph)
    assert {data["hop"].kind for *_, data in network.edges(data=True)} >= {"assume-role", "access"}


ERRORS = [
    (pf.InputError, lambda: pf.load("nowhere"), ["routes", "nowhere"]),
    (
        pf.UnknownNameError,
        lambda: pf.find_routes(pf.load(SAMPLE), to="my-buket"),
        ["routes", SAMPLE, "--to", "my-buket"],
    ),
]


@pytest.mark.parametrize(("kind", "asked", "arguments"), ERRORS)
def test_errors_say_what_the_command_says(kind, asked, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind) as caught:
        asked()
    assert run(*arguments).error.removeprefix("pathfinder: ") == str(caught.value)


def test_unknown_assumptions_raise():
    with pytest.raises(pf.AssumptionError, match="aws:SourceIp"):
        pf.load(SAMPLE, assume=["SourceIp=1.2.3.4"])


def test_reprs_are_short():
    world = pf.load(SAMPLE)
    assert repr(world) == "<World: 3 accounts, 2 roles, 1 user, 3 buckets>"
    assert len(repr(pf.find_routes(world)[0])) < 120


def test_only_what_is_there():
    assert set(pf.__all__) <= set(dir(pf))
    assert set(pf.__all__) == set(api.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pf.nothing  # noqa: B018


def test_the_command_line_does_not_import_it():
    import subprocess
    import sys

    code = "import sys, pathfinder.cli.main; sys.exit('pathfinder.api' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(PROJECT)).returncode == 0


def test_the_readme_example_runs(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    code = (PROJECT / "README.md").read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(code, names)
    assert "bucket policy ['EC2Role', 'my-bucket']" in capsys.readouterr().out
    assert names["rows"]
    assert isinstance(names["network"], nx.MultiDiGraph)
