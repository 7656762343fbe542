"""The options that commands share, and the types of their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter

ASSUMPTIONS = Group("Assumptions", sort_key=5)
RESULTS = Group("Results", sort_key=10)
RUNNING = Group("Running", sort_key=20)

Texts = tuple[str, ...]

SnapshotPath = Annotated[
    Path,
    Parameter(
        name="SNAPSHOT",
        help="Snapshot folder or archive, or a file of `aws iam get-account-authorization-details` output.",
    ),
]
Format = Literal["table", "json", "csv", "markdown"]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How a command runs."""

    quiet: Annotated[
        bool, Parameter(name=["--quiet", "-q"], group=RUNNING, help="Results and errors only.")
    ] = False
    verbose: Annotated[
        bool,
        Parameter(
            name=["--verbose", "-v"],
            group=RUNNING,
            help="Tell what is being done; show the traceback of an internal error.",
        ),
    ] = False
    skip_invalid: Annotated[
        bool,
        Parameter(
            group=RUNNING,
            help="Leave out what is malformed in the input, and name it as a gap, instead of stopping.",
        ),
    ] = False


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """What is assumed of requests, so that routes that need anything else are left out."""

    assume: Annotated[
        Texts,
        Parameter(
            group=ASSUMPTIONS,
            help="Every request that can carry this key has this value, as KEY=VALUE, such as "
            "aws:SourceIp=203.0.113.0/24; the same key again: any of the values; KEY=: the key is absent.",
            consume_multiple=1,
        ),
    ] = ()
    network: Annotated[
        Texts,
        Parameter(
            group=ASSUMPTIONS,
            help="Requests travel so: internet, organization (another network of it), service (an AWS "
            "service makes them), or through the VPC endpoint of this id; again: any of them.",
            consume_multiple=1,
        ),
    ] = ()


Vantage = Annotated[
    bool,
    Parameter(
        group=RESULTS,
        help="Show from where each route can be taken: internet, organization, AWS services, each endpoint.",
    ),
]


Escalations = Annotated[
    bool,
    Parameter(
        help="Show, marked and counted apart, also routes that are open only to those who first do something: "
        "change a policy, make a key, run a workload.",
    ),
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """How results are shown, and where they go."""

    output: Annotated[
        Format,
        Parameter(name=["--output", "-o"], group=RESULTS, help="How results are shown.", show_default=True),
    ] = "table"
    out: Annotated[
        Path | None, Parameter(group=RESULTS, help="Write results to this file instead of standard output.")
    ] = None
    wide: Annotated[bool, Parameter(group=RESULTS, help="Shorten nothing: whole names, ids and lists.")] = (
        False
    )
    fold: Annotated[
        bool | None,
        Parameter(
            negative="--no-fold",
            group=RESULTS,
            help="Show principals that cannot be told apart as one row, counted; default on a terminal.",
        ),
    ] = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which routes are looked for."""

    from_: Annotated[
        Texts,
        Parameter(
            name="--from",
            help="Start at these principals: ARN, name, account/name, or a pattern.",
            consume_multiple=1,
        ),
    ] = ()
    to: Annotated[
        Texts,
        Parameter(help="Reach these buckets or objects: ARN, name, or a pattern.", consume_multiple=1),
    ] = ()
    action: Annotated[
        Texts,
        Parameter(help="Reach these S3 actions, such as s3:GetObject or s3:Put*.", consume_multiple=1),
    ] = ()
    cross_account: Annotated[
        bool, Parameter(help="Only routes whose start and bucket are in different accounts.")
    ] = False
    max_hops: Annotated[int, Parameter(help="The longest route, in hops.", show_default=True)] = 5
