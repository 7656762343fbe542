"""IAM Roles Anywhere: trust anchors, and profiles with their roles and session policies."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.organization import Account
from pathfinder.model.workforce import AnywhereProfile, TrustAnchor
from pathfinder.policy.document import Policy, PolicyKind, SomePolicy
from pathfinder.snapshot.documents import written
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.parts.containers import role_arn
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import workforce

SESSION_POLICY = "session policy"
"""The name of a profile's own policy."""

Managed = Callable[[PolicyKind, str, Arn], SomePolicy]
"""A managed policy by its ARN, and what it is attached to."""


def trust_anchors(reading: Reading, pages: Pages[workforce.TrustAnchors] | None) -> tuple[TrustAnchor, ...]:
    """The trust anchors listed."""
    found: dict[Arn, TrustAnchor] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.trust_anchors or ()):
            place = page_place.at(f"trustAnchors[{index}]", "trustAnchorArn")
            try:
                arn = _arn(entry.trust_anchor_arn, place, "trust anchor")
                found.setdefault(arn, TrustAnchor(arn, entry.name, entry.enabled))
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return tuple(found.values())


def profiles(
    reading: Reading, pages: Pages[workforce.Profiles] | None, managed: Managed
) -> tuple[AnywhereProfile, ...]:
    """The profiles listed."""
    found: dict[Arn, AnywhereProfile] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.profiles or ()):
            try:
                made = _profile(reading, entry, page_place.at(f"profiles[{index}]"), managed)
                found.setdefault(made.arn, made)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return tuple(found.values())


def _profile(
    reading: Reading, entry: workforce.ProfileEntry, place: Place, managed: Managed
) -> AnywhereProfile:
    arn = _arn(entry.profile_arn, place.at("profileArn"), "profile")
    policies = [managed(PolicyKind.SESSION, each, arn) for each in entry.managed_policy_arns or ()]
    unread = why_not(entry.errors, "sessionPolicy")
    if entry.session_policy or unread is not None:
        text = entry.session_policy
        raw = msgspec.Raw(msgspec.json.encode(text)) if text else msgspec.UNSET
        own = reading.policy(
            PolicyKind.SESSION, SESSION_POLICY, str(arn), raw, place.at("sessionPolicy"), unread
        )
        policies.append(own)
    roles = tuple(
        found
        for number, text in enumerate(entry.role_arns or ())
        if (found := role_arn(text, place.at(f"roleArns[{number}]"))) is not None
    )
    return AnywhereProfile(
        arn,
        entry.name,
        entry.enabled,
        roles,
        tuple(policies) or None,
        accepts_session_name=bool(entry.accept_role_session_name),
    )


def _arn(text: str, place: Place, what: str) -> Arn:
    arn = parse_arn(text)
    if arn is None or arn.service != "rolesanywhere":
        raise place.error(f'is "{text}"; the ARN of a {what} was expected')
    return arn


def trust_anchors_written(account: Account) -> Json:
    """As `list-trust-anchors` prints them."""
    found: Json = {
        "trustAnchors": [
            {"trustAnchorArn": str(each.arn), **_named(each.name, each.enabled)}
            for each in account.trust_anchors
        ]
    }
    if "trust_anchors" not in account.known:
        found["incomplete"] = True
    return found


def profiles_written(account: Account) -> Json:
    """As `list-profiles` prints them."""
    found: Json = {"profiles": [_profile_written(each) for each in account.anywhere_profiles]}
    if "anywhere_profiles" not in account.known:
        found["incomplete"] = True
    return found


def _profile_written(profile: AnywhereProfile) -> Json:
    found: Json = {"profileArn": str(profile.arn), **_named(profile.name, profile.enabled)}
    found["roleArns"] = list(map(str, profile.roles))
    if profile.accepts_session_name:
        found["acceptRoleSessionName"] = True
    for policy in profile.session_policies or ():
        if policy.name.startswith("arn:"):
            found.setdefault("managedPolicyArns", [])
            listed = found["managedPolicyArns"]
            assert isinstance(listed, list)
            listed.append(policy.name)
        elif isinstance(policy, Policy):
            found["sessionPolicy"] = msgspec.json.encode(written(policy.document)).decode()
        else:
            found["errors"] = {"sessionPolicy": policy.reason}
    return found


def _named(name: str | None, enabled: bool | None) -> Json:
    found: Json = {}
    if name is not None:
        found["name"] = name
    if enabled is not None:
        found["enabled"] = enabled
    return found
