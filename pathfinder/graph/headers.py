"""What S3's own keys say of each other: TLS, signatures, and headers that go together or exclude each other.

Source: evaluation.md chapter 6 (rows of s3:*), S3-31, S3-40, S3-44, S3-45.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathfinder.logic.formula import Formula, KeyTest, all_of, any_of, negate, one, present
from pathfinder.logic.patterns import exact, parse_pattern
from pathfinder.logic.values import BoolTest, StringTest

_TLS = one("aws:securetransport", BoolTest(frozenset({True})))
_COPIED = "s3:x-amz-copy-source"
_ENCRYPTION = "s3:x-amz-server-side-encryption"


def s3_headers() -> Iterator[Formula]:
    """Axioms of every request to S3."""
    yield from _same(present("s3:tlsversion"), _TLS)
    yield _then(present("s3:signatureage"), _is("s3:authtype", "REST-QUERY-STRING"))
    for key in ("s3:signatureage", "s3:x-amz-content-sha256"):
        yield _then(present(key), _is("s3:signatureversion", "AWS4-HMAC-SHA256"))
    yield _then(present(f"{_ENCRYPTION}-aws-kms-key-id"), _is(_ENCRYPTION, "aws:kms", "aws:kms:dsse"))
    yield _then(present(f"{_ENCRYPTION}-customer-algorithm"), negate(present(_ENCRYPTION)))
    yield _then(present("s3:x-amz-metadata-directive"), present(_COPIED))
    yield _then(present(_COPIED), one(_COPIED, StringTest((parse_pattern("?*/?*"),))))
    yield _then(present(_COPIED), one(_COPIED, StringTest((parse_pattern("*/${?}versionId=*"),))).opposite())


def _is(key: str, *values: str) -> KeyTest:
    return one(key, StringTest(tuple(map(exact, values))))


def _then(condition: Formula, consequence: Formula) -> Formula:
    return any_of(negate(condition), consequence)


def _same(left: Formula, right: Formula) -> Iterator[Formula]:
    yield all_of(_then(left, right), _then(right, left))
