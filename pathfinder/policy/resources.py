"""Which resources a statement is about. Source: evaluation.md LANG-20 to LANG-29, LANG-40 to LANG-47, D-7 to D-9."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pathfinder.aws.arn import Arn
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, Quantifier, Unknown, any_of, constant
from pathfinder.logic.patterns import EVERYTHING, Pattern, lower_cased, parse_pattern, quotients
from pathfinder.logic.values import AnyValueTest
from pathfinder.policy.conditions import open_text, tie, variable_value
from pathfinder.policy.context import OBJECT_KEY, OPEN, Context


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about: an ARN; the objects of a bucket, their key open; or no resource at all.

    `open_prefix`: where not None, the sixth field is this text followed by the open object key. `arn` None is
    the resource `*` of actions that take none (LANG-27); `service` is then the action's service.
    """

    arn: Arn | None
    open_prefix: str | None = None
    service: str = ""


@dataclass(frozen=True, slots=True)
class ResourcePattern:
    """One entry of Resource or NotResource: five fields ignoring case, and the sixth (LANG-21, LANG-24).

    `everything`: the entry is `*`. `faulty`: a wildcard stands where AWS allows none (LANG-23).
    """

    text: str
    fields: tuple[Pattern, Pattern, Pattern, Pattern, Pattern] | None
    sixth: Pattern
    everything: bool = False
    faulty: bool = False


_TYPED_SERVICES = frozenset({"iam", "sts", "kms"})


def read_resource(text: str, *, variables: bool, pad: bool) -> ResourcePattern | None:
    """The entry read, or None where it can match nothing.

    `pad`: an ARN with fewer than six fields is filled up with `*`, as identity-type policies do (LANG-28).
    """
    if text and set(text) == {"*"}:
        return ResourcePattern(text, None, EVERYTHING, everything=True)
    fields = text.split(":", 5)
    if len(fields) < 6:
        if not pad or fields[0] != "arn":
            return None
        fields = [*fields, *["*"] * (6 - len(fields))]
        written = text.count(":") + 1
    else:
        written = 6
    first = [lower_cased(parse_pattern(field, variables=False)) for field in fields[:5]]
    sixth = parse_pattern(fields[5], variables=variables)
    faulty = bool(written > 2 and re.search(r"[*?]", fields[2])) or _type_word_is_partial(fields)
    return ResourcePattern(text, (first[0], first[1], first[2], first[3], first[4]), sixth, faulty=faulty)


def _type_word_is_partial(fields: list[str]) -> bool:
    typed = fields[2] in _TYPED_SERVICES or (fields[2] == "s3" and fields[4] not in ("", "*"))
    word = re.split("[/:]", fields[5], maxsplit=1)[0]
    return typed and "${" not in word and bool(re.search(r"[*?]", word)) and set(word) != {"*"}


@dataclass(frozen=True, slots=True)
class ResourceMatch:
    """When some entry matches. `missing`: when an entry names a variable that has no value (LANG-44)."""

    matches: Formula
    missing: Formula = FALSE


def match_resources(
    entries: tuple[ResourcePattern, ...], target: Target, context: Context, *, deny: bool
) -> ResourceMatch:
    """When one of the entries matches the target.

    A faulty entry grants nothing, and in a Deny it may match (LANG-23, LANG-50).
    """
    alternatives: list[Formula] = []
    missing: list[Formula] = []
    for entry in entries:
        found = _match_one(entry, target, context)
        if found is None:
            missing.append(TRUE)
        elif entry.faulty and found != FALSE:
            reason = f"resource {entry.text!r} has a wildcard where AWS allows none"
            alternatives.append(Unknown(reason) if deny else FALSE)
        else:
            alternatives.append(found)
        if found is not None:
            missing.extend(_open_variables_missing(entry, target, context))
    return ResourceMatch(any_of(*alternatives), any_of(*missing))


def _open_variables_missing(entry: ResourcePattern, target: Target, context: Context) -> Iterator[Formula]:
    """That a variable of an entry about such resources, still open, is not in the request and has no default."""
    if entry.fields is None or target.arn is None or not _is_about(entry, target.arn):
        return
    for variable in entry.sixth.variables:
        if variable.default is None and context.state(variable.key) == OPEN:
            here = KeyTest(
                variable.key, Quantifier.ONE, AnyValueTest(), negated=False, if_absent=False, if_many=False
            )
            yield here.opposite()


def _is_about(entry: ResourcePattern, arn: Arn) -> bool:
    """Whether the first five fields match."""
    if entry.fields is None:
        return True
    actual = ("arn", arn.partition, arn.service, arn.region, arn.account)
    return all(p.matches(field.lower()) for p, field in zip(entry.fields, actual, strict=True))


def _match_one(entry: ResourcePattern, target: Target, context: Context) -> Formula | None:
    """When the entry matches; None where a variable in it is missing."""
    if entry.everything or entry.fields is None:
        return TRUE
    arn = target.arn
    if arn is None:
        return constant(target.service == "s3" and _is_all_of_s3(entry))
    if not _is_about(entry, arn):
        return FALSE
    sixth = entry.sixth
    if sixth.variables:
        bound = sixth.bind(lambda variable: variable_value(variable, context))
        if bound is None:
            return None
        sixth = bound
    if target.open_prefix is None:
        if not sixth.variables:
            return constant(sixth.matches(arn.resource))
        tied = tie(sixth, arn.resource)
        return tied or Unknown(f"resource {entry.text!r} has variables whose values are open")
    rests = quotients(sixth, target.open_prefix)
    if rests is None:
        return Unknown(f"resource {entry.text!r} has an open variable where the bucket's name stands")
    return open_text(OBJECT_KEY, rests)


def _is_all_of_s3(entry: ResourcePattern) -> bool:
    """`arn:aws:s3:::*`, which also stands for the S3 actions that take no resource (D-9)."""
    if entry.fields is None:
        return False
    _, _, service, region, account = (pattern.literal for pattern in entry.fields)
    return (service, region, account) == ("s3", "", "") and entry.sixth.matches_all
