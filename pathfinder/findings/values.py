"""What condition keys can hold, whatever the inventory: AWS's own alphabets. Source: KEY-4, TERM-7, chapter 6."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from string import ascii_letters, ascii_lowercase, digits

from pathfinder.aws.condition_keys import Controller, ValueType, key_facts, value_type
from pathfinder.conditions.facts import Facts, catalogue_domain
from pathfinder.conditions.key_domain import KeyDomain
from pathfinder.graph.guarantees import axioms
from pathfinder.logic.automata import Characters, Length, Sequences, Unit, only
from pathfinder.model.organization import Snapshot

_NO_WILDCARD = Length(Characters(frozenset("*?"), inverted=True), 0, 4096)
"""No ARN of a principal, id, tag value or name of AWS's has `*` or `?` in it."""

_NAME = only(ascii_letters + digits + "_+=,.@-/ ")
_PARTITION = Unit(only(ascii_lowercase + "-"), many=True)
_DIGIT = Unit(only(digits))


def _arn(service: str, account: tuple[Unit, ...], resource: str, *, named: bool = True) -> tuple[Unit, ...]:
    name = (Unit(_NAME), Unit(_NAME, many=True)) if named else ()
    return (*_text("arn:"), _PARTITION, *_text(f":{service}::"), *account, *_text(f":{resource}"), *name)


def _text(text: str) -> tuple[Unit, ...]:
    return tuple(Unit(only(each)) for each in text)


_PRINCIPALS = Sequences(
    (
        _arn("iam", (_DIGIT,) * 12, "user/"),
        _arn("iam", (_DIGIT,) * 12, "role/"),
        _arn("iam", (_DIGIT,) * 12, "root", named=False),
        _arn("sts", (_DIGIT,) * 12, "federated-user/"),
        _arn("iam", _text("cloudfront"), "user/"),
    )
)
"""What aws:PrincipalArn holds: never the ARN of a role's session (KEY-4)."""


class _Domains(Mapping[str, KeyDomain]):
    """The catalogue's domains, narrowed to what AWS and the owners of principals and resources can put there."""

    def __init__(self) -> None:
        self._known: dict[str, KeyDomain] = {}

    def __getitem__(self, key: str) -> KeyDomain:
        if key not in self._known:
            self._known[key] = _domain(key)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _domain(key: str) -> KeyDomain:
    domain = catalogue_domain(key)
    if key == "aws:principalarn":
        return replace(domain, texts=_PRINCIPALS, null=False)
    return (
        replace(domain, texts=_NO_WILDCARD) if is_free_of_wildcards(key) and domain.texts is None else domain
    )


def is_free_of_wildcards(key: str) -> bool:
    """Whether no value of the key can hold `*` or `?`: AWS or an owner sets it, and the caller does not."""
    facts = key_facts(key)
    if facts is None or value_type(key) not in (ValueType.STRING, ValueType.ARN):
        return False
    chosen = {Controller.CALLER, Controller.ENVIRONMENT, Controller.PROVIDER}
    if key in ("aws:sourcevpc", "aws:sourcevpce", "aws:requestedregion"):
        return True
    return chosen.isdisjoint(facts.controllers)


_DOMAINS = _Domains()
_FACTS: dict[str, Facts] = {}


def facts_of(service: str) -> Facts:
    """What holds of every request to a service in any world."""
    known = _FACTS.get(service)
    if known is None:
        known = _FACTS[service] = Facts(domains=_DOMAINS, axioms=axioms(service, Snapshot(())))
    return known
