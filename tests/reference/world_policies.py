"""Random policies for small worlds: few values, so that allows, denies and conditions often meet."""

from dataclasses import dataclass
from typing import Any

S3_ACTIONS = [
    "s3:*",
    "s3:GetObject",
    "s3:Get*",
    "s3:PutObject",
    "s3:ListBucket",
    ["s3:GetObject", "s3:ListBucket"],
]
ASSUME = ["sts:AssumeRole", "sts:Assume*", ["sts:AssumeRole"]]
CIDRS = ["203.0.113.0/24", "203.0.113.128/25", "198.51.100.7"]
SESSION_NAMES = ["j1", "j2"]


@dataclass(frozen=True)
class Scene:
    """What policies can talk about."""

    accounts: list[str]
    users: list[str]
    roles: list[str]
    buckets: list[str]
    endpoints: list[str]


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def identity_policy(choose: Any, scene: Scene) -> dict[str, Any]:
    statements = []
    for _ in range(choose.count(1, 3)):
        if choose.chance(40):
            statements.append(
                {"Effect": "Allow", "Action": choose.pick(ASSUME), "Resource": pick_roles(choose, scene)}
            )
        else:
            statements.append(_s3_statement(choose, scene, deny=15))
    return _document(statements)


def boundary(choose: Any, scene: Scene) -> dict[str, Any]:
    statements = [_s3_statement(choose, scene, deny=15)]
    if choose.chance(60):
        statements.append({"Effect": "Allow", "Action": ["sts:AssumeRole", "s3:*"], "Resource": "*"})
    return _document(statements)


def bucket_policy(choose: Any, scene: Scene, account: str) -> dict[str, Any]:
    statements = []
    for _ in range(choose.count(1, 3)):
        statement = _s3_statement(choose, scene, deny=30, percent=60)
        element = "Principal"
        principal = pick_principals(choose, scene, account)
        if statement["Effect"] == "Deny":
            principal = "*" if choose.chance(60) else principal
            element = "NotPrincipal" if principal != "*" and choose.chance(40) else "Principal"
        statements.append({element: principal} | statement)
    return _document(statements)


def endpoint_policy(choose: Any, scene: Scene) -> dict[str, Any]:
    statements = [
        {"Principal": "*"} | _s3_statement(choose, scene, deny=25) for _ in range(choose.count(1, 2))
    ]
    return _document(statements)


def trust_policy(choose: Any, scene: Scene, account: str) -> dict[str, Any]:
    statements = []
    for _ in range(choose.count(1, 2)):
        effect = "Deny" if choose.chance(12) else "Allow"
        statement: dict[str, Any] = {"Effect": effect, "Principal": pick_principals(choose, scene, account)}
        statement["Action"] = choose.pick(ASSUME)
        if choose.chance(50):
            statement["Condition"] = _conditions(choose, scene, effect, trust=True)
        statements.append(statement)
    return _document(statements)


def scp(choose: Any, scene: Scene) -> dict[str, Any]:
    if choose.chance(30):
        return _document([_s3_statement(choose, scene, deny=0), _everything("Allow", "sts:*")])
    if choose.chance(30):
        return _document([_everything("Deny", "sts:AssumeRole") | {"Resource": pick_roles(choose, scene)}])
    return _document([_s3_statement(choose, scene, deny=100, percent=70)])


def rcp(choose: Any, scene: Scene) -> dict[str, Any]:
    statement = _s3_statement(choose, scene, deny=100, percent=90)
    statement.pop("NotAction", None)
    statement["Action"] = choose.pick([["s3:*"], ["s3:GetObject", "sts:AssumeRole"], ["s3:Put*"]])
    if "sts:AssumeRole" in statement["Action"]:
        statement["Resource"] = "*"
        statement.pop("NotResource", None)
        statement["Condition"] = _conditions(choose, scene, "Deny", trust=True)
    return _document([{"Principal": "*"} | statement])


def _everything(effect: str, action: str) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*"}


def _s3_statement(choose: Any, scene: Scene, deny: int, percent: int = 40) -> dict[str, Any]:
    effect = "Deny" if choose.chance(deny) else "Allow"
    statement: dict[str, Any] = {"Effect": effect, "Action": choose.pick(S3_ACTIONS)}
    if effect == "Deny" and choose.chance(15):
        statement = {"Effect": effect, "NotAction": ["sts:*", choose.pick(S3_ACTIONS[1:5])]}
    patterns = [choose.pick(_bucket_patterns(choose.pick(scene.buckets))) for _ in range(choose.count(1, 2))]
    element = "NotResource" if effect == "Deny" and choose.chance(20) else "Resource"
    statement[element] = patterns[0] if len(patterns) == 1 else patterns
    if choose.chance(percent):
        statement["Condition"] = _conditions(choose, scene, effect, trust=False)
    return statement


