"""Answers to show, built by hand: the three designs, a large organization, and names meant to do harm."""

from __future__ import annotations

from dataclasses import replace

from pathfinder.graph.hop import Evidence, Hop, Witness
from pathfinder.graph.node import Node, NodeKind
from pathfinder.logic.formula import TRUE, Formula, KeyTest, Unknown, all_of, leaves, one
from pathfinder.logic.patterns import exact
from pathfinder.logic.values import StringTest
from pathfinder.model.organization import Gap
from pathfinder.routes.route import Found, Query, Route

APP, LOG, VENDOR = "123456789012", "999999999999", "444455556666"
NAMES = {APP: "app", LOG: "log"}
READ_WRITE = ("s3:GetObject", "s3:PutObject")


def sentence(condition: Formula) -> str:
    """A stand-in for the wording of conditions."""
    if condition == TRUE:
        return "always"
    words = []
    for leaf in leaves(condition):
        match leaf:
            case KeyTest(key, value=StringTest(patterns)):
                words.append(f"{key} is {' or '.join(map(str, patterns))}")
            case KeyTest(key):
                words.append(f"{key} is set")
            case Unknown(reason):
                words.append(f"not known: {reason}")
    return " and ".join(words)


def only(key: str, value: str) -> Formula:
    """A condition: the key has this value."""
    return one(key, StringTest((exact(value),)))


def role(name: str, account: str, external: bool = False) -> Node:
    return Node(f"arn:aws:iam::{account}:role/{name}", NodeKind.ROLE, name, account, external)


def user(name: str, account: str) -> Node:
    return Node(f"arn:aws:iam::{account}:user/{name}", NodeKind.USER, name, account)


def bucket(name: str, account: str | None) -> Node:
    return Node(f"arn:aws:s3:::{name}", NodeKind.BUCKET, name, account)


def assume(source: Node, target: Node, condition: Formula = TRUE, **extra: str) -> Hop:
    return Hop(
        kind="assume-role",
        source=source.id,
        target=target.id,
        condition=condition,
        actions=("sts:AssumeRole",),
        resources=(target.id,),
        evidence=(
            Evidence("principal", "identity-based policy", "may-assume", source.id, "Assume", "Allow"),
            Evidence("resource", "trust policy", target.id, target.id, "Statement[0]", "Allow"),
        ),
        witness=Witness(
            source.id, "sts:AssumeRole", target.id, target.account, {"aws:SecureTransport": "true"}
        ),
        extra=extra,
    )


def hold(kind: str, source: Node, target: Node) -> Hop:
    fact = Evidence("principal", kind.replace("-", " "), target.id, source.id)
    return Hop(kind=kind, source=source.id, target=target.id, condition=TRUE, evidence=(fact,))


def reach(
    source: Node,
    target: Node,
    condition: Formula = TRUE,
    actions: tuple[str, ...] = READ_WRITE,
    via: str = "identity policy",
    gaps: tuple[str, ...] = (),
    sid: str = "ReadWrite",
    **extra: str,
) -> Hop:
    return Hop(
        kind="access",
        source=source.id,
        target=target.id,
        condition=condition,
        actions=actions,
        resources=(f"{target.id}/*",),
        except_=(f"{target.id}/private/*",),
        evidence=(
            Evidence("principal", "identity-based policy", "s3-access", source.id, sid, "Allow"),
            Evidence("resource", "bucket policy", target.id, target.id, "Statement[2]", "Allow"),
            Evidence("organization", "SCP", "FullAWSAccess", "r-root", "Statement[0]", "Allow"),
        ),
        witness=Witness(
            source.id,
            actions[0],
            f"{target.id}/x",
            target.account,
            {"aws:SourceVpce": "vpce-0aaa", "aws:TagKeys": ("a", "b")},
        ),
        gaps=gaps,
        via=via,
        extra=extra,
    )


def route(number: int, design: str, nodes: tuple[Node, ...], *hops: Hop) -> Route:
    acting = nodes[-2]
    return Route(
        id=f"r{number:04d}",
        nodes=nodes,
        hops=hops,
        design=design,
        acting=acting,
        scp_account=acting.account,
        rcp_account=nodes[-1].account,
        cross_account=nodes[0].account != nodes[-1].account,
    )


