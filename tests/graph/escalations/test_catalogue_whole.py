"""Every path of the pathfinding.cloud catalogue (DataDog, December 2025, Apache-2.0) is asked for by some test."""

from __future__ import annotations

from tests.graph.escalations import test_catalogue, test_catalogue_compute

FAMILIES = {
    "apprunner": 2,
    "bedrock": 2,
    "cloudformation": 5,
    "codebuild": 4,
    "datapipeline": 1,
    "ec2": 4,
    "ecs": 5,
    "glue": 6,
    "iam": 21,
    "lambda": 6,
    "sagemaker": 5,
    "ssm": 2,
    "sts": 1,
}
"""How many paths each family has; they are numbered from 001."""

NOT_FROM_ONE = "ec2instanceconnect-003"
ASSUMING = "sts-001"
"""sts:AssumeRole itself: a plain hop, which tests/graph/test_hops.py asks for; no escalation."""


def test_all_65_paths():
    """asks.md rank 23: none is left out, and no id is told that the catalogue does not have."""
    every = {f"{family}-{number:03}" for family, count in FAMILIES.items() for number in range(1, count + 1)}
    every.add(NOT_FROM_ONE)
    assert len(every) == 65
    asked = {*test_catalogue.PATHS, *test_catalogue_compute.IDS}
    assert asked == every - {ASSUMING}
