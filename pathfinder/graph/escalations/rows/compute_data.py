"""Data services: Glue, Data Pipeline, EMR, Redshift, RDS.

Source: evaluation.md ESC-80, ESC-81, ESC-84, ESC-85, ESC-94.
"""

from __future__ import annotations

from pathfinder.graph.escalations.existing import Existing
from pathfinder.graph.escalations.held import emr_instances, of_kind
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.rows.s3_copies import READS_AND_WRITES
from pathfinder.graph.escalations.steps import Any, It, New
from pathfinder.model.workloads import WorkloadKind

_GLUE = "glue.amazonaws.com"
_JOBS = of_kind(WorkloadKind.GLUE_JOB, "Glue job")
_JOBS_KNOWN = WorkloadKind.GLUE_JOB.value
_CREATE_JOB = New("glue:CreateJob", "job/")
_RETIRED = ("Data Pipeline takes no new customers: whether the account is one is not known",)
_DATABASE = ("whether the source can log in to such a database is not known",)


def _changed_job(start: It | New, path: str) -> PassRole:
    return PassRole(
        "ESC-81",
        _GLUE,
        (It("glue:UpdateJob"), start),
        "an existing Glue job with another script",
        (path,),
        things=_JOBS,
        known=_JOBS_KNOWN,
        words="Glue jobs",
    )


PASS_ROLE = (
    PassRole(
        "ESC-80", _GLUE, (Any("glue:CreateDevEndpoint"),), "a new Glue development endpoint", ("glue-001",)
    ),
    PassRole(
        "ESC-81", _GLUE, (_CREATE_JOB, New("glue:StartJobRun", "job/")), "a new Glue job", ("glue-003",)
    ),
    PassRole(
        "ESC-81", _GLUE, (_CREATE_JOB, New("glue:CreateTrigger", "trigger/")), "a new Glue job", ("glue-004",)
    ),
    PassRole(
        "ESC-81",
        _GLUE,
        (New("glue:CreateSession", "session/"), New("glue:RunStatement", "session/")),
        "a new Glue session",
    ),
    _changed_job(It("glue:StartJobRun"), "glue-005"),
    _changed_job(New("glue:CreateTrigger", "trigger/"), "glue-006"),
    PassRole(
        "ESC-84",
        "datapipeline.amazonaws.com",
        (
            Any("datapipeline:CreatePipeline"),
            New("datapipeline:PutPipelineDefinition", "pipeline/"),
            New("datapipeline:ActivatePipeline", "pipeline/"),
        ),
        "a new data pipeline",
        ("datapipeline-001",),
        gaps=_RETIRED,
    ),
    PassRole(
        "ESC-84",
        "ec2.amazonaws.com",
        (
            Any("datapipeline:CreatePipeline"),
            New("datapipeline:PutPipelineDefinition", "pipeline/"),
            New("datapipeline:ActivatePipeline", "pipeline/"),
        ),
        "the instance of a new data pipeline",
        ("datapipeline-001",),
        notes=("a role for Data Pipeline itself is passed as well",),
        gaps=_RETIRED,
        profile=True,
    ),
    PassRole(
        "ESC-85",
        "ec2.amazonaws.com",
        (Any("elasticmapreduce:RunJobFlow"),),
        "the instances of a new EMR cluster",
        notes=("a role for EMR itself is passed as well",),
        profile=True,
    ),
    PassRole(
        "ESC-85",
        "emr-serverless.amazonaws.com",
        (Any("emr-serverless:CreateApplication"), New("emr-serverless:StartJobRun", "/applications/")),
        "a job of EMR Serverless",
    ),
    PassRole(
        "ESC-94",
        "redshift.amazonaws.com",
        (New("redshift:ModifyClusterIamRoles", "cluster:"),),
        "UNLOAD and COPY of a Redshift cluster",
        gaps=_DATABASE,
        only=READS_AND_WRITES,
    ),
    PassRole(
        "ESC-94",
        "rds.amazonaws.com",
        (New("rds:AddRoleToDBCluster", "cluster:"),),
        "S3 import and export of a database cluster",
        gaps=_DATABASE,
        only=READS_AND_WRITES,
    ),
    PassRole(
        "ESC-94",
        "rds.amazonaws.com",
        (New("rds:AddRoleToDBInstance", "db:"),),
        "S3 import and export of a database",
        gaps=_DATABASE,
        only=READS_AND_WRITES,
    ),
)
EXISTING = (
    Existing(
        "ESC-80",
        _GLUE,
        of_kind(WorkloadKind.DEV_ENDPOINT, "Glue development endpoint"),
        WorkloadKind.DEV_ENDPOINT.value,
        "Glue development endpoints",
        (It("glue:UpdateDevEndpoint"),),
        "another public key would be put on",
        ("glue-002",),
    ),
    Existing(
        "ESC-81",
        _GLUE,
        _JOBS,
        _JOBS_KNOWN,
        "Glue jobs",
        (It("glue:UpdateJob"),),
        "another script would run in",
        notes=("the job has to be started, or its trigger waited for",),
    ),
    Existing(
        "ESC-85",
        "ec2.amazonaws.com",
        emr_instances,
        WorkloadKind.EMR_CLUSTER.value,
        "EMR clusters",
        (It("elasticmapreduce:AddJobFlowSteps"),),
        "a step would run on the instances of",
    ),
)
