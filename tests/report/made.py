"""Results built by hand: the three designs, alike principals, refusals, and names meant to do harm."""

from __future__ import annotations

from pathfinder.authorization.decision import Decision, Layer, LayerKind, Match
from pathfinder.authorization.scenario import ScenarioResult
from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.node import Node, NodeKind
from pathfinder.logic.formula import FALSE, TRUE, Formula, one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.organization import Gap
from pathfinder.policy.document import Effect, PolicyKind
from pathfinder.routes.explain import Explanation
from pathfinder.routes.route import Found, Query, Route
from pathfinder.routes.whocan import Grant, WhoCan

APP, LOG = "123456789012", "999999999999"
NAMES = {APP: "app", LOG: "log"}
READ_WRITE = ("s3:GetObject", "s3:PutObject")
OBJECTS = "arn:aws:s3:::my-bucket/*"
HOSTILE = "=cmd()|\x1b[31m<script>\u202e`x`\n日本語"


def only(key: str, value: str) -> Formula:
    return one(key, StringTest((exact(value),)))


ENDPOINT = only("aws:SourceVpce", "vpce-0aaa")


def role(name: str, account: str = APP, external: bool = False) -> Node:
    return Node(f"arn:aws:iam::{account}:role/{name}", NodeKind.ROLE, name, account, external)


def bucket(name: str = "my-bucket", account: str = LOG) -> Node:
    return Node(f"arn:aws:s3:::{name}", NodeKind.BUCKET, name, account)


def evidence(policy: str = "Access") -> Evidence:
    return Evidence("principal", "identity-based policy", policy, "EC2Role", "Statement[0]", "Allow")


def witness(action: str = "s3:GetObject", resource: str = "arn:aws:s3:::my-bucket/a") -> Witness:
    return Witness(f"arn:aws:iam::{APP}:role/EC2Role", action, resource, LOG, {"aws:SourceVpce": "vpce-0aaa"})


def access(source: Node, target: Node, condition: Formula = TRUE, via: str = "identity policy") -> Hop:
    return Hop(
        "access",
        source.id,
        target.id,
        condition,
        READ_WRITE,
        (f"{target.id}/*",),
        evidence=(evidence(),),
        witness=witness(resource=f"{target.id}/a"),
        via=via,
    )


def assume(source: Node, target: Node, condition: Formula = TRUE) -> Hop:
    return Hop(
        "assume-role",
        source.id,
        target.id,
        condition,
        ("sts:AssumeRole",),
        (target.id,),
        evidence=(evidence(),),
    )


def route(
    id_: str, nodes: tuple[Node, ...], hops: tuple[Hop, ...], design: str, gaps: tuple[str, ...] = ()
) -> Route:
    acting = nodes[-2]
    across = nodes[0].account != nodes[-1].account
    return Route(id_, nodes, hops, design, acting, acting.account, nodes[-1].account, across, gaps)


def found(*routes: Route, gaps: tuple[Gap, ...] = ()) -> Found:
    return Found(Query(), routes, gaps, NAMES)


INSTANCE = Node(f"arn:aws:ec2:eu-west-1:{APP}:instance/i-0abc", NodeKind.INSTANCE, "i-0abc", APP)
KEY = Node("key:AKIAEXAMPLE", NodeKind.ACCESS_KEY, "AKIAEXAMPLE", LOG)
USER = Node(f"arn:aws:iam::{LOG}:user/uploader", NodeKind.USER, "uploader", LOG)
EC2_ROLE, S3_ROLE = role("EC2Role"), role("S3AccessRole", LOG)
GAPS = (Gap("accounts/999999999999/s3.json", "the policy of bucket other could not be read", (LOG,)),)

BY_ASSUME_ROLE = route(
    "aaaa",
    (INSTANCE, EC2_ROLE, S3_ROLE, bucket()),
    (
        Hop("instance-profile", INSTANCE.id, EC2_ROLE.id, TRUE),
        assume(EC2_ROLE, S3_ROLE),
        access(S3_ROLE, bucket()),
    ),
    "AssumeRole",
)
BY_BUCKET_POLICY = route(
    "bbbb", (EC2_ROLE, bucket()), (access(EC2_ROLE, bucket(), ENDPOINT, "bucket policy"),), "bucket policy"
)
BY_KEY = route(
    "cccc",
    (KEY, USER, bucket()),
    (Hop("access-key", KEY.id, USER.id, TRUE), access(USER, bucket(), ENDPOINT)),
    "access key",
)
THREE_DESIGNS = found(BY_BUCKET_POLICY, BY_KEY, BY_ASSUME_ROLE, gaps=GAPS)


