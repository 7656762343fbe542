"""Small worlds in which one request is decided by one rule, with the answer worked out by hand.

In each, somebody asks for the object `data/other` of the bucket `data` in account A. Only the role `reader`
of that account may read it, and in most worlds only in sessions that carry something.
"""

from dataclasses import dataclass
from typing import Any

from .world_by_hand import INSTANCE, PROVIDER, A, B, Json, allow, arn, aws, deny, document, holder, world
from .world_values import World


@dataclass(frozen=True)
class Case:
    """Whether `start` reads the object."""

    id: str
    world: World
    start: str
    reads: bool


READ = allow("s3:GetObject")
READ_IF_BLUE = allow("s3:GetObject", StringEquals={"aws:PrincipalTag/team": "blue"})
READ_IF_ANN = allow("s3:GetObject", StringEquals={"aws:SourceIdentity": "ann"})
BOTH = ["sts:AssumeRole", "sts:TagSession"]
NAMED = ["sts:AssumeRole", "sts:SetSourceIdentity"]
BLUE = {"aws:RequestTag/team": "blue"}


def reader(*trust: Json, **tags: str) -> Json:
    """Reads in sessions tagged blue."""
    return holder(READ_IF_BLUE, trust=list(trust), boundary=False, **tags)


def named_reader(*trust: Json) -> Json:
    """Reads in sessions with the source identity ann."""
    return holder(READ_IF_ANN, trust=list(trust))


def _chain(last: Json, of_hop: list[Json], into_hop: Any) -> World:
    """ann starts a session of `hop`, and that one of `reader`."""
    return world(last, holder(), holder(*of_hop, trust=[allow(into_hop, aws("ann"))]))


ANN, HOP, READER = arn("ann"), arn("hop"), arn("reader")
TRUST_HOP, CARRY = allow("sts:AssumeRole", aws("hop")), allow(BOTH, aws("hop"))

TAGGED = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
TAGS = [
    Case(
        "passing tags needs TagSession",
        world(reader(allow("sts:AssumeRole", aws("ann"))), holder()),
        ANN,
        False,
    ),
    Case(
        "same account, the user is named: trust is enough",
        world(reader(allow(BOTH, aws("ann"))), holder()),
        ANN,
        True,
    ),
    Case(
        "the role's own tag needs no TagSession",
        world(reader(allow("sts:AssumeRole", aws("ann")), team="blue"), holder()),
        ANN,
        True,
    ),
    Case(
        "a tag passed overrides the role's",
        world(reader(allow(BOTH, aws("ann")), team="red"), holder()),
        ANN,
        True,
    ),
    Case(
        "TagSession in a statement of its own, with a condition that holds",
        world(
            reader(
                allow("sts:AssumeRole", aws("ann")), allow("sts:TagSession", aws("ann"), StringEquals=BLUE)
            ),
            holder(),
        ),
        ANN,
        True,
    ),
    Case(
        "… and one that does not",
        world(
            reader(
                allow("sts:AssumeRole", aws("ann")), allow("sts:TagSession", aws("ann"), StringNotEquals=BLUE)
            ),
            holder(),
        ),
        ANN,
        False,
    ),
    Case(
        "trust in the account needs an identity Allow for TagSession too",
        world(reader(allow(BOTH, {"AWS": A})), holder(allow("sts:AssumeRole"))),
        ANN,
        False,
    ),
    Case("… here it has one", world(reader(allow(BOTH, {"AWS": A})), holder(allow(BOTH))), ANN, True),
    Case(
        "across accounts the caller's identity policy must allow TagSession",
        world(reader(allow(BOTH, aws("ann", B))), holder(allow("sts:AssumeRole")), home=B),
        arn("ann", B),
        False,
    ),
    Case(
        "… here it does",
        world(reader(allow(BOTH, aws("ann", B))), holder(allow(BOTH)), home=B),
        arn("ann", B),
        True,
    ),
    Case(
        "a Deny of TagSession",
        world(reader(allow(BOTH, aws("ann"))), holder(deny("sts:TagSession"))),
        ANN,
        False,
    ),
    Case(
        "a role's boundary must allow TagSession",
        world(reader(CARRY), hop=holder(trust=[], boundary=True), limit=allow("sts:AssumeRole")),
        HOP,
        False,
    ),
    Case(
        "… here it does",
        world(reader(CARRY), hop=holder(trust=[], boundary=True), limit=allow(BOTH)),
        HOP,
        True,
    ),
    Case(
        "an RCP guards TagSession",
        world(reader(allow(BOTH, aws("ann"))), holder(), rcp=deny("sts:TagSession", "*")),
        ANN,
        False,
    ),
    Case(
        "an SCP does",
        world(reader(allow(BOTH, aws("ann"))), holder(), scp=deny("sts:TagSession")),
        ANN,
        False,
    ),
    Case(
        "a Deny of AssumeRole unless tags are passed",
        world(
            holder(
                READ,
                trust=[allow(BOTH, aws("ann")), deny("sts:AssumeRole", "*", Null={"aws:TagKeys": "true"})],
            ),
            holder(),
        ),
        ANN,
        True,
    ),
    Case(
        "a role may tag itself where it trusts itself (STS-7)",
        world(reader(allow(BOTH, aws("reader")))),
        READER,
        True,
    ),
    Case("… and not otherwise", world(reader()), READER, False),
    Case(
        "the start at a role counts sessions that others start",
        world(reader(allow(BOTH, aws("ann"))), holder()),
        READER,
        True,
    ),
]

