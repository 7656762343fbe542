"""Chapter 5.2: Numeric, Date, Bool and Binary operators."""

from .cases import check, table
from .conditions import ABSENT, on_key

# fmt: off
NUMBERS = on_key(
    "s3:signatureAge",
    ("COND-15", "NumericEquals", "10", "10", True),
    ("COND-15", "NumericEquals", "10", "10.0", True),
    ("COND-15", "NumericEquals", "10.50", "10.5", True),
    ("COND-15", "NumericEquals", "10", "11", False),
    ("COND-15", "NumericEquals", ["9", "10"], "10", True),
    ("COND-15", "NumericEquals", "-1", "-1", True),
    ("COND-15", "NumericEquals", "0.3", "0.30000000000000001", False),
    ("COND-15", "NumericEquals", "9007199254740992", "9007199254740993", False),
    ("COND-15", "NumericEquals", "1*", "10", False),
    ("COND-15", "NumericEquals", "10", ABSENT, False),
    ("COND-15", "NumericLessThan", "10", "9.99", True),
    ("COND-15", "NumericLessThan", "10", "10", False),
    ("COND-15", "NumericLessThan", "10", "9", True),
    ("COND-15", "NumericLessThan", "9", "10", False),
    ("COND-15", "NumericLessThan", ["5", "20"], "10", True),
    ("COND-15", "NumericLessThan", "0", "-5", True),
    ("COND-15", "NumericLessThan", "10", ABSENT, False),
    ("COND-15", "NumericLessThanEquals", "10", "10.0", True),
    ("COND-15", "NumericLessThanEquals", "10", "10.1", False),
    ("COND-15", "NumericLessThanEquals", "10", ABSENT, False),
    ("COND-15", "NumericGreaterThan", "9", "10", True),
    ("COND-15", "NumericGreaterThan", "10", "10", False),
    ("COND-15", "NumericGreaterThan", ["5", "20"], "10", True),
    ("COND-15", "NumericGreaterThan", "10", ABSENT, False),
    ("COND-15", "NumericGreaterThanEquals", "10", "10", True),
    ("COND-15", "NumericGreaterThanEquals", "10", "9.999", False),
    ("COND-15", "NumericGreaterThanEquals", "10", ABSENT, False),
    ("COND-16", "NumericNotEquals", "10", "11", True),
    ("COND-16", "NumericNotEquals", "10", "10.0", False),
    ("COND-16", "NumericNotEquals", ["9", "10"], "10", False),
    ("COND-16", "NumericNotEquals", ["9", "10"], "11", True),
    ("COND-16", "NumericNotEquals", "10", ABSENT, True),
)

