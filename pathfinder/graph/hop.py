"""Hops: edges that can be taken, with the condition under which they are open and what decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pathfinder.authorization.request import Policies
from pathfinder.logic.formula import Formula, KeyTest
from pathfinder.policy.context import KeyState


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
    `federated_by`: of a session of sts:GetFederationToken, the ARN of the user that made it (D-13).
    """

    principal: str
    action: str
    resource: str
    resource_account: str | None
    context: Mapping[str, str | tuple[str, ...]]
    federated_by: str | None = None


class Session(Enum):
    """With whose credentials a route goes on after an escalation."""

    SAME = "same"
    """The source's own session goes on; policies have changed."""
    ASSUMED = "assumed"
    """A session of the role that the last call, sts:AssumeRole, starts."""
    DELIVERED = "delivered"
    """A session of the role that a service starts, or has started: nothing of the source is carried into it."""
    CREDENTIALS = "credentials"
    """Long-term credentials of the user."""


@dataclass(frozen=True, slots=True)
class EscalationCall:
    """One authorization that an escalation needs. `condition`: when it is allowed, in its own request context.

    `policies`: those under which it was decided, where they are not the snapshot's because an earlier call of the
    same hop has changed them. `asked`: the `escalations.calls.Call` that was decided, its caller filled in.
    """

    action: str
    resource: str
    condition: Formula
    witness: Witness | None
    policies: Policies | None = field(default=None, compare=False, repr=False)
    asked: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Escalation:
    """What makes a hop an escalation: it is open only to those who first do something (evaluation.md chapter 10).

    `rule`: `ESC-15`. `paths`: ids of the same path in the pathfinding.cloud catalogue. `mutating`: something that
    exists is changed, or something new is made. `change`: what would be changed, in words. `workload`: `new` where
    a workload is made that a role is passed to, `existing` where one is used that has the role already, else None.
    `calls`: every authorization needed, each decided. `notes`: prerequisites that are not checked (ESC-5).
    """

    rule: str
    change: str
    session: Session
    paths: tuple[str, ...] = ()
    mutating: bool = True
    workload: str | None = None
    calls: tuple[EscalationCall, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """An edge that can be taken.

    `kind`: the hop kind's name (`assume-role`, `access` …). `source`, `target`: node ids. `condition`: when
    it is open, simplified; TRUE is always. `actions`: the AWS actions that the hop performs; for `access`
    the S3 actions reached, sorted. `resources`: ARNs or ARN patterns that the actions reach, sorted; `except_`:
    ARN patterns taken out of them. `witness`: a request that proves it; None for a hop that no request makes
    (an access key is simply held) or where unknowns stand in the way. `gaps`: what could not be read or
    decided about this hop. `via`: in an `access` hop how the permission comes about: `identity policy`,
    `bucket policy`, `bucket ACL`, `object ACL`, `object owner` (objects that its account owns in a bucket of
    another, S3-4), `root user`, `public`, `access point NAME`; `through`: that access point's node id.
    `also`: the further authorizations that the same call needs, one witness for each; of several calls that the
    hop stands for, those of all (TERM-2): sts:TagSession where it passes or inherits session tags,
    sts:SetSourceIdentity where it sets or inherits a source identity (STS-25); for `access` and its kin what
    `graph/further` knows of. `notes`: what a reviewer should know of it,
    nothing unknown about it. `caller`: the service or provider that makes the request, where that is not the
    source itself. `given`: keys of the request, in lower case, that its maker fixes. `session`: keys that the
    session which it starts carries, as far as they are known. `escalation`: None for hops that policies open as
    they are. `blocked`: why the hop cannot be taken although all but that is open, such as a key that the caller
    may not use (KMS-13); such hops stand apart from the others. None for a hop that can be taken. `call`: the one
    call of an escalation that the hop stands for, where a route's sessions are decided; `now`: likewise, its source's
    node after all changes, where `source` is that before them. Both None for hops of the graph.
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
    escalation: Escalation | None = None
    notes: tuple[str, ...] = ()
    caller: str | None = None
    given: tuple[tuple[str, KeyState], ...] = ()
    session: tuple[tuple[str, str], ...] = ()
    through: str | None = None
    blocked: str | None = None
    call: EscalationCall | None = None
    now: str | None = None
