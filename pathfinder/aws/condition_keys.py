"""Condition keys: type, number of values, who controls them, and when a request has them.

The table (`condition_key_rows`) is evaluation.md chapter 6, row by row; types of service-specific keys
outside of it come from the generated catalogue. Key names ignore case (COND-3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from pathfinder.aws import catalogue
from pathfinder.aws.condition_key_rows import ALWAYS, ROWS


class ValueType(Enum):
    """The type of a key's values; column *T*."""

    STRING = "string"
    ARN = "arn"
    BOOL = "bool"
    NUMBER = "number"
    DATE = "date"
    ADDRESS = "ip"


class Controller(Enum):
    """Who controls a key's value; column *Ctl*."""

    CALLER = "C"
    """The caller chooses it freely for each request."""
    HOLDER = "c"
    """The caller chooses it, but signs, pays or holds something real: a network, an MFA device."""
    PRINCIPAL = "P"
    """The principal fixes it."""
    SESSION = "S"
    """It is fixed when the session is created."""
    RESOURCE = "R"
    """The resource fixes it."""
    ENVIRONMENT = "E"
    """It is the environment's."""
    SERVICE = "V"
    """An AWS service sets it."""
    PROVIDER = "IdP"
    """The identity provider asserts it."""
    API = "API"
    """The API that is used fixes it."""


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What chapter 6 says of a condition key.

    `key`: AWS's spelling. `controllers`: the first is the one that matters most. `present_when`: `ALWAYS`,
    or in which requests it is. `chain`: what a later hop's request sees of it; `-` where that means nothing.
    """

    key: str
    type: ValueType
    multivalued: bool
    controllers: tuple[Controller, ...]
    present_when: str
    chain: str

    @property
    def controller(self) -> Controller:
        """Who controls it before all others."""
        return self.controllers[0]

    @property
    def always_present(self) -> bool:
        """Whether every request has it."""
        return self.present_when == ALWAYS


@lru_cache(maxsize=1 << 14)
def key_facts(key: str) -> KeyFacts | None:
    """The facts of a key of chapter 6, spelled as AWS spells it; None for any other key."""
    exact = _EXACT.get(key.lower())
    if exact is not None:
        return exact
    for template in _TEMPLATES:
        if catalogue.is_instance(key, template.key):
            return replace(template, key=_fill(template.key, key))
    if not _is_claim(key):
        return None
    entry = catalogue.condition_key(key)
    # The row says "S/n": the claim decides. Authentication methods are a list in every token that has them,
    # though the catalogue types Cognito's as one text.
    several = key.lower().endswith(":amr") or (entry is not None and entry.type.startswith(_ARRAY))
    return replace(_CLAIM, key=entry.name if entry else key, multivalued=several)


def spelling(key: str) -> str:
    """The key as AWS spells it; a tag's name, and a key that is not known, stay as given."""
    facts = key_facts(key)
    if facts is not None:
        return facts.key
    entry = catalogue.condition_key(key)
    if entry is None:
        return key
    return _fill(entry.name, key)


def is_multivalued(key: str) -> bool:
    """Whether a request may hold several values of it; false for a key that is not known."""
    facts = key_facts(key)
    if facts is not None:
        return facts.multivalued
    entry = catalogue.condition_key(key)
    return entry is not None and entry.type.startswith(_ARRAY)


def value_type(key: str) -> ValueType:
    """The type of its values; text for a key that is not known."""
    facts = key_facts(key)
    if facts is not None:
        return facts.type
    entry = catalogue.condition_key(key)
    return ValueType.STRING if entry is None else _CATALOGUE_TYPES[entry.type.removeprefix(_ARRAY)]


def always_present(key: str) -> bool:
    """Whether every request has it, whoever makes it."""
    facts = key_facts(key)
    return facts is not None and facts.always_present


def known_keys() -> tuple[KeyFacts, ...]:
    """Every row of chapter 6; the open part of a key is written `${…}`."""
    return tuple(_EXACT.values()) + _TEMPLATES


_ARRAY = "ArrayOf"
_CATALOGUE_TYPES = {
    "String": ValueType.STRING,
    "ARN": ValueType.ARN,
    "Bool": ValueType.BOOL,
    "Numeric": ValueType.NUMBER,
    "Date": ValueType.DATE,
    "IPAddress": ValueType.ADDRESS,
}

_LETTERS = {
    "S": ValueType.STRING,
    "A": ValueType.ARN,
    "B": ValueType.BOOL,
    "N": ValueType.NUMBER,
    "D": ValueType.DATE,
    "I": ValueType.ADDRESS,
}
_CLAIM = KeyFacts(
    key="",
    type=ValueType.STRING,
    multivalued=False,
    controllers=(Controller.PROVIDER,),
    present_when="only in the AssumeRoleWithSAML or AssumeRoleWithWebIdentity call",
    chain="lost",
)
"""Any other `saml:…` or `<oidc-host>:…` key."""


def _rows() -> Iterator[KeyFacts]:
    for keys, letter, values, controllers, present_when, chain in ROWS:
        for key in keys.split():
            yield KeyFacts(
                key=key,
                type=_LETTERS[letter],
                multivalued=values == "n",
                controllers=tuple(Controller(text) for text in controllers.split()),
                present_when=present_when,
                chain=chain,
            )


_EXACT = {facts.key.lower(): facts for facts in _rows() if "${" not in facts.key}
_TEMPLATES = tuple(facts for facts in _rows() if "${" in facts.key)


def _is_claim(key: str) -> bool:
    """Whether it is an identity provider's claim: `saml:aud`, `token.actions.githubusercontent.com:sub`."""
    host, colon, claim = key.lower().rpartition(":")
    if not colon or not claim:
        return False
    return host == "saml" or ("." in host.partition("/")[0] and ":" not in host)


def _fill(template: str, key: str) -> str:
    """The template's spelling with the key's own text where the template is open."""
    start, opened, rest = template.partition("${")
    if not opened:
        return template
    end = rest.partition("}")[2]
    return start + key[len(start) : len(key) - len(end)] + end
