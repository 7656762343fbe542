"""A witness as an `aws` command line to try, quoted so that no shell and no AWS CLI reads more into it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Container, Mapping

from pathfinder.aws.services import is_service_principal
from pathfinder.graph.hop import Witness

_OBJECT_COMMANDS: Mapping[str, tuple[str, str]] = {
    "s3:getobject": ("get-object", "Key"),
    "s3:getobjectversion": ("get-object", "Key"),
    "s3:getobjectattributes": ("get-object-attributes", "Key"),
    "s3:getobjectacl": ("get-object-acl", "Key"),
    "s3:getobjecttagging": ("get-object-tagging", "Key"),
    "s3:putobject": ("put-object", "Key"),
    "s3:putobjectacl": ("put-object-acl", "Key"),
    "s3:putobjecttagging": ("put-object-tagging", "Key"),
    "s3:deleteobject": ("delete-object", "Key"),
    "s3:deleteobjectversion": ("delete-object", "Key"),
    "s3:deleteobjecttagging": ("delete-object-tagging", "Key"),
    "s3:restoreobject": ("restore-object", "Key"),
}
_BUCKET_COMMANDS: Mapping[str, str] = {
    "s3:listbucket": "list-objects-v2",
    "s3:listbucketversions": "list-object-versions",
    "s3:listbucketmultipartuploads": "list-multipart-uploads",
    "s3:getbucketpublicaccessblock": "get-public-access-block",
    "s3:putbucketpublicaccessblock": "put-public-access-block",
    "s3:getencryptionconfiguration": "get-bucket-encryption",
    "s3:getlifecycleconfiguration": "get-bucket-lifecycle-configuration",
    "s3:getreplicationconfiguration": "get-bucket-replication",
}
_ASSUME: Mapping[str, str] = {
    "sts:assumerole": "assume-role",
    "sts:assumerolewithwebidentity": "assume-role-with-web-identity",
    "sts:assumerolewithsaml": "assume-role-with-saml",
}
_READ_FROM_ELSEWHERE = ("file://", "fileb://", "http://", "https://")
"""The AWS CLI loads option values that begin so; a key may be named so, and its file must not be sent."""


def command_lines(witness: Witness, keys: Container[str]) -> list[str]:
    """The request as a command, after a comment for each thing that the command alone does not say.

    `keys`: the condition keys that matter, in lower case; AWS itself sets many more.
    """
    lines = [f"# as {_comment(witness.principal)}"]
    for key, value in witness.context.items():
        if key.lower() not in keys:
            continue
        shown = value if isinstance(value, str) else " and ".join(value)
        lines.append(f"# with {_comment(key)} = {_comment(shown)}")
    command = None if is_service_principal(witness.principal) else _command(witness)
    lines.append(command or f"# {_comment(witness.action)} on {_comment(witness.resource)}")
    if command and witness.principal == "anonymous":
        lines[-1] += " --no-sign-request"
    return lines


def _command(witness: Witness) -> str | None:
    action = witness.action.lower()
    if action in _ASSUME:
        options = {"RoleArn": witness.resource, "RoleSessionName": "pathfinder"}
        context = {key.lower(): value for key, value in witness.context.items()}
        given = context.get("sts:rolesessionname"), context.get("sts:externalid")
        if isinstance(given[0], str) and given[0]:
            options["RoleSessionName"] = given[0]
        if isinstance(given[1], str):
            options["ExternalId"] = given[1]
        if action == "sts:assumerolewithwebidentity":
            options["WebIdentityToken"] = "TOKEN"
        if action == "sts:assumerolewithsaml":
            options = {
                "RoleArn": witness.resource,
                "PrincipalArn": witness.principal,
                "SAMLAssertion": "ASSERTION",
            }
        return f"aws sts {_ASSUME[action]} {_options(options)}"
    if action == "s3:listallmybuckets":
        return "aws s3api list-buckets"
    found = re.match(r"arn:[^:]*:s3:::([^/]+)(?:/(.+))?\Z", witness.resource, re.DOTALL)
    if found is None:
        return None
    bucket, key = found.groups()
    if key is not None:
        return _object_command(action, bucket, key)
    name = _BUCKET_COMMANDS.get(action) or _by_its_name(witness.action)
    return f"aws s3api {name} {_options({'Bucket': bucket})}" if name else None


def _object_command(action: str, bucket: str, key: str) -> str | None:
    if action not in _OBJECT_COMMANDS:
        return None
    name, _ = _OBJECT_COMMANDS[action]
    file = " /dev/null" if name == "get-object" else ""
    return f"aws s3api {name} {_options({'Bucket': bucket, 'Key': key})}{file}"


def _by_its_name(action: str) -> str | None:
    """`s3:GetBucketPolicy` is `get-bucket-policy`: true of what only reads; what writes needs more."""
    name = action.partition(":")[2]
    return (
        re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() if re.match(r"GetBucket[A-Z]\w+\Z", name) else None
    )


def _options(values: Mapping[str, str]) -> str:
    if any(value.startswith(_READ_FROM_ELSEWHERE) for value in values.values()):
        return f"--cli-input-json {quoted(json.dumps(values))}"
    return " ".join(_option(name, value) for name, value in values.items())


def _option(name: str, value: str) -> str:
    option = "--" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    return f"{option}={quoted(value)}" if value.startswith("-") else f"{option} {quoted(value)}"


def quoted(text: str) -> str:
    """The text as one word for bash and zsh; what cannot be seen is written as an escape.

    Examples:
        >>> quoted("a b")
        "'a b'"
        >>> quoted("a\\x1b[2J'")
        "$'a\\\\x1b[2J\\\\''"
    """
    if text.isprintable():
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))


def _comment(text: str) -> str:
    """Text in a comment: on one line, so that nothing of it becomes a command."""
    return "".join(char if char.isprintable() else f"⟨U+{ord(char):04X}⟩" for char in text)
