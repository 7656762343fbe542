"""Amazon Resource Names and account ids. Source: evaluation.md LANG-20, TERM-6, TERM-7, TERM-9."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NewType

AccountId = NewType("AccountId", str)
"""Twelve digits."""

_ACCOUNT_ID = re.compile(r"\d{12}\Z", re.ASCII)


def is_account_id(text: str) -> bool:
    """Whether the text is a twelve-digit account id."""
    return _ACCOUNT_ID.match(text) is not None


@dataclass(frozen=True, slots=True, order=True)
class Arn:
    """An ARN: six fields split at the first five colons (LANG-20)."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def resource_type(self) -> str:
        """The word before the first `/` or `:` of the sixth field: `role`, `user`, `key`, `accesspoint` …"""
        return re.split("[/:]", self.resource, maxsplit=1)[0]

    @property
    def name(self) -> str:
        """The text after the last `/` of the sixth field: a role's or user's name without its path."""
        return self.resource.rsplit("/", 1)[-1]

    @property
    def path(self) -> str:
        """The IAM path, `/` where there is none: `/aws-service-role/x.amazonaws.com/`."""
        parts = self.resource.split("/")[1:-1]
        return f"/{'/'.join(parts)}/" if parts else "/"

    @property
    def is_root(self) -> bool:
        """Whether it names an account's root user."""
        return self.service == "iam" and self.resource == "root"

    @property
    def is_role(self) -> bool:
        """Whether it names an IAM role."""
        return self.service == "iam" and self.resource.startswith("role/")

    @property
    def is_user(self) -> bool:
        """Whether it names an IAM user."""
        return self.service == "iam" and self.resource.startswith("user/")

    @property
    def is_bucket(self) -> bool:
        """Whether it names a general-purpose S3 bucket (not an object, not an access point)."""
        return self.service == "s3" and not self.region and not self.account and "/" not in self.resource

    @property
    def is_object(self) -> bool:
        """Whether it names an S3 object by its bucket (not through an access point)."""
        return self.service == "s3" and not self.region and not self.account and "/" in self.resource

    @property
    def is_access_point(self) -> bool:
        """Whether it names an S3 access point, Multi-Region ones included, or an object through one.

        Without an account, `accesspoint/k` is the object `k` of a bucket that is called so.
        """
        return self.service == "s3" and bool(self.account) and self.resource.startswith("accesspoint/")

    @property
    def is_multi_region(self) -> bool:
        """Whether it names a Multi-Region Access Point, or an object through one: its ARN has no region."""
        return self.is_access_point and not self.region

    @property
    def own_access_point(self) -> Arn:
        """The access point itself, for one or an object through it."""
        return replace(self, resource="/".join(self.resource.split("/", 2)[:2]))

    @property
    def is_object_through_access_point(self) -> bool:
        """Whether it names an object by an access point: `accesspoint/NAME/object/KEY`."""
        return self.is_access_point and self.resource.split("/", 3)[2:3] == ["object"]

    @property
    def bucket_name(self) -> str:
        """The bucket's name, for a bucket or an object."""
        return self.resource.split("/", 1)[0]


@lru_cache(maxsize=1 << 16)
def parse_arn(text: str) -> Arn | None:
    """The ARN that the text is, or None. Nothing but the six-field shape is checked."""
    fields = text.split(":", 5)
    if len(fields) != 6 or fields[0] != "arn" or not fields[5]:
        return None
    return Arn(*fields[1:])
