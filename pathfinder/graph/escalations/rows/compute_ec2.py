"""EC2: new instances with a role, and instances that have one. Source: evaluation.md ESC-40 to ESC-48, STS-40."""

from __future__ import annotations

from pathfinder.graph.escalations.existing import Existing
from pathfinder.graph.escalations.held import instances, managed_instances, of_kind
from pathfinder.graph.escalations.pass_role import PassRole
from pathfinder.graph.escalations.steps import PROFILE, It, New
from pathfinder.model.workloads import WorkloadKind

_SERVICE = "ec2.amazonaws.com"
_PROFILE = {"ec2:InstanceProfile": PROFILE}
_AROUND = (
    New("ec2:RunInstances", "image/", owned=False),
    New("ec2:RunInstances", "subnet/"),
    New("ec2:RunInstances", "security-group/"),
    New("ec2:RunInstances", "network-interface/"),
    New("ec2:RunInstances", "volume/"),
)
"""What else a launch is authorized on: an image, a subnet, and what is made beside the instance."""
_CONTROLLED = "whether the source can run code on the instance is not known"
_AGENT = "the instance has to run, and its SSM agent to be online"
_GROUP = "an Auto Scaling group needs the service-linked role of EC2 Auto Scaling"

PASS_ROLE = (
    PassRole(
        "ESC-40",
        _SERVICE,
        (New("ec2:RunInstances", "instance/", given=_PROFILE), *_AROUND),
        "a new EC2 instance",
        ("ec2-001",),
        profile=True,
    ),
    PassRole(
        "ESC-40",
        _SERVICE,
        (
            New("ec2:RequestSpotInstances", "spot-instances-request/"),
            New("ec2:RequestSpotInstances", "image/", owned=False),
            New("ec2:RequestSpotInstances", "subnet/"),
            New("ec2:RequestSpotInstances", "security-group/"),
        ),
        "a new spot instance",
        ("ec2-003",),
        profile=True,
    ),
    PassRole(
        "ESC-40",
        _SERVICE,
        (
            New("ec2:RequestSpotFleet", "spot-fleet-request/"),
            New("ec2:RequestSpotFleet", "image/", owned=False),
            New("ec2:RequestSpotFleet", "subnet/"),
            New("ec2:RequestSpotFleet", "security-group/"),
        ),
        "a new spot fleet",
        notes=("a role for the spot fleet itself is passed as well",),
        profile=True,
    ),
    PassRole(
        "ESC-40",
        _SERVICE,
        (
            New("ec2:CreateFleet", "fleet/"),
            New("ec2:CreateFleet", "instance/", given=_PROFILE),
            New("ec2:CreateLaunchTemplate", "launch-template/"),
            New("ec2:CreateFleet", "launch-template/"),
            New("ec2:CreateFleet", "image/", owned=False),
            New("ec2:CreateFleet", "subnet/"),
        ),
        "a new fleet of instances",
        profile=True,
    ),
    PassRole(
        "ESC-41",
        _SERVICE,
        (It("ec2:AssociateIamInstanceProfile", given=_PROFILE),),
        "an existing instance",
        gaps=(_CONTROLLED,),
        profile=True,
        things=instances,
        known="instances",
        words="instances",
    ),
    PassRole(
        "ESC-41",
        _SERVICE,
        (It("ec2:ReplaceIamInstanceProfileAssociation", given=_PROFILE),),
        "an existing instance",
        gaps=(_CONTROLLED,),
        profile=True,
        things=instances,
        known="instances",
        words="instances",
    ),
    PassRole(
        "ESC-46",
        "ssm.amazonaws.com",
        (New("ssm:StartAutomationExecution", "automation-definition/", owned=False),),
        "an SSM automation",
        notes=("the role is used for the steps of the automation document",),
    ),
    PassRole(
        "ESC-48",
        _SERVICE,
        (
            New("autoscaling:CreateLaunchConfiguration", "launchConfiguration:"),
            New("autoscaling:CreateAutoScalingGroup", "autoScalingGroup:"),
        ),
        "instances of a new Auto Scaling group",
        notes=(_GROUP,),
        profile=True,
    ),
)


def _on_instance(
    rule: str,
    *actions: str,
    change: str,
    paths: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    gaps: tuple[str, ...] = (),
) -> Existing:
    steps = tuple(It(action) for action in actions)
    return Existing(rule, _SERVICE, instances, "instances", "instances", steps, change, paths, notes, gaps)


EXISTING = (
    _on_instance(
        "ESC-43",
        "ec2:ModifyInstanceAttribute",
        "ec2:StopInstances",
        "ec2:StartInstances",
        change="other user data would run at the start of",
        paths=("ec2-002",),
    ),
    _on_instance(
        "ESC-44",
        "ec2-instance-connect:SendSSHPublicKey",
        change="a key would be put for a login on",
        paths=("ec2instanceconnect-003",),
        notes=("the instance has to run EC2 Instance Connect, and its SSH port to be reached",),
    ),
    _on_instance(
        "ESC-44",
        "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
        change="a key would be put for the serial console of",
        notes=("the serial console has to be switched on in the account",),
    ),
    Existing(
        "ESC-45",
        _SERVICE,
        managed_instances,
        "instances",
        "instances",
        (It("ssm:SendCommand"), New("ssm:SendCommand", "document/", owned=False)),
        "a command would run on",
        ("ssm-002",),
        (_AGENT,),
    ),
    Existing(
        "ESC-45",
        _SERVICE,
        managed_instances,
        "instances",
        "instances",
        (It("ssm:StartSession"),),
        "a session would be opened on",
        ("ssm-001",),
        (_AGENT,),
    ),
    Existing(
        "ESC-45",
        _SERVICE,
        managed_instances,
        "instances",
        "instances",
        (It("ssm:CreateAssociation"), New("ssm:CreateAssociation", "document/", owned=False)),
        "a command would run on",
        notes=(_AGENT,),
    ),
    Existing(
        "ESC-47",
        _SERVICE,
        of_kind(WorkloadKind.LAUNCH_TEMPLATE, "launch template"),
        WorkloadKind.LAUNCH_TEMPLATE.value,
        "launch templates",
        (It("ec2:CreateLaunchTemplateVersion"), It("ec2:ModifyLaunchTemplate")),
        "other user data would run in the next instances of",
        ("ec2-004",),
        ("an Auto Scaling group or somebody has to launch from the template",),
    ),
    Existing(
        "ESC-89",
        _SERVICE,
        instances,
        "instances",
        "instances",
        (New("codedeploy:CreateDeployment", "deploymentgroup:"),),
        "other code would be deployed to",
        gaps=("whether a CodeDeploy agent runs on the instance is not known",),
    ),
)
