"""How people name principals and buckets: by ARN, name, account/name, or with wildcards. Source: ux.md."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pathfinder.aws.arn import Arn, parse_arn
from pathfinder.aws.catalogue import action as action_facts
from pathfinder.aws.catalogue import actions_of, catalogue_source
from pathfinder.aws.s3_actions import S3ResourceType, resource_types
from pathfinder.conditions.facts import Facts
from pathfinder.conditions.keys_used import keys_of
from pathfinder.conditions.simplify import simplify
from pathfinder.conditions.solve import satisfiable
from pathfinder.graph.access_points import Point, buckets_behind, point_at, target_behind
from pathfinder.graph.bucket_nodes import bucket_node
from pathfinder.graph.graph import Graph
from pathfinder.graph.hop import Hop
from pathfinder.graph.node import Node, NodeKind
from pathfinder.graph.object_lambda import supporting
from pathfinder.logic.automata import covers, disjoint
from pathfinder.logic.formula import all_of
from pathfinder.logic.patterns import parse_pattern
from pathfinder.model.resources import Bucket
from pathfinder.policy.conditions import open_text
from pathfinder.policy.context import OBJECT_KEY
from pathfinder.routes.lambda_names import LambdaAsked, lambda_asked


class UnknownNameError(ValueError):
    """A name that stands for nothing in the snapshot, or for too much; the message says what is near."""


def checked_action(text: str) -> None:
    """Raises UnknownNameError where the catalogue knows the service and no such action of it."""
    known = actions_of(text.partition(":")[0])
    if not known or action_facts(text) is not None:
        return
    near = difflib.get_close_matches(text, known, n=2, cutoff=0.7)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise UnknownNameError(f"no action is called {text}, as far as {catalogue_source()} knows{hint}")


def matching_nodes(graph: Graph, text: str, *, several: bool = True) -> tuple[Node, ...]:
    """The principals that the text names, sorted by id. Raises UnknownNameError.

    `several`: a plain name may stand for more than one; otherwise the candidates are named in the error.
    """
    reached = (NodeKind.BUCKET, NodeKind.ACCESS_POINT)
    nodes = [node for node in graph.nodes.values() if node.kind not in reached]
    return _matching(graph, text, nodes, "principal", several=several)


def matching_buckets(graph: Graph, text: str) -> tuple[Node, ...]:
    """The buckets that the text names: by name, bucket ARN, or the ARN of an object. Raises UnknownNameError."""
    buckets = [node for node in graph.nodes.values() if node.kind is NodeKind.BUCKET]
    arn = parse_arn(text)
    if arn is not None and arn.service == "s3" and "/" in arn.resource:
        text = str(arn).split("/", 1)[0]
    elif arn is None and "/" in text and not _account_of(graph, text):
        text = text.split("/", 1)[0]
    return _matching(graph, text, buckets, "bucket", several=True)


def _matching(graph: Graph, text: str, nodes: list[Node], what: str, *, several: bool) -> tuple[Node, ...]:
    found = tuple(node for node in nodes if node.id == text)
    if not found:
        pattern = parse_pattern(text, variables=False)
        found = tuple(node for node in nodes if any(pattern.matches(name) for name in _names(graph, node)))
    if not found:
        raise UnknownNameError(_not_found(graph, text, nodes, what))
    wild = any(mark in text for mark in "*?")
    if len(found) > 1 and not several and not wild:
        listed = ", ".join(node.id for node in found[:5]) + (" …" if len(found) > 5 else "")
        raise UnknownNameError(f"{what} {text} is ambiguous: {listed}")
    return found


def _names(graph: Graph, node: Node) -> Iterable[str]:
    """All names by which a node may be called."""
    yield node.id
    yield node.label
    arn = parse_arn(node.id)
    if arn is not None and arn.service == "iam" and "/" in arn.resource:
        yield arn.resource
        if node.kind in (NodeKind.OIDC_PROVIDER, NodeKind.SAML_PROVIDER):
            yield arn.resource.partition("/")[2]
    if node.account is not None:
        yield f"{node.account}/{node.label}"
        name = graph.world.account_names.get(node.account)
        if name:
            yield f"{name}/{node.label}"
    if node.kind is NodeKind.INSTANCE and arn is not None:
        yield arn.name
    if node.kind is NodeKind.ACCESS_KEY:
        yield node.id.removeprefix("key:")


def _account_of(graph: Graph, text: str) -> bool:
    first = text.split("/", 1)[0]
    return first in graph.world.accounts or first in graph.world.account_names.values()


def _not_found(graph: Graph, text: str, nodes: list[Node], what: str) -> str:
    arn = parse_arn(text)
    if arn is not None and arn.resource_type in ("role", "user"):
        what = arn.resource_type
    elif what == "bucket" and arn is not None and arn.service == "s3-object-lambda":
        what = "Object Lambda access point"
    wanted = arn.name if arn is not None else text.rsplit("/", 1)[-1]
    labels = sorted({node.label for node in nodes})
    near = difflib.get_close_matches(wanted, labels, n=3, cutoff=0.6)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no {what} {text} in the snapshot{hint}"


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets that a query asks for: bucket nodes, and the object patterns wanted in each (None: all).

    `through`: of each, the access point that it has to be reached through; None for any way.
    """

    wanted: tuple[tuple[str, str | None], ...]
    through: tuple[str | None, ...]

    def narrowed(self, hop: Hop, facts: Facts) -> Hop | None:
        """The hop as far as it reaches what is asked for; None where it does not.

        A condition that speaks of object keys is held against the keys asked for; where objects are asked for,
        actions on the bucket itself are left out (LANG-26).
        """
        here = [
            resource
            for (node_id, resource), point in zip(self.wanted, self.through, strict=True)
            if hop.target == node_id
            and point in (None, hop.through)
            and (resource is None or _overlaps(hop, resource))
        ]
        if not here:
            return None
        if None in here:
            return hop
        about = tuple(name for name in hop.actions if S3ResourceType.OBJECT in resource_types(name))
        if not about:
            return None
        hop = replace(hop, actions=about)
        if OBJECT_KEY not in keys_of(hop.condition):
            return hop
        keys = tuple(parse_pattern(each.partition("/")[2], variables=False) for each in here if each)
        condition = all_of(hop.condition, open_text(OBJECT_KEY, keys))
        if satisfiable(condition, facts) is False:
            return None
        return replace(hop, condition=simplify(condition, facts))