TRANSITIVE = [
    Case(
        "a transitive tag is inherited (STS-31)",
        _chain(
            holder(READ_IF_BLUE, trust=[CARRY]),
            [deny("sts:TagSession", Null={"aws:RequestTag/team": "false"})],
            BOTH,
        ),
        ANN,
        True,
    ),
    Case("inheriting needs TagSession in the trust policy", _chain(reader(TRUST_HOP), [], BOTH), ANN, False),
    Case(
        "the start at a role counts sessions with transitive tags",
        _chain(
            reader(CARRY, deny("sts:AssumeRole", "*", Null={"aws:RequestTag/team": "false"})),
            [],
            BOTH,
        ),
        HOP,
        True,
    ),
    Case(
        "a tag that is not transitive is lost (STS-34)",
        world(
            reader(CARRY, deny("sts:AssumeRole", "*", Null={"aws:RequestTag/team": "false"})),
            holder(),
            holder(trust=[allow(BOTH, aws("ann"), Null={"sts:TransitiveTagKeys": "true"})]),
        ),
        ANN,
        False,
    ),
    Case(
        "a transitive tag cannot be passed again",
        world(
            holder(
                READ, trust=[allow(BOTH, aws("hop"), StringEquals=BLUE | {"aws:PrincipalTag/team": "blue"})]
            ),
            holder(),
            holder(trust=[allow(BOTH, aws("ann"), StringEquals={"sts:TransitiveTagKeys": "team"})]),
        ),
        ANN,
        False,
    ),
    Case(
        "… but one that is not transitive can",
        world(
            holder(
                READ, trust=[allow(BOTH, aws("hop"), StringEquals=BLUE | {"aws:PrincipalTag/team": "blue"})]
            ),
            holder(),
            holder(trust=[allow(BOTH, aws("ann"))]),
        ),
        ANN,
        True,
    ),
    Case(
        "an inherited tag stands for the target's tag (STS-32)",
        _chain(
            holder(
                READ,
                trust=[allow(BOTH, aws("hop"), StringEquals={"aws:ResourceTag/team": "blue"})],
                team="red",
            ),
            [],
            BOTH,
        ),
        ANN,
        True,
    ),
    Case(
        "… and the target's own tag counts otherwise",
        world(
            holder(
                READ,
                trust=[allow("sts:AssumeRole", aws("ann"), StringEquals={"aws:ResourceTag/team": "blue"})],
                team="red",
            ),
            holder(team="blue"),
        ),
        ANN,
        False,
    ),
    Case(
        "the trust policy sees the caller's tags (STS-35)",
        world(
            holder(
                READ,
                trust=[allow("sts:AssumeRole", aws("ann"), StringEquals={"aws:PrincipalTag/team": "blue"})],
                team="blue",
            ),
            holder(),
        ),
        ANN,
        False,
    ),
]