MOMENT = "2026-01-02T03:04:05Z"
EPOCH = "1767323045"
DATES = on_key(
    "aws:CurrentTime",
    ("COND-17", "DateEquals", MOMENT, MOMENT, True),
    ("COND-17", "DateEquals", MOMENT, "2026-01-02T03:04:06Z", False),
    ("COND-17", "DateEquals", MOMENT, ABSENT, False),
    ("COND-17", "DateLessThan", MOMENT, "2026-01-02T03:04:04Z", True),
    ("COND-17", "DateLessThan", MOMENT, MOMENT, False),
    ("COND-17", "DateLessThan", MOMENT, ABSENT, False),
    ("COND-17", "DateLessThanEquals", MOMENT, MOMENT, True),
    ("COND-17", "DateLessThanEquals", MOMENT, "2026-01-02T03:04:05.001Z", False),
    ("COND-17", "DateGreaterThan", MOMENT, "2026-01-02T03:04:05.001Z", True),
    ("COND-17", "DateGreaterThan", MOMENT, MOMENT, False),
    ("COND-17", "DateGreaterThan", MOMENT, ABSENT, False),
    ("COND-17", "DateGreaterThanEquals", MOMENT, MOMENT, True),
    ("COND-17", "DateGreaterThanEquals", MOMENT, "2026-01-02T03:04:04Z", False),
    ("COND-17", "DateLessThan", ["2020-01-01", "2030-01-01"], MOMENT, True),
    ("COND-18", "DateNotEquals", MOMENT, MOMENT, False),
    ("COND-18", "DateNotEquals", MOMENT, "2026-01-02T03:04:06Z", True),
    ("COND-18", "DateNotEquals", MOMENT, ABSENT, True),
    ("COND-32", "DateEquals", "2026-01-02T04:04:05+01:00", MOMENT, True),
    ("COND-32", "DateEquals", "2026-01-01T22:04:05-05:00", MOMENT, True),
    ("COND-32", "DateEquals", "2026-01-02T03:04:05+01:00", MOMENT, False),
    ("COND-32", "DateEquals", "2026-01-02T03:04:05", MOMENT, True),
    ("COND-32", "DateEquals", "2026-01-02T03:04:05.000Z", MOMENT, True),
    ("COND-32", "DateEquals", "2026-01-02T03:04:05.678+01:00", "2026-01-02T02:04:05.678Z", True),
    ("COND-32", "DateEquals", "2026-01-02T03:04Z", "2026-01-02T03:04:00Z", True),
    ("COND-32", "DateEquals", "2026-01-02", "2026-01-02T00:00:00Z", True),
    ("COND-32", "DateEquals", "2026-01", "2026-01-01T00:00:00Z", True),
    ("COND-32", "DateEquals", "2026", "2026-01-01T00:00:00Z", True),
    ("COND-32", "DateGreaterThanEquals", "2026", "2025-12-31T23:59:59Z", False),
    ("COND-32", "DateLessThan", "2026-01-03", MOMENT, True),
    ("COND-32", "DateEquals", EPOCH, MOMENT, True),
    ("COND-32", "DateEquals", MOMENT, EPOCH, True),
    ("COND-32", "DateLessThan", "1767323046", MOMENT, True),
    ("D-17", "DateEquals", "1767323045000", MOMENT, True),
    ("D-17", "DateGreaterThan", "1767323044999", MOMENT, True),
    ("COND-35", "DateEquals", MOMENT, "yesterday", False),
)
EPOCHS = on_key("aws:EpochTime", ("COND-32", "NumericGreaterThan", "1767323044", EPOCH, True), ("COND-32", "NumericLessThan", EPOCH, EPOCH, False), ("COND-32", "NumericEquals", EPOCH, EPOCH, True), ("COND-32", "DateLessThan", MOMENT, "1767323044", True), ("COND-32", "DateGreaterThanEquals", MOMENT, EPOCH, True))

BOOLS = on_key(
    "aws:SecureTransport",
    ("COND-19", "Bool", "true", "true", True),
    ("COND-19", "Bool", "true", "false", False),
    ("COND-19", "Bool", "false", "false", True),
    ("COND-19", "Bool", "TRUE", "true", True),
    ("COND-19", "Bool", "true", "True", True),
    ("COND-19", "Bool", ["true", "false"], "false", True),
    ("COND-19", "Bool", "1", "1", False),
    ("COND-19", "Bool", "yes", "yes", False),
    ("COND-19", "Bool", "true", "yes", False),
    ("COND-19", "Bool", "", "", False),
    ("COND-19", "Bool", "tru*", "true", False),
    ("COND-19", "Bool", "true", ABSENT, False),
    ("COND-19", "Bool", "false", ABSENT, False),
)

BINARY = on_key(
    "test:Blob",
    ("COND-20", "BinaryEquals", "aGVsbG8=", "aGVsbG8=", True),
    ("COND-20", "BinaryEquals", "aGVsbG8=", "d29ybGQ=", False),
    ("COND-20", "BinaryEquals", ["d29ybGQ=", "aGVsbG8="], "aGVsbG8=", True),
    ("COND-20", "BinaryEquals", "aGVsbG8=", "AGVSBG8=", False),
    ("COND-20", "BinaryEquals", "aGVsbG8=", ABSENT, False),
)
# fmt: on


@table([*NUMBERS, *DATES, *EPOCHS, *BOOLS, *BINARY])
def test_number_date_conditions(case):
    check(case)
