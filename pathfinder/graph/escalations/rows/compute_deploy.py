"""Deployment services: CloudFormation, CodeBuild, CodePipeline, CodeStar.

Source: evaluation.md ESC-57 to ESC-59, ESC-89.
"""

from __future__ import annotations

from pathfinder.graph.escalations.existing import Existing
from pathfinder.graph.escalations.held import of_kind
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.steps import ROLE, Any, It, New
from pathfinder.model.workloads import WorkloadKind

_CLOUDFORMATION = "cloudformation.amazonaws.com"
_CODEBUILD = "codebuild.amazonaws.com"
_WITH_ROLE = {"cloudformation:RoleArn": ROLE}
_BUILD_ROLE = {"codebuild:serviceRole": ROLE}
_STACKS = of_kind(WorkloadKind.STACK, "stack")
_STACK_SETS = of_kind(WorkloadKind.STACK_SET, "stack set")
_PROJECTS = of_kind(WorkloadKind.BUILD_PROJECT, "build project")
_CREATE_PROJECT = New("codebuild:CreateProject", "project/", given=_BUILD_ROLE)

PASS_ROLE = (
    PassRole(
        "ESC-57",
        _CLOUDFORMATION,
        (New("cloudformation:CreateStack", "stack/", given=_WITH_ROLE),),
        "a new CloudFormation stack",
        ("cloudformation-001",),
    ),
    PassRole(
        "ESC-57",
        _CLOUDFORMATION,
        (
            New("cloudformation:CreateChangeSet", "stack/", given=_WITH_ROLE),
            New("cloudformation:ExecuteChangeSet", "stack/"),
        ),
        "a new CloudFormation stack",
    ),
    PassRole(
        "ESC-57",
        _CLOUDFORMATION,
        (It("cloudformation:UpdateStack", given=_WITH_ROLE),),
        "an existing CloudFormation stack",
        things=_STACKS,
        known=WorkloadKind.STACK.value,
        words="CloudFormation stacks",
    ),
    PassRole(
        "ESC-57",
        _CLOUDFORMATION,
        (
            Any("cloudformation:CreateStackSet", given=_WITH_ROLE),
            New("cloudformation:CreateStackInstances", "stackset/"),
        ),
        "a new CloudFormation stack set",
        ("cloudformation-003",),
        notes=("the role administers the stack set; it assumes execution roles in the target accounts",),
    ),
    PassRole(
        "ESC-57",
        _CLOUDFORMATION,
        (It("cloudformation:UpdateStackSet", given=_WITH_ROLE),),
        "an existing CloudFormation stack set",
        ("cloudformation-004",),
        notes=("the role administers the stack set; it assumes execution roles in the target accounts",),
        things=_STACK_SETS,
        known=WorkloadKind.STACK_SET.value,
        words="CloudFormation stack sets",
    ),
    PassRole(
        "ESC-59",
        _CODEBUILD,
        (_CREATE_PROJECT, New("codebuild:StartBuild", "project/")),
        "a new CodeBuild project",
        ("codebuild-001",),
    ),
    PassRole(
        "ESC-59",
        _CODEBUILD,
        (_CREATE_PROJECT, New("codebuild:StartBuildBatch", "project/")),
        "a new CodeBuild project",
        ("codebuild-004",),
    ),
    PassRole(
        "ESC-59",
        _CODEBUILD,
        (It("codebuild:UpdateProject", given=_BUILD_ROLE), It("codebuild:StartBuild")),
        "an existing CodeBuild project",
        things=_PROJECTS,
        known=WorkloadKind.BUILD_PROJECT.value,
        words="CodeBuild projects",
    ),
    PassRole(
        "ESC-89",
        "codepipeline.amazonaws.com",
        (New("codepipeline:CreatePipeline", ""),),
        "a new pipeline",
    ),
    PassRole(
        "ESC-89",
        "codestar.amazonaws.com",
        (Any("codestar:CreateProject"),),
        "a CodeStar project",
        gaps=("CodeStar projects are retired: whether one can still be made is not known",),
    ),
)
EXISTING = (
    Existing(
        "ESC-58",
        _CLOUDFORMATION,
        _STACKS,
        WorkloadKind.STACK.value,
        "CloudFormation stacks",
        (It("cloudformation:UpdateStack"),),
        "another template would be applied to",
        ("cloudformation-002",),
    ),
    Existing(
        "ESC-58",
        _CLOUDFORMATION,
        _STACKS,
        WorkloadKind.STACK.value,
        "CloudFormation stacks",
        (It("cloudformation:CreateChangeSet"), It("cloudformation:ExecuteChangeSet")),
        "another template would be applied to",
        ("cloudformation-005",),
    ),
    Existing(
        "ESC-58",
        _CLOUDFORMATION,
        _STACK_SETS,
        WorkloadKind.STACK_SET.value,
        "CloudFormation stack sets",
        (It("cloudformation:UpdateStackSet"),),
        "another template would be applied to",
    ),
    Existing(
        "ESC-59",
        _CODEBUILD,
        _PROJECTS,
        WorkloadKind.BUILD_PROJECT.value,
        "CodeBuild projects",
        (It("codebuild:StartBuild"),),
        "another build specification would run in",
        ("codebuild-002",),
    ),
    Existing(
        "ESC-59",
        _CODEBUILD,
        _PROJECTS,
        WorkloadKind.BUILD_PROJECT.value,
        "CodeBuild projects",
        (It("codebuild:StartBuildBatch"),),
        "another build specification would run in",
        ("codebuild-003",),
        notes=("the project has to be set up for batch builds",),
    ),
)
