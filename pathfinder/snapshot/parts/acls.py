"""Access control lists, as `get-bucket-acl` and `get-object-acl` print them."""

from __future__ import annotations

from pathfinder.model.resources import Acl, AclGrant
from pathfinder.snapshot.parts.common import Json
from pathfinder.snapshot.shapes import s3


def acl_of(acl: s3.BucketAcl) -> Acl:
    """The ACL, each grant once."""
    grants = {AclGrant(each.grantee.text, each.permission): None for each in acl.grants or ()}
    owner = acl.owner.id if acl.owner else None
    return Acl(owner, tuple(sorted(grants, key=lambda grant: (grant.grantee, grant.permission))))


def acl_written(acl: Acl) -> Json:
    """The same as AWS writes it."""
    return {
        "Owner": {"ID": acl.owner},
        "Grants": [
            {"Grantee": _grantee(grant.grantee), "Permission": grant.permission} for grant in acl.grants
        ],
    }


def _grantee(grantee: str) -> Json:
    if "://" in grantee:
        return {"Type": "Group", "URI": grantee}
    return {"Type": "CanonicalUser", "ID": grantee}
