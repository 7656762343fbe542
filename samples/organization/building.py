"""Small words for `generate.py`: statements, accounts that are filled step by step, ids that never change."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

from pathfinder.aws.arn import AccountId
from pathfinder.model.identity import AccessKey, Group, IdentityProvider, InstanceProfile, Role, User
from pathfinder.model.organization import Account
from pathfinder.model.resources import (
    Acl,
    AclGrant,
    Bucket,
    Instance,
    Key,
    LambdaFunction,
    ObjectOwnership,
    PublicAccessBlock,
    VpcEndpoint,
)
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy, Unread
from pathfinder.policy.parse import parse_document
from samples.writing import arn

Json = dict[str, object]
SEED = "pathfinder"
REGION = "eu-central-1"
EVERYTHING_KNOWN = frozenset(
    {
        "iam",
        "buckets",
        "access_keys",
        "instances",
        "endpoints",
        "keys",
        "access_points",
        "functions",
        "public_access_block",
    }
)
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
BLOCK_ALL = PublicAccessBlock(True, True, True, True)
BLOCK_NOTHING = PublicAccessBlock()

AWS_MANAGED: dict[str, tuple[str, Json]] = {
    "AdministratorAccess": (
        "AdministratorAccess",
        {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
    ),
    "PowerUserAccess": (
        "PowerUserAccess",
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "NotAction": ["iam:*", "organizations:*", "account:*"],
                    "Resource": "*",
                },
                {
                    "Effect": "Allow",
                    "Action": [
                        "account:GetAccountInformation",
                        "account:GetGovCloudAccountInformation",
                        "account:GetPrimaryEmail",
                        "account:ListRegions",
                        "iam:CreateServiceLinkedRole",
                        "iam:DeleteServiceLinkedRole",
                        "iam:ListRoles",
                        "organizations:DescribeEffectivePolicy",
                        "organizations:DescribeOrganization",
                    ],
                    "Resource": "*",
                },
            ]
        },
    ),
    "AmazonS3FullAccess": (
        "AmazonS3FullAccess",
        {"Statement": [{"Effect": "Allow", "Action": ["s3:*", "s3-object-lambda:*"], "Resource": "*"}]},
    ),
    "AmazonS3ReadOnlyAccess": (
        "AmazonS3ReadOnlyAccess",
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": [
                        "s3:Get*",
                        "s3:List*",
                        "s3:Describe*",
                        "s3-object-lambda:Get*",
                        "s3-object-lambda:List*",
                    ],
                    "Resource": "*",
                }
            ]
        },
    ),
    "AWSLambdaBasicExecutionRole": (
        "service-role/AWSLambdaBasicExecutionRole",
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                    "Resource": "*",
                }
            ]
        },
    ),
    "AmazonECSTaskExecutionRolePolicy": (
        "service-role/AmazonECSTaskExecutionRolePolicy",
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": [
                        "ecr:GetAuthorizationToken",
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:GetDownloadUrlForLayer",
                        "ecr:BatchGetImage",
                        "logs:CreateLogStream",
                        "logs:PutLogEvents",
                    ],
                    "Resource": "*",
                }
            ]
        },
    ),
    "AWSOrganizationsServiceTrustPolicy": (
        "aws-service-role/AWSOrganizationsServiceTrustPolicy",
        {
            "Statement": [
                {
                    "Sid": "AllowDeletionOfServiceLinkedRoleForOrganizations",
                    "Effect": "Allow",
                    "Action": ["iam:DeleteRole"],
                    "Resource": ["arn:aws:iam::*:role/aws-service-role/organizations.amazonaws.com/*"],
                },
                {
                    "Sid": "AllowCreationOfServiceLinkedRoles",
                    "Effect": "Allow",
                    "Action": ["iam:CreateServiceLinkedRole"],
                    "Resource": "*",
                },
                {
                    "Sid": "ListRolesSLR",
                    "Effect": "Allow",
                    "Action": "iam:ListRoles",
                    "Resource": "arn:aws:iam::*:role/aws-service-role/*",
                },
            ]
        },
    ),
}
"""Name to (path and name, document); the documents are AWS's own, of 2026."""