def _bucket_patterns(bucket: str) -> list[str]:
    arn = f"arn:aws:s3:::{bucket}"
    keys = [
        "*",
        "logs/*",
        "*.txt",
        "logs/?",
        "${aws:username}/*",
        "${aws:PrincipalTag/team, 'none'}/*",
        "a/*/z",
    ]
    return [
        "*",
        "*",
        arn,
        f"{arn}*",
        "arn:aws:s3:::*",
        f"{arn}/*",
        f"{arn}/*",
        *[f"{arn}/{key}" for key in keys],
    ]


def pick_roles(choose: Any, scene: Scene) -> str:
    account = choose.pick(scene.accounts)
    return str(choose.pick(["*", *scene.roles, *scene.roles, f"arn:aws:iam::{account}:role/*"]))


def pick_principals(choose: Any, scene: Scene, account: str) -> Any:
    role = choose.pick(scene.roles)
    session = f"arn:aws:sts::{role.split(':')[4]}:assumed-role/{role.rsplit('/', 1)[-1]}/{choose.pick(SESSION_NAMES)}"
    other = choose.pick(scene.accounts)
    one = [account, other, f"arn:aws:iam::{other}:root", role, role, choose.pick(scene.users), session]
    if choose.chance(20):
        return "*" if choose.chance(70) else {"AWS": "*"}
    if choose.chance(20):
        return {"AWS": [choose.pick(one), choose.pick(one)]}
    return {"AWS": choose.pick(one)}


def _conditions(choose: Any, scene: Scene, effect: str, trust: bool) -> dict[str, dict[str, Any]]:
    block: dict[str, dict[str, Any]] = {}
    for _ in range(choose.count(1, 2)):
        operator, key, value = choose.pick(_tests(choose, scene, effect, trust))
        block.setdefault(operator, {})[key] = value
    return block


def _tests(choose: Any, scene: Scene, effect: str, trust: bool) -> list[tuple[str, str, Any]]:
    """One test of each kind, with values picked anew."""
    cidr, account = choose.pick(CIDRS), choose.pick(scene.accounts)
    principal = choose.pick(
        [*scene.roles, *scene.users, f"arn:aws:iam::{account}:role/*", "arn:aws:iam::*:role/app"]
    )
    if_exists = "IfExists" if choose.chance(30) else ""
    tests: list[tuple[str, str, Any]] = [
        ("IpAddress" + if_exists, "aws:SourceIp", cidr),
        ("NotIpAddress", "aws:SourceIp", [cidr, choose.pick(CIDRS)]),
        (choose.pick(["StringEquals", "StringNotEquals"]) + if_exists, "aws:PrincipalOrgID", "o-one"),
        (
            choose.pick(["ArnLike", "ArnNotLike", "StringLike", "StringNotLike"]) + if_exists,
            "aws:PrincipalArn",
            principal,
        ),
        (
            choose.pick(["StringEquals", "StringNotEquals"]),
            "aws:PrincipalTag/team",
            choose.pick(["blue", "red"]),
        ),
        (choose.pick(["StringEquals", "StringNotEquals"]), "aws:PrincipalAccount", account),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", choose.pick(["o-one/r-root/ou-a/*", "o-one/*"])),
        ("Null", "aws:PrincipalTag/team", choose.pick(["true", "false"])),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "false")
        if effect == "Deny"
        else ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ]
    if trust:
        return [
            *tests,
            ("StringEquals", "sts:ExternalId", choose.pick(["z8", "z9"])),
            ("StringEquals", "sts:ExternalId", ["z8", "z9"]),
            ("StringNotEquals", "sts:ExternalId", "z9"),
            ("StringLike", "sts:RoleSessionName", choose.pick(["j1", "j*", "${aws:username}"])),
            ("StringNotEquals", "sts:RoleSessionName", "j1"),
        ]
    endpoint = choose.pick(scene.endpoints)
    return [
        *tests,
        (choose.pick(["StringEquals", "StringNotEquals"]) + if_exists, "aws:SourceVpce", endpoint),
        ("StringEquals", "aws:SourceVpce", [endpoint, choose.pick(scene.endpoints)]),
        ("Bool", "aws:SecureTransport", choose.pick(["true", "false"])),
        ("StringLike", "s3:prefix", choose.pick(["logs/*", "", "${aws:username}/*", ["", "logs/"]])),
        ("StringNotLike" + if_exists, "s3:prefix", choose.pick(["logs/*", ""])),
        ("Null", "s3:prefix", choose.pick(["true", "false"])),
        (choose.pick(["StringEquals", "StringNotEquals"]), "aws:ResourceAccount", account),
        (choose.pick(["StringEquals", "StringNotEquals"]), "aws:ResourceAccount", "${aws:PrincipalAccount}"),
        (choose.pick(["StringEquals", "StringNotEquals"]) + if_exists, "aws:ResourceOrgID", "o-one"),
    ]
