"""Things of AWS services that run with a role, beside instances, functions and containers.

Source: evaluation.md ESC-6, ESC-47, ESC-57 to ESC-59, ESC-80 to ESC-90.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pathfinder.aws.arn import Arn


class WorkloadKind(Enum):
    """What a workload is. The value is its name in `Account.known`."""

    STACK = "stacks"
    STACK_SET = "stack_sets"
    BUILD_PROJECT = "build_projects"
    GLUE_JOB = "glue_jobs"
    DEV_ENDPOINT = "dev_endpoints"
    NOTEBOOK = "notebooks"
    APP_RUNNER_SERVICE = "app_runner_services"
    CODE_INTERPRETER = "code_interpreters"
    LAUNCH_TEMPLATE = "launch_templates"
    EMR_CLUSTER = "emr_clusters"


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that runs with a role.

    `role`: what it acts with, None where it has none; a launch template and the instances of an EMR cluster have
    `profile`, the instance profile, instead. `name`: what people call it. `status`: AWS's own word.
    """

    kind: WorkloadKind
    arn: Arn
    name: str
    role: Arn | None = None
    profile: Arn | None = None
    status: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