def three_designs() -> Found:
    """An instance and its role reach a log bucket by bucket policy, by AssumeRole, and by access key; and more."""
    instance = Node(f"arn:aws:ec2:us-east-1:{APP}:instance/i-0abc", NodeKind.INSTANCE, "i-0abc", APP)
    ec2_role, s3_role = role("EC2Role", APP), role("S3AccessRole", LOG)
    key = Node("key:AKIAIOSFODNN7EXAMPLE", NodeKind.ACCESS_KEY, "AKIAIOSFODNN7EXAMPLE", LOG)
    writer, admin = user("log-writer", LOG), user("山田-管理者", APP)
    vendor = role("vendor-backup", VENDOR, external=True)
    internet = Node("anonymous", NodeKind.ANONYMOUS, "anonymous")
    service = Node("ec2.amazonaws.com", NodeKind.SERVICE, "ec2.amazonaws.com")
    oidc = Node(
        f"arn:aws:iam::{APP}:oidc-provider/github",
        NodeKind.OIDC_PROVIDER,
        "token.actions.githubusercontent.com",
        APP,
    )
    root = Node(f"arn:aws:iam::{LOG}:root", NodeKind.ROOT, "root of log", LOG)
    deploy = role("deploy", APP)
    logs, site = bucket("my-bucket", LOG), bucket("public-site", APP)
    vpce = only("aws:SourceVpce", "vpce-0aaa")
    unsure = all_of(
        only("aws:PrincipalOrgID", "o-example"),
        Unknown("the trust policy of vendor-backup is not in the snapshot"),
    )

    profile, holds = hold("instance-profile", instance, ec2_role), hold("access-key", instance, key)
    owns = hold("access-key", key, writer)
    by_policy = reach(ec2_role, logs, vpce, via="bucket policy")
    chain, end = assume(ec2_role, s3_role), reach(s3_role, logs)
    write = reach(writer, logs, actions=("s3:PutObject",))
    passes = assume(
        admin, ec2_role, only("aws:MultiFactorAuthPresent", "true"), escalation="PassRole and RunInstances"
    )
    trust, gh = hold("service", service, ec2_role), assume(oidc, deploy, only("token:sub", "repo:acme/app"))
    publish, public = reach(deploy, site), reach(internet, site, actions=("s3:GetObject",), via="public")
    many = tuple(
        f"s3:Get{word}"
        for word in (
            "Object",
            "ObjectAcl",
            "ObjectTagging",
            "ObjectVersion",
            "BucketAcl",
            "BucketCORS",
            "BucketTagging",
            "BucketVersioning",
            "BucketWebsite",
            "ObjectRetention",
            "ObjectLegalHold",
            "BucketLogging",
        )
    )
    routes = (
        route(1, "bucket policy", (ec2_role, logs), by_policy),
        route(2, "identity policy", (s3_role, logs), end),
        route(3, "identity policy", (writer, logs), write),
        route(4, "public", (internet, site), public),
        route(
            5,
            "root user",
            (root, logs),
            reach(root, logs, actions=("s3:DeleteObject", "s3:PutBucketPolicy"), via="root user"),
        ),
        route(6, "bucket policy", (vendor, logs), reach(vendor, logs, unsure, many, "bucket policy")),
        route(7, "AssumeRole", (ec2_role, s3_role, logs), chain, end),
        route(8, "instance role", (instance, ec2_role, logs), profile, by_policy),
        route(9, "access key", (key, writer, logs), owns, write),
        route(10, "federated", (oidc, deploy, site), gh, publish),
        route(11, "bucket policy", (admin, ec2_role, logs), passes, by_policy),
        route(12, "service", (service, ec2_role, logs), trust, by_policy),
        route(13, "AssumeRole", (instance, ec2_role, s3_role, logs), profile, chain, end),
        route(14, "access key", (instance, key, writer, logs), holds, owns, write),
        route(15, "AssumeRole", (admin, ec2_role, s3_role, logs), passes, chain, end),
        route(16, "service", (service, ec2_role, s3_role, logs), trust, chain, end),
    )
    gaps = (
        Gap("accounts/123456789012/ec2.json", "VPC endpoints could not be read: AccessDenied", (APP,)),
        Gap(f"arn:aws:iam::{VENDOR}:role/vendor-backup", "the account is not in the snapshot"),
    )
    return Found(Query(targets=("my-bucket", "public-site")), routes, gaps, NAMES)


KEY_CLOSED = "bytes unreadable: key records: the key policy does not allow kms:Decrypt"


