"""The kinds of workloads: which file describes them, how an entry is read, and how it is written.

Source: formats.md chapter 2 (outputs of the AWS CLI), evaluation.md ESC-6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pathfinder.model.workloads import Workload, WorkloadKind
from pathfinder.snapshot.parts.workload_fields import (
    Owner,
    arn_of,
    own_arn,
    profile_of,
    region_of,
    role_of,
    told,
)
from pathfinder.snapshot.reading import Place
from pathfinder.snapshot.shapes import workloads as shapes
from pathfinder.snapshot.shapes.base import Page, tags_of

Entries = Iterable[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that lists a kind. `entries`: what a page holds, with its place in it; `write`: the pages of many."""

    stem: str
    shape: type[Page]
    entries: Callable[[Any], Entries]
    make: Callable[[Any, Place, Owner], Workload]
    write: Callable[[list[Workload]], list[object]]


def _listed(name: str, entries: Iterable[Any] | None) -> Entries:
    return ((f"{name}[{index}]", entry) for index, entry in enumerate(entries or ()))


def _single(name: str, entry: Any) -> Entries:
    return () if entry is None else ((name, entry),)


def _stack(entry: shapes.StackEntry, place: Place, owner: Owner) -> Workload:
    arn = arn_of(entry.stack_id, "cloudformation", place.at("StackId"))
    return Workload(
        WorkloadKind.STACK,
        arn,
        entry.stack_name or arn.resource,
        role_of(entry.role_arn, place.at("RoleARN"), owner),
        status=entry.stack_status,
        tags=tags_of(entry.tags),
    )


def _stacks_written(held: list[Workload]) -> list[object]:
    fields = (("StackId", "arn"), ("StackName", "name"), ("RoleARN", "role"), ("StackStatus", "status"))
    return [{"Stacks": [told({name: getattr(w, own) for name, own in fields}, w) for w in held]}]


def _stack_set(entry: shapes.StackSetEntry, place: Place, owner: Owner) -> Workload:
    return Workload(
        WorkloadKind.STACK_SET,
        arn_of(entry.stack_set_arn or "", "cloudformation", place.at("StackSetARN")),
        entry.stack_set_name,
        role_of(entry.administration_role_arn, place.at("AdministrationRoleARN"), owner),
        status=entry.status,
        tags=tags_of(entry.tags),
    )


def _stack_sets_written(held: list[Workload]) -> list[object]:
    fields = (
        ("StackSetName", "name"),
        ("StackSetARN", "arn"),
        ("AdministrationRoleARN", "role"),
        ("Status", "status"),
    )
    return [{"StackSet": told({name: getattr(w, own) for name, own in fields}, w)} for w in held]


def _project(entry: shapes.ProjectEntry, place: Place, owner: Owner) -> Workload:
    arn = arn_of(entry.arn, "codebuild", place.at("arn"))
    return Workload(
        WorkloadKind.BUILD_PROJECT,
        arn,
        entry.name or arn.name,
        role_of(entry.service_role, place.at("serviceRole"), owner),
        tags=dict(sorted((tag.key, tag.value) for tag in entry.tags or ())),
    )


def _projects_written(held: list[Workload]) -> list[object]:
    def entry(w: Workload) -> object:
        tags = [{"key": key, "value": value} for key, value in sorted(w.tags.items())]
        return {**told({"arn": w.arn, "name": w.name, "serviceRole": w.role}), "tags": tags}

    return [{"projects": [entry(w) for w in held]}]


def _job(entry: shapes.JobEntry, place: Place, owner: Owner) -> Workload:
    return Workload(
        WorkloadKind.GLUE_JOB,
        own_arn(owner, "glue", region_of(entry.region, place), f"job/{entry.name}"),
        entry.name,
        role_of(entry.role, place.at("Role"), owner),
    )


def _jobs_written(held: list[Workload]) -> list[object]:
    return [{"Jobs": [told({"Name": w.name, "Role": w.role, "Region": w.arn.region}) for w in held]}]


