"""What a reviewer pins for a whole run: values of condition keys, and the way that requests travel.

An assumption holds in every request that can carry the key. What AWS fixes is compared with it: a request whose
fixed value contradicts is not made. What is open is narrowed to it. Source: evaluation.md KEY-1, KEY-6, STS-14.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pathfinder.authorization.caller import Caller, ServiceCaller
from pathfinder.conditions.assumptions import Assumption, AssumptionError
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.facts import ROLE_TAGS, delivering_service
from pathfinder.graph.guarantees import NETWORK_KEYS, axioms
from pathfinder.graph.travel import ORGANIZATION, ROUTED, Way, endpoints_of, ways_of
from pathfinder.logic.formula import TRUE, AllOf, Formula, all_of, any_of, present
from pathfinder.model.organization import Snapshot
from pathfinder.policy.context import SESSION_NAME, Context

Guarantees = Callable[[str], Facts]
"""What AWS guarantees of requests to a service."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Keys that are pinned, and ways to travel; of several ways for one service, any."""

    keys: tuple[Assumption, ...] = ()
    ways: tuple[Way, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keys or self.ways)

    def of_request(self, caller: Caller, service: str, context: Context, guarantees: Guarantees) -> Formula:
        """What is assumed of a request in this context; FALSE: such a request is not made."""
        return all_of(
            self._travel(caller, service),
            *(
                assumption.within(context)
                for assumption in self._carried_by(service, guarantees)
                if not _is_services_own(assumption, caller, service, context)
            ),
        )

    def of_service(self, service: str, guarantees: Guarantees) -> Formula:
        """What is assumed of requests to a service, whoever of an account makes them."""
        ways = [way.formula for way in self.ways if way.services is None or service in way.services]
        pinned = (assumption.formula for assumption in self._carried_by(service, guarantees))
        return all_of(any_of(*ways) if ways else TRUE, *pinned)

    def _travel(self, caller: Caller, service: str) -> Formula:
        ways = [way.of_request(caller, service) for way in self.ways if way.concerns(caller, service)]
        return any_of(*ways) if ways else TRUE

    def _carried_by(self, service: str, guarantees: Guarantees) -> tuple[Assumption, ...]:
        """All but those that only requests to another service can meet.

        No STS call travels through an endpoint for S3 (VPCE-6).
        """
        return tuple(
            _if_shown(each, service)
            for each in self.keys
            if _can_meet(each, service, guarantees)
            or not any(_can_meet(each, other, guarantees) for other in ROUTED)
        )


NO_ASSUMPTIONS = Assumptions()


def assumptions_of(snapshot: Snapshot, keys: tuple[Assumption, ...], networks: Iterable[str]) -> Assumptions:
    """What is pinned, networks by their names. Raises AssumptionError for a name that is not known.

    Also where no request at all can meet everything that is said of its keys.
    """
    ways = tuple(_way(snapshot, name) for name in dict.fromkeys(networks))
    found = Assumptions(keys, ways)
    facts = {service: Facts(axioms=axioms(service, snapshot)) for service in ROUTED}
    for service in ROUTED if keys else ():
        travelling = Assumptions(ways=ways).of_service(service, facts.__getitem__)
        if satisfiable(travelling, facts[service]) is False:
            continue
        if satisfiable(found.of_service(service, facts.__getitem__), facts[service]) is False:
            said = ", ".join((*(text for key in keys for text in key.given), *(way.name for way in ways)))
            raise AssumptionError(f"no request to {service} can meet all that is assumed: {said}")
    return found


def _way(snapshot: Snapshot, name: str) -> Way:
    ways = {way.name: way for way in ways_of(snapshot)}
    if name in ways:
        return ways[name]
    endpoint = next((each for each in endpoints_of(snapshot) if each.id == name), None)
    if endpoint is not None:
        raise AssumptionError(
            f"{name} is an endpoint for {endpoint.service}; routes need {' and '.join(ROUTED)}"
        )
    if name == ORGANIZATION:
        raise AssumptionError("the snapshot holds no organization, so that it has no other networks of one")
    near = difflib.get_close_matches(name, ways, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}? There is" if near else "there is"
    raise AssumptionError(f"no network {name} in the snapshot; {hint}: {', '.join(ways)}")


def _can_meet(assumption: Assumption, service: str, guarantees: Guarantees) -> bool:
    return satisfiable(assumption.formula, guarantees(service)) is not False


_PERHAPS_SHOWN = frozenset({"aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"})
"""Network keys that only some services support; of S3 and KMS it is known that they do (VPCE-5)."""


def _if_shown(assumption: Assumption, service: str) -> Assumption:
    """The assumption, or for a service that perhaps does not show the key: if it does."""
    if assumption.key not in _PERHAPS_SHOWN or service in ("s3", "kms"):
        return assumption
    return replace(assumption, formula=any_of(present(assumption.key).opposite(), assumption.formula))


def _is_services_own(assumption: Assumption, caller: Caller, service: str, context: Context) -> bool:
    """Whether the key is about AWS itself here: the network of a service, and what it is when it delivers sessions."""
    if not isinstance(caller, ServiceCaller):
        return False
    return assumption.key in NETWORK_KEYS or (service != "s3" and assumption.is_fixed_in(context))


def narrowing(formula: Formula) -> tuple[Formula, ...]:
    """The parts of what is assumed under which conditions can be made shorter.

    Not those on what hops give and take over from each other: these stay in the conditions, where the hops of a
    route are decided together. What ties such keys to who makes the request is no assumption, and stays.
    """
    parts = formula.parts if isinstance(formula, AllOf) else (formula,)
    return tuple(part for part in parts if part != TRUE and not _is_about_carried(part))


def _is_about_carried(part: Formula) -> bool:
    keys = keys_of(part)
    return bool(keys) and all(map(is_carried, keys))


_CARRIED = frozenset(
    {
        SESSION_NAME,
        "sts:rolesessionname",
        "aws:sourceidentity",
        "sts:sourceidentity",
        "aws:tagkeys",
        "sts:transitivetagkeys",
        "aws:federatedprovider",
    }
)
_CARRIED_KINDS = ("aws:principaltag/", "aws:requesttag/", *ROLE_TAGS, "saml:", "identitystore:")


def is_carried(key: str) -> bool:
    """Whether a session carries the key, or a call gives it to the session that it starts (STS-30 to STS-34)."""
    kind = key.partition(":")[0]
    return (
        key in _CARRIED
        or key.startswith(_CARRIED_KINDS)
        or "." in kind
        or delivering_service(key) is not None
    )