def blocked_by_a_key(*, open_too: bool = True) -> Found:
    """A reader that the bucket and the key let in, and one whom the key alone stops."""
    reader, other = role("reader", LOG), user("other", APP)
    records = bucket("records", LOG)
    stopped = replace(
        reach(other, records, actions=("s3:GetObject",), via="bucket policy"), blocked=KEY_CLOSED, also=()
    )
    return Found(
        Query(targets=("records",)),
        (route(1, "identity policy", (reader, records), reach(reader, records)),) if open_too else (),
        (),
        NAMES,
        blocked=(route(2, "bucket policy", (other, records), stopped),),
    )


def organization(nodes: int, alike: bool = False) -> Found:
    """Many nodes over 12 accounts: instances with roles, chains into log accounts, buckets.

    `alike`: starts share their next hop and condition, so that folding joins them.
    """
    accounts = [f"{number:012d}" for number in range(100000000001, 100000000013)]
    names = {account: f"team-{number}" for number, account in enumerate(accounts)}
    buckets = [bucket(f"data-{number}", accounts[number % 12]) for number in range(max(4, nodes // 25))]
    hubs = [role(f"hub-{number}", accounts[(number * 5) % 12]) for number in range(max(3, nodes // 40))]
    routes: list[Route] = []
    ends: dict[tuple[int, int], Hop] = {}
    for number, hub in enumerate(hubs):
        for offset in range(2):
            place = (number * 2 + offset) % len(buckets)
            ends[number, place] = reach(hub, buckets[place])
            routes.append(route(len(routes), "identity policy", (hub, buckets[place]), ends[number, place]))
    left = nodes - len(buckets) - len(hubs)
    for number in range(left // 2 if not alike else left):
        account = accounts[number % 12]
        place = number % len(hubs) if not alike else accounts.index(account) % len(hubs)
        one_role = role(f"app-{number}", account)
        condition = only("aws:SourceVpce", f"vpce-{number % 12}") if number % 3 == 0 or alike else TRUE
        onward = assume(one_role, hubs[place], condition)
        chains = [(buckets[end], hop) for (hub, end), hop in ends.items() if hub == place]
        for target, hop in chains:
            routes.append(route(len(routes), "AssumeRole", (one_role, hubs[place], target), onward, hop))
        if not alike:
            instance = Node(
                f"arn:aws:ec2:us-east-1:{account}:instance/i-{number:08x}",
                NodeKind.INSTANCE,
                f"i-{number:08x}",
                account,
            )
            profile = hold("instance-profile", instance, one_role)
            for target, hop in chains:
                nodes_of = (instance, one_role, hubs[place], target)
                routes.append(route(len(routes), "AssumeRole", nodes_of, profile, onward, hop))
    routes.sort(key=lambda each: len(each.hops))
    return Found(Query(), tuple(routes), (), names)


HOSTILE = (
    "</script><script>window.hurt=1</script>",
    "<img src=x onerror=window.hurt=1>",
    "\"'><svg onload=window.hurt=1>",
    "line\u2028end\u2029<!--",
    "turned\u202egpj.exe\u2066",
    "bell\x07nul\x00back\x1b[31m",
    "{{ 7*7 }}{% raw %}",
    "javascript:window.hurt=1",
    "&lt;b&gt;",
    "lone\ud800surrogate",
)


def hostile() -> Found:
    """Every text that comes from outside is one of HOSTILE."""
    routes = []
    blocked = []
    for text in HOSTILE:
        start = Node(f"arn:aws:iam::{APP}:role/{text}", NodeKind.ROLE, text, APP)
        end = bucket(text, LOG)
        condition = all_of(only(text, text), Unknown(text))
        hop = Hop(
            kind=text,
            source=start.id,
            target=end.id,
            condition=condition,
            actions=(text,),
            resources=(text,),
            except_=(text,),
            evidence=(Evidence(text, text, text, text, text, text),),
            witness=Witness(text, text, text, text, {text: (text, text)}),
            gaps=(text,),
            via=text,
            extra={"escalation": text, text: text},
        )
        stopped = replace(hop, blocked=text)
        blocked.append(Route(f"b{text}", (start, end), (stopped,), text, start, APP, LOG, True, (text,)))
        routes.append(Route(text, (start, end), (hop,), text, start, APP, LOG, True, (text,)))
    gaps = tuple(Gap(text, text, (text,)) for text in HOSTILE)
    query = Query(HOSTILE, HOSTILE, HOSTILE)
    return Found(query, tuple(routes), gaps, {APP: HOSTILE[0], LOG: HOSTILE[1]}, blocked=tuple(blocked))
