"""Random policies around one request: often right, often a near miss."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .generate_values import ACCOUNTS, KEYS, A, B, GeneratedCaller


@dataclass(frozen=True)
class Setting:
    """The request that the policies are about."""

    caller: GeneratedCaller
    action: str
    resource: str
    context: dict[str, Any]


def plain_policy(choose: Any, setting: Setting) -> dict[str, Any]:
    """An identity policy, boundary or session policy."""
    statements = []
    for _ in range(choose.count(1, 2)):
        statement = {
            "Effect": _effect(choose),
            **_actions(choose, setting),
            **_resources(choose, setting, True),
        }
        statements.append(statement | _condition(choose, setting))
    return _document(choose, statements)


def resource_policy(choose: Any, setting: Setting, kind: str) -> dict[str, Any]:
    """A bucket policy, trust policy or key policy."""
    statements = []
    for _ in range(choose.count(1, 3)):
        effect = _effect(choose)
        statement = {"Effect": effect, **_principals(choose, setting, kind), **_actions(choose, setting)}
        if kind == "key":
            statement["Resource"] = "*"
        elif kind != "trust":
            statement |= _resources(choose, setting, False)
        statements.append(statement | _condition(choose, setting))
    return _document(choose, statements, principals=True)


def endpoint_policy(choose: Any, setting: Setting) -> dict[str, Any]:
    statements = []
    for _ in range(choose.count(1, 2)):
        principal = choose.pick(["*", "*", {"AWS": "*"}, {"AWS": A}, {"AWS": f"arn:aws:iam::{B}:root"}])
        statement = {"Effect": _effect(choose), "Principal": principal, **_actions(choose, setting)}
        statements.append(statement | _resources(choose, setting, False) | _condition(choose, setting))
    return _document(choose, statements, principals=True)


def level(choose: Any, setting: Setting, kind: str) -> list[dict[str, Any]]:
    """The SCPs or RCPs attached at one level."""
    policies: list[dict[str, Any]] = []
    if kind == "scp" and choose.chance(75):
        policies.append(
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
        )
    for _ in range(choose.count(0, 2)):
        if kind == "rcp":
            action = choose.pick([["s3:*"], ["sts:*", "kms:*"], [setting.action], ["s3:Get*", "kms:Decrypt"]])
            head: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": action}
            statement = head | _resources(choose, setting, False)
        else:
            statement = (
                {"Effect": _effect(choose)} | _actions(choose, setting) | _resources(choose, setting, False)
            )
        statement |= _condition(choose, setting, 90)
        if not _twice_faulty(statement, principals=False):
            policies.append({"Version": "2012-10-17", "Statement": [statement]})
    return policies


def _effect(choose: Any) -> str:
    return str(choose.pick(["Allow", "Allow", "Allow", "Deny"]))


def _document(choose: Any, statements: list[dict[str, Any]], principals: bool = False) -> dict[str, Any]:
    statements = [statement for statement in statements if not _twice_faulty(statement, principals)]
    version = choose.pick(["2012-10-17"] * 6 + ["2008-10-17", None])
    document: dict[str, Any] = {} if version is None else {"Version": version}
    return document | {
        "Statement": statements[0] if len(statements) == 1 and choose.chance(30) else statements
    }


def _twice_faulty(statement: dict[str, Any], principals: bool) -> bool:
    """Malformed, and matching nothing anyway: LANG-50 and LANG-2 (LANG-5) leave open which comes first."""
    malformed = {"Action", "NotAction"} <= set(statement) or "StringSortOf" in str(statement.get("Condition"))
    nobody = principals and not {"Principal", "NotPrincipal"} & set(statement)
    elements = [statement.get(name) for name in ("Action", "NotAction", "Resource", "NotResource")]
    return malformed and ([] in elements or nobody)


def _entries(choose: Any, likely: list[Any], unlikely: list[Any]) -> Any:
    """One value, or a list of one to three; usually with one that fits."""
    values = [choose.pick(likely if choose.chance(75) else unlikely) for _ in range(choose.count(1, 2))]
    if choose.chance(1):
        return []
    return values[0] if len(values) == 1 and choose.chance(60) else values


def _actions(choose: Any, setting: Setting) -> dict[str, Any]:
    service, name = setting.action.split(":")
    likely = ["*", f"{service}:*", setting.action, setting.action.upper(), f"{service}:{name[:3]}*"]
    likely += [f"{service}:?{name[1:]}", f"{service}:*{name[-4:]}", "*:*"]
    unlikely = [
        f"{service}:{name}x",
        f"{service}:?{name}",
        f"{service}:{name[:-1]}",
        "ec2:*",
        f"{service}:{name} ",
    ]
    if choose.chance(12):
        return {"NotAction": _entries(choose, unlikely, likely)}
    actions = {"Action": _entries(choose, likely, unlikely)}
    if choose.chance(1):
        actions["NotAction"] = "ec2:*"
    return actions


def _resources(choose: Any, setting: Setting, pad_short: bool) -> dict[str, Any]:
    if setting.resource == "*":
        likely = ["*"]  # `arn:aws:s3:::*` only as Resource: D-9 leaves NotResource open
        unlikely = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]
    else:
        resource = setting.resource
        # A resource-type word takes no wildcard (LANG-23): those stand behind "role/" and its like.
        cut = resource.index("/") + 1 if ":::" not in resource else resource.index(":::") + 3
        head, tail = resource[:cut], resource[cut:]
        likely = ["*", resource, f"{head}*", f"{head}{tail[:4]}*", f"{head}?{tail[1:]}", f"{head}*{tail[-1]}"]
        likely += [resource.replace("arn:aws:", "arn:*:"), f"{head}{tail[:1]}*{tail[2:]}", f"{head}{tail}*"]
        likely += [f"{head}data/${{aws:username}}/*", f"{head}*${{aws:PrincipalTag/team, '{tail[-2:]}'}}"]
        likely += [f"{head}data/k${{*}}y", f"{head}*${{aws:TagKeys}}*"]
        unlikely = [f"{resource}x", f"{head}{tail.upper()}", f"{head}{tail[:-1]}", f"{head}?{tail}"]
        unlikely += ["arn:aws:ec2:::*", f"{head}data/${{aws:nokey}}*", f"{head}${{aws:PrincipalTag/team}}/*"]
        if pad_short and not choose.chance(80):
            likely = ["arn:aws:s3", "arn:aws", "arn:aws:iam:*", "arn:aws:sts::222222222222", "arn:aws:kms"]
    if choose.chance(12):
        return {"NotResource": _entries(choose, unlikely, likely)}
    if setting.resource == "*":
        likely = ["*", "arn:aws:s3:::*"]
    return {"Resource": _entries(choose, likely, unlikely)}


def _principals(choose: Any, setting: Setting, kind: str) -> dict[str, Any]:
    if choose.chance(2):
        return {}
    caller = setting.caller
    likely: list[Any] = ["*", {"AWS": "*"}]
    if caller.kind in ("saml", "oidc"):
        likely = ["*", {"Federated": caller.arn}, {"Federated": [caller.arn, "www.amazon.com"]}]
    elif caller.kind == "service":
        likely += [{"Service": caller.arn}, {"Service": ["ec2.amazonaws.com", caller.arn]}]
    elif caller.account:
        root = f"arn:aws:iam::{caller.account}:root"
        likely += [{"AWS": caller.account}, {"AWS": root}, {"AWS": caller.arn}, {"AWS": [caller.arn, B]}]
        likely += [{"AWS": caller.principal_arn}, {"AWS": caller.principal_arn}]
        likely += [{"AWS": [root, caller.principal_arn, caller.arn]}]
        if caller.kind == "federated-user":
            likely += [{"AWS": caller.federated_by}]
        if caller.kind in ("user", "role", "session"):
            likely += [{"AWS": str(caller.userid).partition(":")[0]}]
        if kind == "bucket" and caller.kind in ("role", "session"):
            likely += [{"Federated": f"arn:aws:iam::{A}:saml-provider/corp"}]
    unlikely: list[Any] = [
        {"AWS": B},
        {"AWS": f"arn:aws:iam::{A}:role/*"},
        {"AWS": f"arn:aws:iam::{A}:user/bob"},
        {"AWS": f"arn:aws:iam::{A}:role/App"},
        {"AWS": f"arn:aws:sts::{A}:assumed-role/app/job2"},
        {"Service": "ec2.amazonaws.com"},
        {"AWS": f"arn:aws:sts::{A}:federated-user/ann"},
        {"AWS": "AIDAGONE"},
    ]
    chosen = choose.pick(likely if choose.chance(75) else unlikely)
    if kind == "bucket" and choose.chance(12):
        return {"NotPrincipal": {"AWS": A} if chosen == "*" else chosen}
    return {"Principal": chosen}


STRING = ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"]
STRING += ["StringLike", "StringNotLike"]
ARN = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]
ORDER = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
TYPED: dict[str, list[str]] = {
    "aws:SourceIp": ["IpAddress", "NotIpAddress"],
    "aws:SecureTransport": ["Bool"],
    "aws:MultiFactorAuthPresent": ["Bool"],
    "aws:ViaAWSService": ["Bool"],
    "aws:PrincipalIsAWSService": ["Bool"],
    "aws:MultiFactorAuthAge": ["Numeric" + o for o in ORDER],
    "s3:max-keys": ["Numeric" + o for o in ORDER],
    "aws:CurrentTime": ["Date" + o for o in ORDER],
    "aws:EpochTime": ["Date" + o for o in ORDER] + ["Numeric" + o for o in ORDER],
    "aws:SourceArn": ARN,
    "aws:PrincipalArn": ARN,
}
VALUES: dict[str, list[Any]] = {
    "IpAddress": [
        "10.0.0.0/8",
        "10.1.2.3",
        "203.0.113.77/24",
        "2001:db8::/32",
        "2001:DB8:0::1",
        "0.0.0.0/0",
        "::/0",
    ],
    "Bool": ["true", "false", True, "FALSE", "yes", "${aws:SecureTransport}", "${aws:nokey}"],
    "Numeric": ["10", 10, "10.0", "99.5", 300, "ten"],
    "Date": [
        "2026",
        "2026-01-02",
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04Z",
        "1767323045",
        "1767323045000",
        "x",
    ],
    "Null": ["true", "false", True],
}
FIXED_KEYS = ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:userid", "aws:username", "aws:SourceVpce"]
FIXED_KEYS += ["aws:ResourceAccount", "aws:nokey", "aws:principaltag/TEAM"]


def _condition(choose: Any, setting: Setting, percent: int = 45) -> dict[str, Any]:
    if not choose.chance(percent):
        return {}
    block: dict[str, dict[str, Any]] = {}
    for _ in range(choose.count(1, 2)):
        present = [*setting.context, *FIXED_KEYS]
        key = choose.pick(present) if choose.chance(70) else choose.pick(list(KEYS))
        operator = choose.pick(TYPED[key]) if key in TYPED and choose.chance(80) else choose.pick(STRING)
        values = _entries(choose, *_wanted(setting, key, operator))
        if choose.chance(8):
            operator, values = "Null", choose.pick(VALUES["Null"])
        else:
            operator = _decorated(choose, operator, isinstance(setting.context.get(key), list))
        block.setdefault(operator, {})[key] = values
    return {"Condition": block}


def _decorated(choose: Any, operator: str, multivalued: bool) -> str:
    if choose.chance(1):
        return "StringSortOf"
    prefix = ""
    if choose.chance(85 if multivalued else 8):
        prefix = choose.pick(["ForAllValues:", "ForAnyValue:"])
    return prefix + operator + ("IfExists" if choose.chance(15) else "")


def _wanted(setting: Setting, key: str, operator: str) -> tuple[list[Any], list[Any]]:
    """Values that are likely to decide something, and near misses."""
    families: list[tuple[str, Callable[[str], bool]]] = [
        ("IpAddress", lambda o: "IpAddress" in o),
        ("Bool", lambda o: o == "Bool"),
        ("Numeric", lambda o: o.startswith("Numeric")),
        ("Date", lambda o: o.startswith("Date")),
    ]
    for family, is_of in families:
        if is_of(operator):
            return VALUES[family], VALUES[family]
    lower = {name.lower(): value for name, value in setting.context.items()}
    have = lower.get(key.lower(), ["blue", "arn:aws:iam::111111111111:role/app"])
    values = [str(v) for v in (have if isinstance(have, list) else [have])] or ["team"]
    value = values[-1]
    if operator.startswith("Arn"):
        near = [value + "x", "arn:aws:iam::222222222222:root", f"arn:aws:*:*:{A}:*", "*", "arn:aws:*"]
        return [value, value[:-1] + "*", value.replace(A, "*"), "arn:*:*:*:*:*"], near
    variables = [
        "${aws:username}",
        "${aws:PrincipalTag/team, 'blue'}",
        "${AWS:PrincipalAccount}",
        "${aws:TagKeys}",
    ]
    near = [value + "x", value.upper(), value[:-1], "?" + value, "${aws:nokey}", "${*}", "a*b", *variables]
    return [
        value,
        value,
        value[:2] + "*",
        "?" + value[1:],
        "*",
        *KEYS.get(key, [value])[:0],
        *ACCOUNTS[:1],
    ], near