def matching_targets(graph: Graph, texts: tuple[str, ...]) -> Targets | None:
    """What the texts name, None where there are none. Raises UnknownNameError."""
    if not texts:
        return None
    wanted: dict[tuple[str, str | None, str | None], None] = {}
    for text in texts:
        point = point_asked(graph, text)
        if point is not None:
            wanted.update((each, None) for each in _behind(graph, point))
            continue
        of_lambda = lambda_asked(graph.world, text)
        if of_lambda is not None:
            wanted[_behind_lambda(graph, of_lambda)] = None
            continue
        arn = parse_arn(text)
        for node in matching_buckets(graph, text):
            exact = None
            if arn is not None and arn.service == "s3" and "/" in arn.resource:
                exact = text
            elif arn is None and "/" in text and not _account_of(graph, text):
                exact = f"{node.id}/{text.split('/', 1)[1]}"
            wanted[(node.id, exact, None)] = None
    return Targets(
        tuple((node_id, exact) for node_id, exact, _ in wanted), tuple(point for *_, point in wanted)
    )


def point_asked(graph: Graph, text: str) -> Arn | None:
    """The access point that the text names, or the object through it: by its ARN, or by its alias (S3-54).

    An alias stands where a bucket's name may: `reports-abc-s3alias`, `reports-abc-s3alias/a`, or in an ARN.
    """
    arn = parse_arn(text)
    if arn is not None and (arn.is_access_point or (not arn.is_bucket and not arn.is_object)):
        return arn if arn.is_access_point else None
    alias, _, key = (arn.resource if arn is not None else text).partition("/")
    if not alias.endswith("-s3alias"):
        return None
    points = (each for account in graph.world.snapshot.accounts for each in account.access_points)
    found = next((each.arn for each in points if each.alias == alias), None)
    if found is None or not key:
        return found
    return replace(found, resource=f"{found.resource}/object/{key}")


def key_asked(graph: Graph, resource: str) -> str | None:
    """The object key, or pattern, that the text names; None for a bucket or an access point as a whole."""
    named = point_asked(graph, resource)
    if named is not None:
        return named.resource.split("/", 3)[3] if named.is_object_through_access_point else None
    of_lambda = lambda_asked(graph.world, resource)
    if of_lambda is not None:
        return of_lambda.key
    arn = parse_arn(resource)
    if arn is None and _account_of(graph, resource):
        return None
    text = arn.resource if arn is not None else resource
    return text.split("/", 1)[1] if "/" in text else None


def matching_points(graph: Graph, arn: Arn) -> tuple[tuple[Point, Bucket], ...]:
    """The access points that an ARN names, each with the buckets behind it. Raises UnknownNameError."""
    own = arn.own_access_point
    nodes = [node for node in graph.nodes.values() if node.kind is NodeKind.ACCESS_POINT]
    world = graph.world
    found: list[tuple[Point, Bucket]] = []
    for node in _matching(graph, str(own), nodes, "access point", several=True):
        at = parse_arn(node.id)
        point = point_at(world, at) if at is not None else None
        if point is not None:
            found.extend((point, bucket) for bucket in buckets_behind(world, point))
    return tuple(found)


def _behind(graph: Graph, arn: Arn) -> Iterator[tuple[str, str | None, str | None]]:
    """The buckets behind the access points that an ARN names, with the object that it names."""
    for point, bucket in matching_points(graph, arn):
        behind = target_behind(arn, bucket)
        exact = None if behind == bucket.arn else str(behind)
        yield bucket_node(graph.world, bucket).id, exact, str(point.arn)


def _behind_lambda(graph: Graph, asked: LambdaAsked) -> tuple[str, str | None, str | None]:
    """The bucket behind an Object Lambda access point, with the object that is named. Raises UnknownNameError."""
    why, behind = asked.why_not_followed(graph.world), supporting(graph.world, asked.point)
    if why is not None or behind is None:
        raise UnknownNameError(f"{why} (S3-56)")
    bucket = behind[1]
    exact = None if asked.key is None else f"{bucket.arn}/{asked.key}"
    return bucket_node(graph.world, bucket).id, exact, str(asked.point.arn)


def _overlaps(hop: Hop, resource: str) -> bool:
    asked = parse_pattern(resource, variables=False)
    if not any(not disjoint(parse_pattern(each, variables=False), asked) for each in hop.resources):
        return False
    return not any(covers(parse_pattern(each, variables=False), asked) for each in hop.except_)