def statement(
    effect: str, action: object, resource: object = None, sid: str | None = None, **rest: object
) -> Json:
    """One statement. `principal`, `condition`, `not_action`, `not_resource` go in `rest`."""
    made: Json = {"Sid": sid} if sid else {}
    made["Effect"] = effect
    for element in ("Principal", "NotPrincipal"):
        if element.lower() in rest:
            made[element] = rest[element.lower()]
    made["NotAction" if rest.get("not_action") else "Action"] = rest.get("not_action") or action
    if rest.get("not_resource"):
        made["NotResource"] = rest["not_resource"]
    elif resource is not None:
        made["Resource"] = resource
    if rest.get("condition"):
        made["Condition"] = rest["condition"]
    return made


def allow(action: object, resource: object = None, sid: str | None = None, **rest: object) -> Json:
    return statement("Allow", action, resource, sid, **rest)


def deny(action: object, resource: object = None, sid: str | None = None, **rest: object) -> Json:
    return statement("Deny", action, resource, sid, **rest)


def policy(kind: PolicyKind, name: str, attached_to: object, statements: Iterable[Json]) -> Policy:
    document = parse_document({"Version": "2012-10-17", "Statement": list(statements)})
    return Policy(kind, name, str(attached_to), document)


def objects(bucket: str, prefix: str = "") -> str:
    return f"arn:aws:s3:::{bucket}/{prefix}*"