def _dev_endpoint(entry: shapes.DevEndpointEntry, place: Place, owner: Owner) -> Workload:
    return Workload(
        WorkloadKind.DEV_ENDPOINT,
        own_arn(owner, "glue", region_of(entry.region, place), f"devEndpoint/{entry.endpoint_name}"),
        entry.endpoint_name,
        role_of(entry.role_arn, place.at("RoleArn"), owner),
        status=entry.status,
    )


def _dev_endpoints_written(held: list[Workload]) -> list[object]:
    def entry(w: Workload) -> object:
        return told({"EndpointName": w.name, "RoleArn": w.role, "Status": w.status, "Region": w.arn.region})

    return [{"DevEndpoints": [entry(w) for w in held]}]


def _notebook(entry: shapes.Described, place: Place, owner: Owner) -> Workload:
    arn = arn_of(entry.notebook_instance_arn or "", "sagemaker", place.at("NotebookInstanceArn"))
    return Workload(
        WorkloadKind.NOTEBOOK,
        arn,
        entry.notebook_instance_name or arn.name,
        role_of(entry.role_arn, place.at("RoleArn"), owner),
        status=entry.notebook_instance_status,
    )


def _notebooks_written(held: list[Workload]) -> list[object]:
    fields = (
        ("NotebookInstanceArn", "arn"),
        ("NotebookInstanceName", "name"),
        ("RoleArn", "role"),
        ("NotebookInstanceStatus", "status"),
    )
    return [told({name: getattr(w, own) for name, own in fields}) for w in held]


def _app_runner(entry: shapes.AppRunnerEntry, place: Place, owner: Owner) -> Workload:
    arn = arn_of(entry.service_arn, "apprunner", place.at("ServiceArn"))
    runs = entry.instance_configuration
    within = place.at("InstanceConfiguration", "InstanceRoleArn")
    return Workload(
        WorkloadKind.APP_RUNNER_SERVICE,
        arn,
        entry.service_name or arn.resource,
        role_of(runs.instance_role_arn if runs else None, within, owner),
        status=entry.status,
    )


def _app_runner_written(held: list[Workload]) -> list[object]:
    def entry(w: Workload) -> object:
        named = told({"ServiceArn": w.arn, "ServiceName": w.name, "Status": w.status})
        return {"Service": {**named, "InstanceConfiguration": told({"InstanceRoleArn": w.role})}}

    return [entry(w) for w in held]


def _interpreter(entry: shapes.DescribedCamel, place: Place, owner: Owner) -> Workload:
    arn = arn_of(entry.code_interpreter_arn or "", "bedrock-agentcore", place.at("codeInterpreterArn"))
    return Workload(
        WorkloadKind.CODE_INTERPRETER,
        arn,
        entry.name or arn.name,
        role_of(entry.execution_role_arn, place.at("executionRoleArn"), owner),
        status=entry.status,
    )


def _interpreters_written(held: list[Workload]) -> list[object]:
    fields = (
        ("codeInterpreterArn", "arn"),
        ("name", "name"),
        ("executionRoleArn", "role"),
        ("status", "status"),
    )
    return [told({name: getattr(w, own) for name, own in fields}) for w in held]


def _template(entry: shapes.LaunchTemplateEntry, place: Place, owner: Owner) -> Workload:
    holds = entry.launch_template_data.iam_instance_profile if entry.launch_template_data else None
    within = place.at("LaunchTemplateData", "IamInstanceProfile")
    return Workload(
        WorkloadKind.LAUNCH_TEMPLATE,
        own_arn(owner, "ec2", region_of(entry.region, place), f"launch-template/{entry.launch_template_id}"),
        entry.launch_template_name or entry.launch_template_id,
        profile=profile_of((holds.arn or holds.name) if holds else None, within, owner),
    )


def _default_versions(page: shapes.Described) -> Entries:
    """What other versions of a template say launches nothing by itself."""
    listed = _listed("LaunchTemplateVersions", page.launch_template_versions)
    return (each for each in listed if each[1].default_version is not False)


