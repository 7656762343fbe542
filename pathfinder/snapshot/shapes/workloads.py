"""Calls that describe what runs with a role: CloudFormation, CodeBuild, Glue, SageMaker, App Runner and their like.

`region` in entries whose output names no Region is our own field; the file's name may say it as well.
"""

from __future__ import annotations

import msgspec

from pathfinder.snapshot.shapes.base import CamelPage, CamelShape, Page, Shape, Tag


class StackEntry(Shape):
    """A CloudFormation stack."""

    stack_id: str
    stack_name: str | None = None
    role_arn: str | None = msgspec.field(default=None, name="RoleARN")
    stack_status: str | None = None
    tags: list[Tag] | None = None


class StackSetEntry(Shape):
    """A CloudFormation stack set; its role is the one that administers it."""

    stack_set_name: str
    stack_set_arn: str | None = msgspec.field(default=None, name="StackSetARN")
    administration_role_arn: str | None = msgspec.field(default=None, name="AdministrationRoleARN")
    status: str | None = None
    tags: list[Tag] | None = None


class JobEntry(Shape):
    """A Glue job."""

    name: str
    role: str | None = None
    region: str | None = None


class DevEndpointEntry(Shape):
    """A Glue development endpoint."""

    endpoint_name: str
    role_arn: str | None = None
    status: str | None = None
    region: str | None = None


class ProfileReference(Shape):
    """An instance profile, by ARN or by name."""

    arn: str | None = None
    name: str | None = None


class LaunchTemplateData(Shape):
    """What instances are launched with."""

    iam_instance_profile: ProfileReference | None = None


class LaunchTemplateEntry(Shape):
    """A version of a launch template."""

    launch_template_id: str
    launch_template_name: str | None = None
    version_number: int | None = None
    default_version: bool | None = None
    launch_template_data: LaunchTemplateData | None = None
    region: str | None = None


class InstanceAttributes(Shape):
    """The instances of an EMR cluster; their profile by name or ARN."""

    iam_instance_profile: str | None = None


class ClusterStatus(Shape):
    """The state of an EMR cluster."""

    state: str | None = None


class EmrClusterEntry(Shape):
    """An EMR cluster."""

    cluster_arn: str
    name: str | None = None
    service_role: str | None = None
    ec2_instance_attributes: InstanceAttributes | None = None
    status: ClusterStatus | None = None
    tags: list[Tag] | None = None


class InstanceConfiguration(Shape):
    """What an App Runner service runs with."""

    instance_role_arn: str | None = None


class AppRunnerEntry(Shape):
    """An App Runner service."""

    service_arn: str
    service_name: str | None = None
    status: str | None = None
    instance_configuration: InstanceConfiguration | None = None


class Described(Page):
    """One of the calls whose fields begin with a capital letter, and `sagemaker describe-notebook-instance`."""

    stacks: list[StackEntry] | None = None
    stack_set: StackSetEntry | None = None
    jobs: list[JobEntry] | None = None
    dev_endpoints: list[DevEndpointEntry] | None = None
    launch_template_versions: list[LaunchTemplateEntry] | None = None
    cluster: EmrClusterEntry | None = None
    service: AppRunnerEntry | None = None
    notebook_instance_arn: str | None = None
    notebook_instance_name: str | None = None
    notebook_instance_status: str | None = None
    role_arn: str | None = None


class CamelTag(CamelShape):
    """A tag of CodeBuild."""

    key: str
    value: str = ""


class ProjectEntry(CamelShape):
    """A CodeBuild project."""

    arn: str
    name: str | None = None
    service_role: str | None = None
    tags: list[CamelTag] | None = None


class DescribedCamel(CamelPage):
    """`codebuild batch-get-projects`, or one `bedrock-agentcore-control get-code-interpreter`."""

    projects: list[ProjectEntry] | None = None
    code_interpreter_arn: str | None = None
    name: str | None = None
    execution_role_arn: str | None = None
    status: str | None = None
