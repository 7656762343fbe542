"""Hops: edges that can be taken, with the condition under which they are open and what decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathfinder.logic.formula import Formula, KeyTest


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement (or fact) that a hop rests on.

    `side`: `principal`, `resource`, `organization` or `network`. `source`: the policy type in AWS's words,
    or what the fact is (`instance profile`, `access key`). `policy`: ARN or inline name. `attached_to`: what
    it hangs on. `statement`: Sid or `Statement[2]`, None for a fact. `effect`: Allow, Deny, or None. `tests`:
    what of the statement the request still decides, as tests on condition keys.
    """

    side: str
    source: str
    policy: str
    attached_to: str
    statement: str | None = None
    effect: str | None = None
    tests: tuple[KeyTest, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Witness:
    """One complete request that the decision procedure allows; the parts of a scenario's `request`.

    Context values: one text, or a tuple of texts for a multivalued key; keys in AWS's spelling, sorted.
    """

    principal: str
    action: str
    resource: str
    resource_account: str | None
    context: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Hop:
    """An edge that can be taken.

    `kind`: the hop kind's name (`assume-role`, `access` …). `source`, `target`: node ids. `condition`: when
    it is open, simplified; TRUE is always. `actions`: the AWS actions that the hop performs; for `access`
    the S3 actions reached, sorted. `resources`: ARNs or ARN patterns that the actions reach, sorted; `except_`:
    ARN patterns taken out of them. `witness`: a request that proves it; None for a hop that no request makes
    (an access key is simply held) or where unknowns stand in the way. `gaps`: what could not be read or
    decided about this hop. `via`: in an `access` hop how the permission comes about: `identity policy`,
    `bucket policy`, `root user`, `public`. `also`: the further authorizations that the same call needs, as
    witnesses: sts:TagSession where it passes or inherits session tags, sts:SetSourceIdentity where it sets or
    inherits a source identity (STS-25); for `access` what `graph/further` knows of (TERM-2).
    """

    kind: str
    source: str
    target: str
    condition: Formula
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    witness: Witness | None = None
    gaps: tuple[str, ...] = ()
    via: str | None = None
    also: tuple[Witness, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