def whole(bucket: str) -> list[str]:
    return [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


def only_tls(bucket: str) -> Json:
    """The Deny that nearly every bucket policy carries."""
    return deny(
        "s3:*",
        whole(bucket),
        "OnlyTls",
        principal="*",
        condition={"Bool": {"aws:SecureTransport": "false"}},
    )


def read(bucket: str, prefix: str = "") -> list[Json]:
    listing: Json = {"condition": {"StringLike": {"s3:prefix": f"{prefix}*"}}} if prefix else {}
    return [
        allow("s3:GetObject", objects(bucket, prefix)),
        allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", **listing),
    ]


def write(bucket: str, prefix: str = "") -> list[Json]:
    return [allow("s3:PutObject", objects(bucket, prefix))]


def may_assume(*roles: str) -> Json:
    return allow("sts:AssumeRole", list(roles) if len(roles) > 1 else roles[0])


def trusts(*principals: str, condition: Json | None = None, actions: object = "sts:AssumeRole") -> list[Json]:
    """A trust policy's statement for ARNs, account ids, service names, or `*`."""
    services = [each for each in principals if each.endswith(".amazonaws.com")]
    providers = [each for each in principals if "-provider/" in each]
    others = [each for each in principals if each not in services and each not in providers]
    who: dict[str, object] = {}
    for kind, names in (("AWS", others), ("Service", services), ("Federated", providers)):
        if names:
            who[kind] = names if len(names) > 1 else names[0]
    return [allow(actions, principal=who, condition=condition)]


def random_for(name: str) -> random.Random:
    """The same draws for the same name, whatever else the script makes."""
    return random.Random(f"{SEED}:{name}")


def unique_id(prefix: str, name: str) -> str:
    draw = random_for(f"{prefix}{name}")
    return prefix + "".join(draw.choices(string.ascii_uppercase + "234567", k=17))


def hexadecimal(name: str, length: int) -> str:
    return "".join(random_for(name).choices("0123456789abcdef", k=length))


def day(name: str, first: int = 2019, last: int = 2026) -> str:
    draw = random_for(f"day:{name}")
    date = f"{draw.randint(first, last)}-{draw.randint(1, 9):02}-{draw.randint(1, 28):02}"
    return f"{date}T{draw.randint(7, 18):02}:{draw.randint(0, 59):02}:00+00:00"


@dataclass
class Filling:
    """An account on its way to the model."""

    id: AccountId
    name: str
    public_access_block: PublicAccessBlock | None = BLOCK_ALL
    in_organization: bool = True
    users: list[User] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    profiles: list[InstanceProfile] = field(default_factory=list)
    providers: list[IdentityProvider] = field(default_factory=list)
    buckets: list[Bucket] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    endpoints: list[VpcEndpoint] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    functions: list[LambdaFunction] = field(default_factory=list)
    customer_managed: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def canonical_id(self) -> str:
        return hexadecimal(f"canonical:{self.id}", 64)

    @property
    def vpc(self) -> str:
        return f"vpc-{hexadecimal(f'vpc:{self.id}', 17)}"

    @property
    def endpoint(self) -> str:
        """Its gateway endpoint for S3."""
        return f"vpce-{hexadecimal(f'vpce:{self.id}:s3', 17)}"

    def iam(self, kind: str, name: str, path: str = "/") -> str:
        return f"arn:aws:iam::{self.id}:{kind}{path}{name}"

    def attached(self, to: str, what: str | tuple[str, list[Json]], kind: PolicyKind) -> Policy:
        """A managed policy by its name, or an inline one as (name, statements)."""
        if not isinstance(what, str):
            return policy(kind, what[0], to, what[1])
        if what in self.customer_managed:
            return policy(kind, self.iam("policy", what), to, self.customer_managed[what])
        path, document = AWS_MANAGED[what]
        return Policy(
            kind,
            f"arn:aws:iam::aws:policy/{path}",
            to,
            parse_document({"Version": "2012-10-17", **document}),
        )

    def role(
        self,
        name: str,
        trust: list[Json],
        *policies: str | tuple[str, list[Json]],
        path: str = "/",
        boundary: str | None = None,
        tags: dict[str, str] | None = None,
        last_used: bool = True,
    ) -> str:
        text = self.iam("role", name, path)
        identity = [self.attached(text, each, PolicyKind.IDENTITY) for each in policies]
        self.roles.append(
            Role(
                arn(text),
                unique_id("AROA", text),
                policy(PolicyKind.TRUST, "trust policy", text, trust),
                tuple(sorted(identity, key=lambda each: each.name)),
                boundary=self.attached(text, boundary, PolicyKind.BOUNDARY) if boundary else None,
                tags=tags or {},
                last_used=day(f"used:{text}", 2026) if last_used else None,
                max_session_seconds=3600,
            )
        )
        return text

    def group(self, name: str, *policies: str | tuple[str, list[Json]]) -> str:
        text = self.iam("group", name)
        held = tuple(self.attached(text, each, PolicyKind.IDENTITY) for each in policies)
        self.groups.append(Group(arn(text), tuple(sorted(held, key=lambda each: each.name))))
        return text

    def user(
        self,
        name: str,
        *policies: str | tuple[str, list[Json]],
        groups: tuple[str, ...] = (),
        keys: int = 0,
        inactive_keys: int = 0,
        key_years: tuple[int, int] = (2023, 2026),
        path: str = "/",
        boundary: str | None = None,
        password: bool = False,
        mfa: bool = False,
        tags: dict[str, str] | None = None,
    ) -> str:
        text = self.iam("user", name, path)
        own = [self.attached(text, each, PolicyKind.IDENTITY) for each in policies]
        of_groups = [held for group in self.groups if str(group.arn) in groups for held in group.policies]
        access_keys = tuple(
            AccessKey(
                unique_id("AKIA", f"{text}:{number}")[:20],
                active=number < keys,
                created=day(f"key:{text}:{number}", *key_years),
                last_used=day(f"key used:{text}:{number}", 2026) if number < keys else None,
            )
            for number in range(keys + inactive_keys)
        )
        self.users.append(
            User(
                arn(text),
                unique_id("AIDA", text),
                tuple(sorted([*own, *of_groups], key=lambda each: (each.attached_to, each.name))),
                boundary=self.attached(text, boundary, PolicyKind.BOUNDARY) if boundary else None,
                tags=tags or {},
                groups=tuple(sorted(arn(each) for each in groups)),
                access_keys=tuple(sorted(access_keys, key=lambda each: each.id)),
                has_password=password,
                has_mfa=mfa,
            )
        )
        return text

    def provider(self, kind: str, name: str, audiences: tuple[str, ...] = ()) -> str:
        text = self.iam(f"{kind}-provider", name)
        self.providers.append(IdentityProvider(arn(text), name if kind == "oidc" else None, audiences))
        return text

    def instance(self, name: str, role: str, *, public: bool = False) -> str:
        """An EC2 instance with a profile of its own for the role."""
        profile = self.iam("instance-profile", role.rsplit("/", 1)[-1])
        if all(str(each.arn) != profile for each in self.profiles):
            self.profiles.append(InstanceProfile(arn(profile), (arn(role),)))
        identifier = f"i-{hexadecimal(f'instance:{self.id}:{name}', 17)}"
        text = f"arn:aws:ec2:{REGION}:{self.id}:instance/{identifier}"
        self.instances.append(
            Instance(
                arn(text),
                arn(profile),
                vpc=self.vpc,
                public=public,
                state="running",
                name=name,
                tags={"Name": name},
            )
        )
        return text

    def function(self, name: str, role: str) -> None:
        self.functions.append(
            LambdaFunction(arn(f"arn:aws:lambda:{REGION}:{self.id}:function:{name}"), arn(role))
        )

    def key(self, alias: str, statements: list[Json]) -> str:
        name = hexadecimal(f"key:{self.id}:{alias}", 32)
        identifier = "-".join((name[:8], name[8:12], name[12:16], name[16:20], name[20:]))
        text = f"arn:aws:kms:{REGION}:{self.id}:key/{identifier}"
        self.keys.append(
            Key(
                arn(text),
                policy(PolicyKind.KEY, "key policy", text, statements),
                aws_managed=False,
                state="Enabled",
                grants=(),
                aliases=(f"alias/{alias}",),
            )
        )
        return text

    def gateway(self, statements: list[Json] | None = None) -> str:
        """A gateway endpoint for S3; without statements, with the default policy."""
        return self.interface("s3", statements, gateway=True)

    def interface(self, service: str, statements: list[Json] | None = None, *, gateway: bool = False) -> str:
        identifier = self.endpoint if gateway else f"vpce-{hexadecimal(f'vpce:{self.id}:i:{service}', 17)}"
        self.endpoints.append(
            VpcEndpoint(
                identifier,
                self.id,
                service,
                gateway,
                self.vpc,
                policy(PolicyKind.ENDPOINT, "VPC endpoint policy", identifier, statements)
                if statements
                else None,
                region=REGION,
            )
        )
        return identifier

    def bucket(
        self,
        name: str,
        *statements: Json,
        block: PublicAccessBlock | None = BLOCK_ALL,
        ownership: ObjectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
        acl: tuple[tuple[str, str], ...] = (),
        key: str | None = None,
        versioned: bool = False,
        policy_unread: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> None:
        text = f"arn:aws:s3:::{name}"
        held: SomePolicy | None = None
        if policy_unread:
            held = Unread(PolicyKind.RESOURCE, "bucket policy", text, policy_unread)
        elif statements:
            held = policy(PolicyKind.RESOURCE, "bucket policy", text, statements)
        grants = (AclGrant(self.canonical_id, "FULL_CONTROL"), *(AclGrant(*each) for each in acl))
        self.buckets.append(
            Bucket(
                arn(text),
                self.id,
                held,
                region=REGION,
                public_access_block=block,
                ownership=ownership,
                acl=Acl(self.canonical_id, grants),
                kms_key=key,
                encryption="aws:kms" if key else "AES256",
                tags=tags or {},
                abac=False,
                versioned=versioned,
                requester_pays=False,
            )
        )

    def account(self) -> Account:
        def by_arn(items: list) -> tuple:
            return tuple(sorted(items, key=lambda each: str(each.arn)))

        return Account(
            self.id,
            name=self.name,
            canonical_id=self.canonical_id,
            users=by_arn(self.users),
            groups=by_arn(self.groups),
            roles=by_arn(self.roles),
            instance_profiles=by_arn(self.profiles),
            providers=by_arn(self.providers),
            buckets=by_arn(self.buckets),
            keys=by_arn(self.keys),
            endpoints=tuple(sorted(self.endpoints, key=lambda each: each.id)),
            instances=by_arn(self.instances),
            functions=by_arn(self.functions),
            public_access_block=self.public_access_block,
            known=EVERYTHING_KNOWN if self.in_organization else EVERYTHING_KNOWN | {"organization"},
        )
