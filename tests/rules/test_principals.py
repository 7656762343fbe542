"""Chapter 3: which caller each form of Principal names, and how strong the grant is.

Each table has a row for each form and a column for each caller of account A:
`A` allowed, `-` implicitly denied, `X` explicitly denied.
"""

from .cases import (
    ALLOW,
    EXPLICIT,
    FEDERATED,
    FULL_ACCESS,
    IMPLICIT,
    OTHER_ROLE,
    OTHER_USER,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    USER,
    A,
    B,
    C,
    allow,
    case,
    check,
    deny,
    table,
)

# fmt: off
FORMS = {
    "account number": ("PRIN-1", {"AWS": A}),
    "root ARN": ("PRIN-1", {"AWS": ROOT}),
    "user ARN": ("PRIN-3", {"AWS": USER}),
    "role ARN": ("PRIN-5", {"AWS": ROLE}),
    "session ARN": ("PRIN-6", {"AWS": SESSION}),
    "federated-user ARN": ("PRIN-7", {"AWS": FEDERATED}),
    "*": ("PRIN-11", "*"),
    "AWS *": ("PRIN-12", {"AWS": "*"}),
    "other account": ("PRIN-1", {"AWS": C}),
    "other user": ("PRIN-3", {"AWS": OTHER_USER}),
    "other role": ("PRIN-5", {"AWS": OTHER_ROLE}),
    "other session name": ("PRIN-6", {"AWS": SESSION + "2"}),
    "other federated user": ("PRIN-7", {"AWS": FEDERATED + "2"}),
    "service": ("PRIN-9", {"Service": SERVICE}),
    "identity provider": ("PRIN-14", {"Federated": f"arn:aws:iam::{A}:saml-provider/idp"}),
}
CALLERS = {"root": {"principal": ROOT}, "user": {"principal": USER}, "role": {"principal": ROLE}, "session": {"principal": SESSION}, "federated": {"principal": FEDERATED, "federated_by": USER}}
WORDS = {"A": ALLOW, "-": IMPLICIT, "X": EXPLICIT}


def matrix(situation, effect, cells, rule=None, **policies):
    """One case for each cell of a table whose first line names the callers."""
    header, *rows = [line.split("|") for line in cells.strip().splitlines()]
    callers = [name.strip() for name in header[1:]]
    for form, *marks in rows:
        form_rule, principal = FORMS[form.strip()]
        for caller, mark in zip(callers, marks, strict=True):
            limits = dict(policies)
            if caller == "federated":
                limits.setdefault("session", policies.get("federated_session"))
            limits.pop("federated_session", None)
            title = f"{situation}: {form.strip()} for {caller}"
            yield case(rule or form_rule, title, **CALLERS[caller], resource_policy=effect(to=principal), **limits, expect=WORDS[mark.strip()])


EC2_ONLY = allow("ec2:*")

