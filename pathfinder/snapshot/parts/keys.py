"""KMS keys with their policies, grants and aliases."""

from __future__ import annotations

from collections.abc import Mapping

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.model.organization import Account
from pathfinder.model.resources import Key, KmsGrant
from pathfinder.policy.document import PolicyKind
from pathfinder.snapshot.errors import InputError
from pathfinder.snapshot.files import below
from pathfinder.snapshot.parts.common import Json, policy_written
from pathfinder.snapshot.parts.supplements import KEY, supplement
from pathfinder.snapshot.reading import Pages, Place, Reading, why_not
from pathfinder.snapshot.shapes import kms
from pathfinder.snapshot.shapes.base import tags_of

KEY_POLICY = "key policy"


def keys(reading: Reading, pages: Pages[kms.Keys] | None, folder: str) -> tuple[Key, ...]:
    """The keys listed."""
    found: dict[Arn, Key] = {}
    for page_place, page in pages or ():
        for index, entry in enumerate(page.keys or ()):
            try:
                name = entry.key_arn.rsplit("/", 1)[-1]
                places = supplement(reading, below(folder, name), entry, KEY)
                key = key_of(reading, entry, page_place.at(f"Keys[{index}]"), places)
                found.setdefault(key.arn, key)
            except InputError as error:
                reading.skip(error)
                if pages:
                    pages.complete = False
    return tuple(found.values())


def key_of(reading: Reading, entry: kms.KeyEntry, place: Place, places: Mapping[str, Place]) -> Key:
    """One key; `places`: where its parts stand, if not in the entry."""
    arn = parse_arn(entry.key_arn)
    if arn is None or arn.service != "kms" or arn.resource_type != "key":
        raise place.at("KeyArn").error(f'is "{entry.key_arn}"; the ARN of a KMS key was expected')
    described = entry.key_metadata or kms.KeyMetadata()
    return Key(
        arn=arn,
        policy=reading.policy(
            PolicyKind.KEY,
            KEY_POLICY,
            str(arn),
            entry.policy,
            places.get("Policy", place).at("Policy"),
            why_not(entry.errors, "Policy"),
        ),
        aws_managed=None if described.key_manager is None else described.key_manager == "AWS",
        state=described.key_state,
        grants=None
        if entry.grants is None
        else tuple(sorted(map(_grant, entry.grants), key=lambda each: each.id)),
        aliases=None if entry.aliases is None else tuple(sorted(each.alias_name for each in entry.aliases)),
        tags=tags_of(entry.tags),
    )


def _grant(grant: kms.Grant) -> KmsGrant:
    constraints = grant.constraints or kms.Constraints()
    equals = constraints.encryption_context_equals
    return KmsGrant(
        id=grant.grant_id,
        grantee=grant.grantee_principal,
        operations=tuple(sorted(grant.operations or ())),
        encryption_context=equals if equals is not None else constraints.encryption_context_subset or {},
        context_equals=equals is not None,
    )


def keys_written(account: Account) -> Json:
    """As `list-keys` prints them, with the other calls' output in each entry."""
    found: Json = {"Keys": [_written(each) for each in account.keys]}
    if "keys" not in account.known:
        found["Incomplete"] = True
    return found


def _written(key: Key) -> Json:
    found: Json = {"KeyId": key.arn.name, "KeyArn": str(key.arn)}
    metadata: Json = {"Arn": str(key.arn)}
    if key.aws_managed is not None:
        metadata["KeyManager"] = "AWS" if key.aws_managed else "CUSTOMER"
    if key.state is not None:
        metadata["KeyState"] = key.state
    found |= {"KeyMetadata": metadata, **policy_written(key.policy)}
    if key.grants is not None:
        found["Grants"] = [_grant_written(each) for each in key.grants]
    if key.aliases is not None:
        found["Aliases"] = [{"AliasName": each} for each in key.aliases]
    found["Tags"] = [{"TagKey": name, "TagValue": value} for name, value in sorted(key.tags.items())]
    return found


def _grant_written(grant: KmsGrant) -> Json:
    found: Json = {
        "GrantId": grant.id,
        "GranteePrincipal": grant.grantee,
        "Operations": list(grant.operations),
    }
    if grant.context_equals or grant.encryption_context:
        name = "EncryptionContextEquals" if grant.context_equals else "EncryptionContextSubset"
        found["Constraints"] = {name: dict(sorted(grant.encryption_context.items()))}
    return found