def crowd(count: int) -> Found:
    """Roles that differ in their names alone, and one user beside them."""
    routes = []
    for number in range(1, count + 1):
        source = role(f"worker-{number:02}")
        routes.append(
            route(
                f"w{number}",
                (source, bucket()),
                (access(source, bucket(), ENDPOINT, "bucket policy"),),
                "bucket policy",
            )
        )
    routes.append(route("u", (USER, bucket()), (access(USER, bucket()),), "identity policy"))
    return found(*routes)


def hostile() -> Found:
    source, target = role(HOSTILE), bucket(HOSTILE)
    hop = access(source, target, only("aws:PrincipalTag/日本", HOSTILE), "bucket policy")
    return Found(
        Query(starts=(HOSTILE,)),
        (route(HOSTILE, (source, target), (hop,), "bucket policy", (HOSTILE,)),),
        (Gap(HOSTILE, HOSTILE),),
        {APP: HOSTILE, LOG: "日本の会社"},
    )


def who_can() -> WhoCan:
    grant = Grant(EC2_ROLE.id, "s3:GetObject", OBJECTS, ENDPOINT, witness(), (evidence(),))
    always = Grant(USER.id, "s3:GetObject", OBJECTS, TRUE, witness(), (evidence("Read"),))
    return WhoCan(("s3:GetObject",), OBJECTS, (grant, always), (BY_ASSUME_ROLE,), GAPS)


def match(effect: Effect, kind: PolicyKind = PolicyKind.IDENTITY, condition: Formula = TRUE) -> Match:
    return Match(kind, "Access", EC2_ROLE.id, "AllowRead", 0, effect, condition)


def decision(*layers: Layer, allowed: Formula = TRUE, denied: Formula = FALSE) -> Decision:
    return Decision(allowed, denied, layers)


def refused() -> Explanation:
    """Across accounts, with the identity side alone, and an RCP that denies under a condition."""
    denying = match(Effect.DENY, PolicyKind.RCP, ENDPOINT)
    return Explanation(
        principal=EC2_ROLE.id,
        action="s3:GetObject",
        resource="arn:aws:s3:::my-bucket/a",
        decision=decision(
            Layer(LayerKind.RULE, False, TRUE),
            Layer(LayerKind.RCP, True, TRUE, ENDPOINT, (denying,), level="r-root"),
            Layer(LayerKind.SCP, False, TRUE, note="no service control policies apply"),
            Layer(LayerKind.PUBLIC_ACCESS, False, TRUE),
            Layer(LayerKind.RESOURCE, False, FALSE),
            Layer(LayerKind.IDENTITY, True, TRUE, matches=(match(Effect.ALLOW),)),
            Layer(LayerKind.BOUNDARY, True, FALSE),
            allowed=FALSE,
            denied=ENDPOINT,
        ),
        verdict="implicit-deny",
        condition=FALSE,
        blocking=(
            "permissions boundary: no statement allows it",
            "the identity side allows; the bucket policy does not",
        ),
        missing=("the identity side allows; the bucket policy does not",),
        witness=None,
        gaps=(),
        warnings=(),
    )


def allowed() -> Explanation:
    """Allowed through an endpoint, with a request to try."""
    return Explanation(
        principal=EC2_ROLE.id,
        action="s3:GetObject",
        resource="arn:aws:s3:::my-bucket/*",
        decision=decision(
            Layer(
                LayerKind.RESOURCE,
                True,
                ENDPOINT,
                matches=(match(Effect.ALLOW, PolicyKind.RESOURCE, ENDPOINT),),
            ),
            Layer(LayerKind.IDENTITY, True, TRUE, matches=(match(Effect.ALLOW),)),
            allowed=ENDPOINT,
        ),
        verdict="depends",
        condition=ENDPOINT,
        blocking=(),
        missing=(),
        witness=witness(),
        gaps=("the policy of endpoint vpce-1 is not known",),
        warnings=("the NotPrincipal list is incomplete",),
        hop="access",
    )


CHECKED = (
    ScenarioResult("reads", "allow", "allow", None),
    ScenarioResult("writes", "implicit-deny", "allow", None, ("a warning",)),
    ScenarioResult("asks", "explicit-deny", None, None),
    ScenarioResult(HOSTILE, None, "allow", "request is missing"),
)
