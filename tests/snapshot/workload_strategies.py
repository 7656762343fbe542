"""Workloads of every kind, as AWS's calls can tell them."""

from __future__ import annotations

from hypothesis import strategies as st

from pathfinder.aws.arn import AccountId, Arn
from pathfinder.model.workloads import Workload, WorkloadKind

RESOURCES = {
    WorkloadKind.STACK: ("cloudformation", "stack/{}/id"),
    WorkloadKind.STACK_SET: ("cloudformation", "stackset/{}:id"),
    WorkloadKind.BUILD_PROJECT: ("codebuild", "project/{}"),
    WorkloadKind.GLUE_JOB: ("glue", "job/{}"),
    WorkloadKind.DEV_ENDPOINT: ("glue", "devEndpoint/{}"),
    WorkloadKind.NOTEBOOK: ("sagemaker", "notebook-instance/{}"),
    WorkloadKind.APP_RUNNER_SERVICE: ("apprunner", "service/{}/id"),
    WorkloadKind.CODE_INTERPRETER: ("bedrock-agentcore", "code-interpreter-custom/{}"),
    WorkloadKind.LAUNCH_TEMPLATE: ("ec2", "launch-template/{}"),
    WorkloadKind.EMR_CLUSTER: ("elasticmapreduce", "cluster/{}"),
}
_TAGGED = (
    WorkloadKind.STACK,
    WorkloadKind.STACK_SET,
    WorkloadKind.BUILD_PROJECT,
    WorkloadKind.EMR_CLUSTER,
)
_WITHOUT_STATUS = (WorkloadKind.BUILD_PROJECT, WorkloadKind.GLUE_JOB, WorkloadKind.LAUNCH_TEMPLATE)
_NAMES = st.text("abcDE-_0", min_size=1, max_size=5)


@st.composite
def workloads(draw: st.DrawFn, account: AccountId, partition: str) -> Workload:
    kind = draw(st.sampled_from(list(WorkloadKind)))
    name = draw(_NAMES)
    service, resource = RESOURCES[kind]
    own = Arn(
        partition, service, draw(st.sampled_from(["eu-west-1", "us-east-1"])), account, resource.format(name)
    )
    role = draw(st.none() | st.just(Arn(partition, "iam", "", account, f"role/{name}")))
    profile = draw(st.none() | st.just(Arn(partition, "iam", "", account, f"instance-profile/{name}")))
    only_profile = kind is WorkloadKind.LAUNCH_TEMPLATE
    return Workload(
        kind,
        own,
        name,
        None if only_profile else role,
        profile if only_profile or kind is WorkloadKind.EMR_CLUSTER else None,
        None if kind in _WITHOUT_STATUS else draw(st.none() | st.just("ACTIVE")),
        draw(st.dictionaries(_NAMES, _NAMES, max_size=2)) if kind in _TAGGED else {},
    )