def _templates_written(held: list[Workload]) -> list[object]:
    def entry(w: Workload) -> object:
        named = told({"LaunchTemplateId": w.arn.name, "LaunchTemplateName": w.name, "Region": w.arn.region})
        holds = {"IamInstanceProfile": {"Arn": str(w.profile)}} if w.profile else {}
        return {**named, "DefaultVersion": True, "LaunchTemplateData": holds}

    return [{"LaunchTemplateVersions": [entry(w) for w in held]}]


def _emr_cluster(entry: shapes.EmrClusterEntry, place: Place, owner: Owner) -> Workload:
    arn = arn_of(entry.cluster_arn, "elasticmapreduce", place.at("ClusterArn"))
    instances = entry.ec2_instance_attributes
    within = place.at("Ec2InstanceAttributes", "IamInstanceProfile")
    return Workload(
        WorkloadKind.EMR_CLUSTER,
        arn,
        entry.name or arn.name,
        role_of(entry.service_role, place.at("ServiceRole"), owner),
        profile_of(instances.iam_instance_profile if instances else None, within, owner),
        entry.status.state if entry.status else None,
        tags_of(entry.tags),
    )


def _emr_clusters_written(held: list[Workload]) -> list[object]:
    def entry(w: Workload) -> object:
        return {
            "Cluster": {
                **told({"ClusterArn": w.arn, "Name": w.name, "ServiceRole": w.role}, w),
                "Ec2InstanceAttributes": told({"IamInstanceProfile": w.profile}),
                "Status": told({"State": w.status}),
            }
        }

    return [entry(w) for w in held]


SOURCES: dict[WorkloadKind, Source] = {
    WorkloadKind.STACK: Source(
        "cloudformation-stacks",
        shapes.Described,
        lambda page: _listed("Stacks", page.stacks),
        _stack,
        _stacks_written,
    ),
    WorkloadKind.STACK_SET: Source(
        "cloudformation-stack-sets",
        shapes.Described,
        lambda page: _single("StackSet", page.stack_set),
        _stack_set,
        _stack_sets_written,
    ),
    WorkloadKind.BUILD_PROJECT: Source(
        "codebuild-projects",
        shapes.DescribedCamel,
        lambda page: _listed("projects", page.projects),
        _project,
        _projects_written,
    ),
    WorkloadKind.GLUE_JOB: Source(
        "glue-jobs", shapes.Described, lambda page: _listed("Jobs", page.jobs), _job, _jobs_written
    ),
    WorkloadKind.DEV_ENDPOINT: Source(
        "glue-dev-endpoints",
        shapes.Described,
        lambda page: _listed("DevEndpoints", page.dev_endpoints),
        _dev_endpoint,
        _dev_endpoints_written,
    ),
    WorkloadKind.NOTEBOOK: Source(
        "sagemaker-notebooks",
        shapes.Described,
        lambda page: _single("", page if page.notebook_instance_arn else None),
        _notebook,
        _notebooks_written,
    ),
    WorkloadKind.APP_RUNNER_SERVICE: Source(
        "apprunner-services",
        shapes.Described,
        lambda page: _single("Service", page.service),
        _app_runner,
        _app_runner_written,
    ),
    WorkloadKind.CODE_INTERPRETER: Source(
        "code-interpreters",
        shapes.DescribedCamel,
        lambda page: _single("", page if page.code_interpreter_arn else None),
        _interpreter,
        _interpreters_written,
    ),
    WorkloadKind.LAUNCH_TEMPLATE: Source(
        "launch-templates", shapes.Described, _default_versions, _template, _templates_written
    ),
    WorkloadKind.EMR_CLUSTER: Source(
        "emr-clusters",
        shapes.Described,
        lambda page: _single("Cluster", page.cluster),
        _emr_cluster,
        _emr_clusters_written,
    ),
}
"""Where each kind stands in an account's folder."""