SOURCE_IDENTITY = [
    Case(
        "setting one needs SetSourceIdentity",
        world(named_reader(allow("sts:AssumeRole", aws("ann"))), holder()),
        ANN,
        False,
    ),
    Case(
        "same account, the user is named: trust is enough",
        world(named_reader(allow(NAMED, aws("ann"))), holder()),
        ANN,
        True,
    ),
    Case(
        "across accounts the identity policy must allow it",
        world(named_reader(allow(NAMED, aws("ann", B))), holder(allow("sts:AssumeRole")), home=B),
        arn("ann", B),
        False,
    ),
    Case(
        "… here it does",
        world(named_reader(allow(NAMED, aws("ann", B))), holder(allow(NAMED)), home=B),
        arn("ann", B),
        True,
    ),
    Case(
        "it persists along the chain (STS-33)",
        _chain(
            named_reader(allow(NAMED, aws("hop"), Null={"aws:SourceIdentity": "false"})),
            [allow("sts:SetSourceIdentity")],
            NAMED,
        ),
        ANN,
        True,
    ),
    Case(
        "inheriting needs it in the caller's identity policy",
        _chain(named_reader(allow(NAMED, aws("hop"), Null={"aws:SourceIdentity": "false"})), [], NAMED),
        ANN,
        False,
    ),
    Case(
        "inheriting needs it in the trust policy",
        _chain(
            holder(READ, trust=[allow("sts:AssumeRole", aws("hop"), Null={"aws:SourceIdentity": "false"})]),
            [allow("sts:SetSourceIdentity")],
            NAMED,
        ),
        ANN,
        False,
    ),
    Case(
        "sts:SourceIdentity is there when it is inherited",
        _chain(
            holder(
                READ,
                trust=[
                    allow(
                        NAMED,
                        aws("hop"),
                        StringEquals={"sts:SourceIdentity": "ann", "aws:SourceIdentity": "ann"},
                    )
                ],
            ),
            [allow("sts:SetSourceIdentity")],
            NAMED,
        ),
        ANN,
        True,
    ),
    Case(
        "aws:SourceIdentity is not there yet when it is set",
        world(
            holder(
                READ,
                trust=[
                    allow(
                        NAMED,
                        aws("ann"),
                        StringEquals={"sts:SourceIdentity": "ann", "aws:SourceIdentity": "ann"},
                    )
                ],
            ),
            holder(),
        ),
        ANN,
        False,
    ),
    Case(
        "once set, it is fixed",
        world(
            named_reader(allow(NAMED, aws("hop"))),
            holder(),
            holder(
                allow("sts:SetSourceIdentity"),
                trust=[allow(NAMED, aws("ann"), StringEquals={"sts:SourceIdentity": "bob"})],
            ),
        ),
        ANN,
        False,
    ),
]

MFA = {"aws:MultiFactorAuthPresent": "true"}
ORIGINS = [
    Case(
        "MFA in trust: a user",
        world(holder(READ, trust=[allow("sts:AssumeRole", aws("ann"), Bool=MFA)]), holder()),
        ANN,
        True,
    ),
    Case(
        "MFA in trust: not a session (STS-13)",
        world(holder(READ, trust=[allow("sts:AssumeRole", aws("hop"), Bool=MFA)]), hop=holder(trust=[])),
        HOP,
        False,
    ),
    Case(
        "MFA is not carried (D-21)",
        world(holder(allow("s3:GetObject", Bool=MFA), trust=[allow("sts:AssumeRole", aws("ann"))]), holder()),
        ANN,
        False,
    ),
    Case(
        "a provider, with its claims",
        world(
            holder(
                READ,
                trust=[
                    allow(
                        "sts:AssumeRoleWithWebIdentity",
                        {"Federated": PROVIDER},
                        StringEquals={"idp.example.com:aud": "x", "idp.example.com:sub": "ann"},
                    )
                ],
            )
        ),
        PROVIDER,
        True,
    ),
    Case(
        "a provider, claims that contradict",
        world(
            holder(
                READ,
                trust=[
                    allow(
                        "sts:AssumeRoleWithWebIdentity",
                        {"Federated": PROVIDER},
                        StringEquals={"idp.example.com:sub": "ann"},
                        StringNotEquals={"idp.example.com:sub": "ann"},
                    )
                ],
            )
        ),
        PROVIDER,
        False,
    ),
    Case(
        "sts:AssumeRole is not for providers",
        world(holder(READ, trust=[allow("sts:AssumeRole", {"Federated": PROVIDER})])),
        PROVIDER,
        False,
    ),
    Case(
        "a provider of another account (STS-20)",
        world(
            holder(
                READ, trust=[allow("sts:AssumeRoleWithWebIdentity", {"Federated": PROVIDER.replace(A, B)})]
            )
        ),
        PROVIDER,
        False,
    ),
    Case(
        "its session tells the provider",
        world(
            holder(
                allow("s3:GetObject", StringEquals={"aws:FederatedProvider": PROVIDER}),
                trust=[allow("sts:AssumeRoleWithWebIdentity", {"Federated": PROVIDER})],
            )
        ),
        PROVIDER,
        True,
    ),
    Case(
        "… and the next one does not (STS-34)",
        world(
            holder(
                allow("s3:GetObject", StringEquals={"aws:FederatedProvider": PROVIDER}), trust=[TRUST_HOP]
            ),
            hop=holder(trust=[allow("sts:AssumeRoleWithWebIdentity", {"Federated": PROVIDER})]),
        ),
        PROVIDER,
        False,
    ),
    Case(
        "an instance (STS-40)",
        world(holder(READ, trust=[allow("sts:AssumeRole", {"Service": "ec2.amazonaws.com"})])),
        INSTANCE,
        True,
    ),
    Case(
        "an instance whose role does not trust EC2",
        world(holder(READ, trust=[allow("sts:AssumeRole", {"Service": "lambda.amazonaws.com"})], ec2="1")),
        INSTANCE,
        False,
    ),
    Case(
        "its session tells the instance",
        world(
            holder(
                allow("s3:GetObject", ArnEquals={"ec2:SourceInstanceArn": INSTANCE}),
                trust=[allow("sts:AssumeRole", {"Service": "ec2.amazonaws.com"})],
            )
        ),
        INSTANCE,
        True,
    ),
    Case(
        "Lambda's sessions do not",
        world(
            holder(
                allow("s3:GetObject", ArnEquals={"ec2:SourceInstanceArn": INSTANCE}),
                trust=[allow("sts:AssumeRole", {"Service": "lambda.amazonaws.com"})],
            )
        ),
        "lambda.amazonaws.com",
        False,
    ),
    Case(
        "a service (STS-41)",
        world(holder(READ, trust=[allow("sts:AssumeRole", {"Service": "lambda.amazonaws.com"})])),
        "lambda.amazonaws.com",
        True,
    ),
    Case(
        "a session is named after the instance",
        world(
            holder(trust=[allow("sts:AssumeRole", {"Service": "ec2.amazonaws.com"})]),
            bucket=document(
                {"Resource": "*"}
                | allow("s3:GetObject", {"AWS": f"arn:aws:sts::{A}:assumed-role/reader/i-0one"})
            ),
        ),
        INSTANCE,
        True,
    ),
    Case(
        "… and not as it likes",
        world(
            holder(trust=[allow("sts:AssumeRole", {"Service": "ec2.amazonaws.com"})]),
            bucket=document(
                {"Resource": "*"} | allow("s3:GetObject", {"AWS": f"arn:aws:sts::{A}:assumed-role/reader/j1"})
            ),
        ),
        INSTANCE,
        False,
    ),
    Case(
        "who assumes a role names its session (STS-9)",
        world(
            holder(trust=[allow("sts:AssumeRole", aws("ann"))]),
            holder(),
            bucket=document(
                {"Resource": "*"} | allow("s3:GetObject", {"AWS": f"arn:aws:sts::{A}:assumed-role/reader/j1"})
            ),
        ),
        ANN,
        True,
    ),
]

