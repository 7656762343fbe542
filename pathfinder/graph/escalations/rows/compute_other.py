"""Notebooks, interpreters, state machines, schedules, identity pools, things, Airflow.

Source: evaluation.md ESC-82, ESC-83, ESC-86, ESC-87, ESC-90 to ESC-93.
"""

from __future__ import annotations

from pathfinder.graph.escalations.existing import Existing
from pathfinder.graph.escalations.held import of_kind
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.steps import Any, It, New
from pathfinder.model.workloads import WorkloadKind

_SAGEMAKER = "sagemaker.amazonaws.com"
_AGENTS = "bedrock-agentcore.amazonaws.com"
_NOTEBOOKS = of_kind(WorkloadKind.NOTEBOOK, "notebook")
_INTERPRETERS = of_kind(WorkloadKind.CODE_INTERPRETER, "code interpreter")
_START = New("bedrock-agentcore:StartCodeInterpreterSession", "code-interpreter-custom/")
_INVOKE = New("bedrock-agentcore:InvokeCodeInterpreter", "code-interpreter-custom/")

PASS_ROLE = (
    PassRole(
        "ESC-82",
        _SAGEMAKER,
        (New("sagemaker:CreateNotebookInstance", "notebook-instance/"),),
        "a new notebook",
        ("sagemaker-001",),
        notes=(
            "a lifecycle script of the notebook, or sagemaker:CreatePresignedNotebookInstanceUrl, runs the code",
        ),
    ),
    PassRole(
        "ESC-82",
        _SAGEMAKER,
        (New("sagemaker:CreateTrainingJob", "training-job/"),),
        "a new training job",
        ("sagemaker-002",),
    ),
    PassRole(
        "ESC-82",
        _SAGEMAKER,
        (New("sagemaker:CreateProcessingJob", "processing-job/"),),
        "a new processing job",
        ("sagemaker-003",),
    ),
    PassRole(
        "ESC-82",
        _SAGEMAKER,
        (
            New("sagemaker:CreateDomain", "domain/"),
            New("sagemaker:CreateUserProfile", "user-profile/"),
            New("sagemaker:CreatePresignedDomainUrl", "user-profile/"),
        ),
        "a new SageMaker domain",
    ),
    PassRole(
        "ESC-86",
        "states.amazonaws.com",
        (New("states:CreateStateMachine", "stateMachine:"), New("states:StartExecution", "stateMachine:")),
        "a new state machine",
        notes=("its steps call AWS as the role",),
    ),
    PassRole(
        "ESC-86",
        "states.amazonaws.com",
        (New("states:UpdateStateMachine", "stateMachine:"), New("states:StartExecution", "stateMachine:")),
        "an existing state machine",
        gaps=("whether there is such a state machine is not known",),
    ),
    PassRole(
        "ESC-87",
        "events.amazonaws.com",
        (New("events:PutRule", "rule/"), New("events:PutTargets", "rule/")),
        "a new rule of EventBridge",
        notes=("its target is called as the role",),
    ),
    PassRole(
        "ESC-87",
        "scheduler.amazonaws.com",
        (New("scheduler:CreateSchedule", "schedule/"),),
        "a new schedule",
        notes=("its target is called as the role",),
    ),
    PassRole(
        "ESC-90",
        _AGENTS,
        (Any("bedrock-agentcore:CreateCodeInterpreter"), _START, _INVOKE),
        "a new code interpreter",
        ("bedrock-001",),
    ),
    PassRole(
        "ESC-91",
        "cognito-identity.amazonaws.com",
        (Any("cognito-identity:SetIdentityPoolRoles"),),
        "identities of a Cognito pool",
        notes=("cognito-identity:GetCredentialsForIdentity is open to identities of the pool",),
        gaps=("whether the pool that the role trusts can be set by the source is not known",),
    ),
    PassRole(
        "ESC-92",
        "credentials.iot.amazonaws.com",
        (New("iot:CreateRoleAlias", "rolealias/"), Any("iot:CreateKeysAndCertificate")),
        "a device with a new certificate",
        notes=("a policy that allows iot:AssumeRoleWithCertificate has to hang on the certificate",),
    ),
    PassRole(
        "ESC-93",
        "airflow-env.amazonaws.com",
        (New("airflow:CreateEnvironment", "environment/"),),
        "a new Airflow environment",
        notes=("the role has to trust airflow.amazonaws.com as well",),
    ),
)


def _on_interpreter() -> Existing:
    return Existing(
        "ESC-90",
        _AGENTS,
        _INTERPRETERS,
        WorkloadKind.CODE_INTERPRETER.value,
        "code interpreters",
        (It("bedrock-agentcore:StartCodeInterpreterSession"), It("bedrock-agentcore:InvokeCodeInterpreter")),
        "code would run in",
        ("bedrock-002",),
    )


EXISTING = (
    Existing(
        "ESC-83",
        _SAGEMAKER,
        _NOTEBOOKS,
        WorkloadKind.NOTEBOOK.value,
        "notebooks",
        (It("sagemaker:CreatePresignedNotebookInstanceUrl"),),
        "a browser session would be opened on",
        ("sagemaker-004",),
        ("the notebook has to be in service",),
    ),
    Existing(
        "ESC-83",
        _SAGEMAKER,
        _NOTEBOOKS,
        WorkloadKind.NOTEBOOK.value,
        "notebooks",
        (
            It("sagemaker:UpdateNotebookInstance"),
            New("sagemaker:CreateNotebookInstanceLifecycleConfig", "notebook-instance-lifecycle-config/"),
            It("sagemaker:StopNotebookInstance"),
            It("sagemaker:StartNotebookInstance"),
        ),
        "a lifecycle script would run on",
        ("sagemaker-005",),
    ),
    _on_interpreter(),
)
