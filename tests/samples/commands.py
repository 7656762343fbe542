"""The command line, as a user calls it."""

import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "samples"


def pathfinder(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pathfinder", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@lru_cache
def routes(sample: str, *arguments: str) -> list[dict[str, Any]]:
    """`routes SAMPLE --output json`, sample being a folder below samples/."""
    done = pathfinder("routes", SAMPLES / sample, *arguments, "--output", "json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["routes"]
    return found


def chain(route: dict[str, Any]) -> tuple[str, ...]:
    """The last words of its nodes' names, bucket included: `dev-tools`, `ci-runner`, `my-bucket`."""
    return tuple(
        node.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        for node in [route["principal"], *(h["to"] for h in route["hops"])]
    )