GRANTS = [
    *matrix(
        "bucket policy only",
        allow,
        """
        form                 | user | role | session | federated
        account number       | -    | -    | -       | -
        root ARN             | -    | -    | -       | -
        user ARN             | A    | -    | -       | -
        role ARN             | -    | A    | A       | -
        session ARN          | -    | -    | A       | -
        federated-user ARN   | -    | -    | -       | A
        *                    | A    | A    | A       | A
        AWS *                | A    | A    | A       | A
        other account        | -    | -    | -       | -
        other user           | -    | -    | -       | -
        other role           | -    | -    | -       | -
        other session name   | -    | -    | -       | -
        other federated user | -    | -    | -       | -
        service              | -    | -    | -       | -
        identity provider    | -    | -    | -       | -
    """,
    ),
    *matrix(
        "boundary ec2:*",
        allow,
        """
        form                 | user | role | session
        account number       | -    | -    | -
        user ARN             | A    | -    | -
        role ARN             | -    | -    | -
        session ARN          | -    | -    | A
        *                    | A    | A    | A
        AWS *                | A    | A    | A
    """,
        rule="PRIN-24",
        boundary=EC2_ONLY,
    ),
    *matrix(
        "boundary s3:*",
        allow,
        """
        form                 | user | role | session
        account number       | -    | -    | -
        role ARN             | -    | A    | A
    """,
        rule="PRIN-24",
        boundary=allow("s3:*"),
    ),
    *matrix(
        "session policy ec2:*",
        allow,
        """
        form                 | role | session | federated
        account number       | -    | -       | -
        user ARN             | -    | -       | -
        role ARN             | -    | -       | -
        session ARN          | -    | A       | -
        federated-user ARN   | -    | -       | A
        *                    | A    | A       | A
    """,
        rule="PRIN-24",
        session=EC2_ONLY,
    ),
    *matrix(
        "session policy s3:*",
        allow,
        """
        form                 | role | session | federated
        account number       | -    | -       | -
        user ARN             | -    | -       | A
        role ARN             | A    | A       | -
    """,
        rule="PRIN-24",
        session=allow("s3:*"),
    ),
    *matrix(
        "cross account, identity allows",
        allow,
        """
        form                 | root | user | role | session | federated
        account number       | A    | A    | A    | A       | A
        root ARN             | A    | A    | A    | A       | A
        user ARN             | -    | A    | -    | -       | A
        role ARN             | -    | -    | A    | A       | -
        session ARN          | -    | -    | -    | A       | -
        federated-user ARN   | -    | -    | -    | -       | A
        *                    | A    | A    | A    | A       | A
        AWS *                | A    | A    | A    | A       | A
        other account        | -    | -    | -    | -       | -
        other session name   | -    | -    | -    | -       | -
        service              | -    | -    | -    | -       | -
    """,
        resource_account=B,
        identity=[FULL_ACCESS],
        federated_session=FULL_ACCESS,
    ),
    *matrix(
        "cross account, identity silent",
        allow,
        """
        form                 | user | role | session | federated
        account number       | -    | -    | -       | -
        user ARN             | -    | -    | -       | -
        role ARN             | -    | -    | -       | -
        session ARN          | -    | -    | -       | -
        federated-user ARN   | -    | -    | -       | -
        *                    | -    | -    | -       | -
    """,
        rule="PRIN-24",
        resource_account=B,
    ),
]

DENIES = [
    *matrix(
        "denied",
        deny,
        """
        form                 | root | user | role | session | federated
        account number       | X    | X    | X    | X       | X
        root ARN             | X    | X    | X    | X       | X
        user ARN             | A    | X    | A    | A       | X
        role ARN             | A    | A    | X    | X       | A
        session ARN          | A    | A    | A    | X       | A
        federated-user ARN   | A    | A    | A    | A       | X
        *                    | X    | X    | X    | X       | X
        AWS *                | X    | X    | X    | X       | X
        other account        | A    | A    | A    | A       | A
        other session name   | A    | A    | A    | A       | A
        service              | A    | A    | A    | A       | A
    """,
        rule="PRIN-19",
        identity=[FULL_ACCESS],
        federated_session=FULL_ACCESS,
    )
]


def not_principal(effect):
    return lambda to: effect(NotPrincipal=to)


NOT_PRINCIPAL = [
    *matrix(
        "Allow NotPrincipal, nothing else",
        not_principal(allow),
        """
        form                 | user | role | session | federated
        account number       | -    | -    | -       | -
        user ARN             | -    | A    | A       | -
        role ARN             | A    | -    | -       | A
        session ARN          | A    | A    | -       | A
        federated-user ARN   | A    | A    | A       | -
        *                    | -    | -    | -       | -
        other account        | A    | A    | A       | A
        service              | A    | A    | A       | A
    """,
        rule="PRIN-20",
    ),
    *matrix(
        "Deny NotPrincipal",
        not_principal(deny),
        """
        form                 | root | user | role | session | federated
        account number       | A    | A    | A    | A       | A
        user ARN             | X    | A    | X    | X       | A
        role ARN             | X    | X    | A    | A       | X
        session ARN          | X    | X    | X    | A       | X
        other account        | X    | X    | X    | X       | X
        *                    | A    | A    | A    | A       | A
    """,
        rule="PRIN-20",
        identity=[FULL_ACCESS],
        federated_session=FULL_ACCESS,
    ),
]
# fmt: on


@table(GRANTS + DENIES + NOT_PRINCIPAL)
def test_principals(case):
    check(case)