EC2, WEB = {"Service": "ec2.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity"
SET = {"sts:SourceIdentity": "false"}
LIMITS = [
    Case(
        "a provider sets no source identity without SetSourceIdentity",
        world(holder(READ, trust=[allow(WEB, {"Federated": PROVIDER}, Null=SET)])),
        PROVIDER,
        False,
    ),
    Case(
        "… and with it one",
        world(holder(READ, trust=[allow([WEB, NAMED[1]], {"Federated": PROVIDER}, Null=SET)])),
        PROVIDER,
        True,
    ),
    Case(
        "an instance's call has no external id",
        world(holder(READ, trust=[allow("sts:AssumeRole", EC2, StringEquals={"sts:ExternalId": "z9"})])),
        INSTANCE,
        False,
    ),
    Case(
        "nor has a service's",
        world(holder(READ, trust=[allow("sts:AssumeRole", EC2, StringEquals={"sts:ExternalId": "z9"})])),
        "ec2.amazonaws.com",
        False,
    ),
    Case(
        "an instance's call has its id as name",
        world(holder(READ, trust=[allow("sts:AssumeRole", EC2, StringLike={"sts:RoleSessionName": "j*"})])),
        INSTANCE,
        False,
    ),
    Case(
        "an instance's call passes no tags",
        world(holder(READ, trust=[allow(BOTH, EC2, Null={"aws:TagKeys": "false"})])),
        INSTANCE,
        False,
    ),
    Case(
        "a tag that must be transitive is inherited, and that needs TagSession",
        world(
            holder(READ, trust=[allow("sts:AssumeRole", aws("hop"), **TAGGED)]),
            holder(),
            holder(trust=[allow(BOTH, aws("ann"), Null={"sts:TransitiveTagKeys": "false"})]),
        ),
        ANN,
        False,
    ),
    Case(
        "… also where the role tags itself",
        world(
            holder(READ, trust=[allow("sts:AssumeRole", aws("hop"), **TAGGED)]),
            hop=holder(trust=[allow(BOTH, aws("hop"), Null={"sts:TransitiveTagKeys": "false"})]),
        ),
        HOP,
        False,
    ),
    Case(
        "… also where only a Deny asks for it",
        world(
            holder(READ, trust=[allow("sts:AssumeRole", aws("hop"), **TAGGED)]),
            hop=holder(
                trust=[
                    allow(BOTH, aws("hop")),
                    deny("sts:Assume*", "*", **{"ForAllValues:StringEquals": {"sts:TransitiveTagKeys": "x"}}),
                ]
            ),
        ),
        HOP,
        False,
    ),
]

CASES = LIMITS + TAGS + TRANSITIVE + SOURCE_IDENTITY + ORIGINS
