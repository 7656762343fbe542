"""Wrong implementations, one for each law at least: mistakes that one could make, put in place of the right steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from pathfinder.authorization import decide
from pathfinder.authorization.public import is_public
from pathfinder.graph import role_askers, settle, world
from pathfinder.graph.hop import Hop
from pathfinder.graph.hops import assume_role
from pathfinder.graph.standing import Standing
from pathfinder.logic.formula import FALSE, any_of, present
from pathfinder.model.organization import Organization, Snapshot
from pathfinder.policy import compile as compiling
from pathfinder.policy.document import Document, Effect, Policy, PolicyKind
from pathfinder.policy.parse import parse_document
from pathfinder.routes import export, names, search, whocan
from pathfinder.snapshot import canonical, files, write
from pathfinder.snapshot.importers import iam_collect

from . import test_queries

Patch = pytest.MonkeyPatch
EVERYTHING = parse_document(
    {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]}
)
_LIMITS = frozenset({PolicyKind.SCP, PolicyKind.BOUNDARY, PolicyKind.ENDPOINT})

WRONG: list[tuple[str, str, Callable[[Patch], None], int]] = []
"""The law that catches it, what is wrong in words, how it is put in place, and a seed that soon shows it."""


def caught_by(law: str, seed: int = 0) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Enter a wrong implementation; its docstring says what is wrong."""

    def enter(wrong: Callable[[Patch], None]) -> Callable[[Patch], None]:
        assert wrong.__doc__ is not None
        WRONG.append((law, wrong.__doc__, wrong, seed))
        return wrong

    return enter


# ---- witnesses -----------------------------------------------------------------------------------------


@caught_by("test_every_witness_is_allowed_when_it_is_replayed")
def _without_what_was_chosen(patch: Patch) -> None:
    """A witness leaves out the values that the condition asks for."""
    right = settle.witness_of
    patch.setattr(settle, "witness_of", lambda a, b, c, d, _values, f: right(a, b, c, d, {}, f))


@caught_by("test_nothing_is_unproven_where_everything_is_known")
def _without_witnesses(patch: Patch) -> None:
    """No hop has a witness, and nobody says why."""
    patch.setattr(settle, "witness_of", lambda *_: None)
    patch.setattr(search, "joined", lambda _world, hops: hops)


@caught_by("test_exported_scenarios_are_allowed_standing_alone")
def _exported_without_resource_policies(patch: Patch) -> None:
    """Exported scenarios lack bucket and trust policies."""
    patch.setattr(export, "_resource", lambda _policies: None)


@caught_by("test_an_independent_evaluator_allows_exported_scenarios")
def _no_scps(patch: Patch) -> None:
    """SCPs limit nobody."""
    patch.setattr(decide, "_scp_layers", lambda *_: ())


@caught_by("test_an_independent_evaluator_allows_exported_scenarios")
def _accounts_need_not_agree(patch: Patch) -> None:
    """Across accounts the bucket's side alone decides."""
    patch.setattr(decide, "_cross_account", lambda resource, _principal: resource.allowed)


@caught_by("test_the_witnesses_of_a_route_tell_one_story")
def _each_hop_for_itself(patch: Patch) -> None:
    """Each hop of a route tells its own story."""
    patch.setattr(search, "joined", lambda _world, hops: hops)


@caught_by("test_what_a_call_passes_is_allowed_too", seed=1)
def _passing_is_free(patch: Patch) -> None:
    """Tags and source identities may be passed without permission."""
    patch.setattr(assume_role, "with_what_it_passes", lambda _world, _actor, _resource, allowed: allowed)
    patch.setattr(search, "joined", lambda _world, hops: hops)


@caught_by("test_a_hop_shows_every_further_authorization_of_its_call")
def _nothing_further(patch: Patch) -> None:
    """Further authorizations of a call are not shown."""
    right = search.joined

    def without(*arguments: Any) -> tuple[Hop, ...] | None:
        found = right(*arguments)
        return found and tuple(replace(hop, also=()) for hop in found)

    patch.setattr(search, "joined", without)


# ---- narrowing -----------------------------------------------------------------------------------------


def _reading(patch: Patch, change: Callable[[Document, PolicyKind], Document]) -> None:
    """Read every policy document as another one."""
    right = compiling.compile_statements
    patch.setattr(compiling, "compile_statements", lambda found, kind: right(change(found, kind), kind))


def _effects(document: Document) -> set[Effect | None]:
    return {statement.effect for statement in document.statements}


@caught_by("test_a_deny_never_opens", seed=2)
def _deny_lists_allow_the_rest(patch: Patch) -> None:
    """A policy with a Deny allows everything else."""

    def change(document: Document, _kind: PolicyKind) -> Document:
        more = EVERYTHING.statements if Effect.DENY in _effects(document) else ()
        return replace(document, statements=(*document.statements, *more))

    _reading(patch, change)


@caught_by("test_removing_an_allow_never_opens")
def _nothing_allowed_is_no_limit(patch: Patch) -> None:
    """An SCP, boundary or endpoint policy without any Allow limits nothing."""

    def change(document: Document, kind: PolicyKind) -> Document:
        more = EVERYTHING.statements if kind in _LIMITS and Effect.ALLOW not in _effects(document) else ()
        return replace(document, statements=(*document.statements, *more))

    _reading(patch, change)


@caught_by("test_removing_an_allow_opens_only_where_it_made_a_guarded_bucket_public")
def _public_next_door(patch: Patch) -> None:
    """RestrictPublicBuckets looks at the policy of another bucket."""
    right = world.World._public_access

    def public_access(self: world.World, bucket: Any) -> Any:
        around = sorted(self.buckets)
        following = (around.index(str(bucket.arn)) + 1) % len(around) if str(bucket.arn) in around else 0
        policy = self.buckets[around[following]].policy if around else None
        public = isinstance(policy, Policy) and is_public(policy.document)
        return replace(right(self, bucket), public=public)

    patch.setattr(world.World, "_public_access", public_access)


@caught_by("test_limits_only_narrow")
def _boundaries_grant(patch: Patch) -> None:
    """What a boundary allows is granted."""
    right = decide._granted

    def granted(
        request: Any,
        owner: Any,
        policies: Any,
        resource: Any,
        acl: Any,
        identity: Any,
        boundary: Any,
        *more: Any,
    ) -> Any:
        given = boundary if policies.boundary is not None else FALSE
        return right(request, owner, policies, resource, acl, any_of(identity, given), boundary, *more)

    patch.setattr(decide, "_granted", granted)
    patch.setattr(world.World, "grantable", lambda *_: True)
    patch.setattr(role_askers, "may_allow", lambda *_: True)


# ---- neutral -------------------------------------------------------------------------------------------


@caught_by("test_an_unrelated_account_changes_nothing", seed=1)
def _every_endpoint_is_on_the_way(patch: Patch) -> None:
    """An endpoint's policy limits requests that do not travel through it."""
    patch.setattr(decide, "_travels", lambda _endpoint: present("aws:securetransport"))


@caught_by("test_order_changes_nothing")
@caught_by("test_order_in_files_changes_nothing", seed=2)
def _as_it_came(patch: Patch) -> None:
    """Things stand in the order in which they were read."""
    patch.setattr(canonical, "_sorted", lambda items, _key: tuple(items))


@caught_by("test_order_of_what_iam_collect_wrote_changes_nothing", seed=2)
def _by_what_they_hold(patch: Patch) -> None:
    """Things stand in the order of what their files hold."""
    right = files.Folder.folders
    _as_it_came(patch)

    def held(self: files.Folder, folder: str) -> bytes:
        return sha256(b"".join(self.read(f"{folder}/{name}") or b"" for name in self.files(folder))).digest()

    def folders(self: files.Folder, folder: str = "") -> list[str]:
        return sorted(right(self, folder), key=lambda name: held(self, f"{folder}/{name}"))

    patch.setattr(files.Folder, "folders", folders)


@caught_by("test_order_within_policies_changes_no_answer")
def _first_match_wins(patch: Patch) -> None:
    """Only the first statement of a policy counts."""
    _reading(patch, lambda document, _kind: replace(document, statements=document.statements[:1]))


@caught_by("test_repeating_statements_changes_nothing")
def _first_three(patch: Patch) -> None:
    """Only three statements of a policy are read."""
    _reading(patch, lambda document, _kind: replace(document, statements=document.statements[:3]))


@caught_by("test_splitting_statements_changes_nothing")
def _first_action(patch: Patch) -> None:
    """Only the first action of a list counts."""

    def change(document: Document, _kind: PolicyKind) -> Document:
        found = (replace(each, actions=each.actions[:1]) for each in document.statements)
        return replace(document, statements=tuple(found))

    _reading(patch, change)


@caught_by("test_names_that_sort_alike_change_nothing_but_names")
def _speaking_names(patch: Patch) -> None:
    """A bucket called logs is no target."""
    right = search._last_hops

    def last_hops(*arguments: Any) -> dict[str, tuple[Hop, ...]]:
        found = right(*arguments)
        return {
            source: tuple(hop for hop in hops if "logs" not in hop.target) for source, hops in found.items()
        }

    patch.setattr(search, "_last_hops", last_hops)


@caught_by("test_names_change_nothing_but_names", seed=1)
def _first_account_manages(patch: Patch) -> None:
    """The account with the lowest id is taken for the management account."""
    right = Standing.organization_of

    def organization_of(self: Standing, account: str) -> Organization | None:
        found = right(self, account)
        return found and replace(found, management_account=min(member.account for member in found.members))

    patch.setattr(Standing, "organization_of", organization_of)


# ---- files ---------------------------------------------------------------------------------------------


def _unbounded(snapshot: Snapshot) -> Snapshot:
    return replace(
        snapshot,
        accounts=tuple(
            replace(
                account,
                users=tuple(replace(user, boundary=None) for user in account.users),
                roles=tuple(replace(role, boundary=None) for role in account.roles),
            )
            for account in snapshot.accounts
        ),
    )


@caught_by("test_writing_and_reading_change_nothing", seed=2)
def _written_without_boundaries(patch: Patch) -> None:
    """Permissions boundaries are not written."""
    right = write.canonical
    patch.setattr(write, "canonical", lambda snapshot: _unbounded(right(snapshot)))


@caught_by("test_what_iam_collect_wrote_says_the_same", seed=2)
def _imported_without_boundaries(patch: Patch) -> None:
    """Permissions boundaries are not imported."""
    right = iam_collect.canonical
    patch.setattr(iam_collect, "canonical", lambda snapshot: _unbounded(right(snapshot)))


# ---- queries -------------------------------------------------------------------------------------------


@caught_by("test_more_hops_never_take_a_route_away")
def _longest_only(patch: Patch) -> None:
    """Only routes of exactly so many hops are found."""
    patch.setattr(search, "range", lambda first, last: range(max(first, last - 1), last), raising=False)


@caught_by("test_from_gives_the_routes_of_one_start")
def _from_anywhere(patch: Patch) -> None:
    """`--from` is not read."""
    right = search._starts
    patch.setattr(search, "_starts", lambda graph, query: right(graph, replace(query, starts=())))


@caught_by("test_to_gives_the_routes_to_one_bucket")
@caught_by("test_to_gives_what_is_open_at_one_object")
def _to_anything(patch: Patch) -> None:
    """`--to` is not read."""
    patch.setattr(names.Targets, "narrowed", lambda _self, hop, _facts: hop)


@caught_by("test_action_gives_the_routes_of_some_actions")
def _whole_groups(patch: Patch) -> None:
    """`--action` shows the other actions of a hop too."""
    right = search._narrowed
    patch.setattr(
        search,
        "_narrowed",
        lambda found, hop, actions: hop if right(found, hop, actions) is not None else None,
    )


@caught_by("test_cross_account_gives_the_routes_between_accounts")
def _across_or_not(patch: Patch) -> None:
    """`--cross-account` is not read."""
    right = test_queries.find_routes
    patch.setattr(
        test_queries, "find_routes", lambda found, query: right(found, replace(query, cross_account=False))
    )


@caught_by("test_who_can_agrees_with_routes", seed=3)
def _insiders_only(patch: Patch) -> None:
    """`who-can` asks the bucket's own account alone."""
    right = whocan.Door.callers

    def callers(door: whocan.Door, found: world.World) -> Iterator[Any]:
        return (actor for actor in right(door, found) if actor.account == door.bucket.account)

    patch.setattr(whocan.Door, "callers", callers)


@caught_by("test_what_was_asked_before_changes_no_answer")
def _first_answer_again(patch: Patch) -> None:
    """A world gives its first answer again, whatever it is asked."""
    right, known = test_queries.find_routes, {}

    def find_routes(found: world.World, query: Any) -> Any:
        return known.setdefault(id(found), (found, right(found, query)))[1]

    patch.setattr(test_queries, "find_routes", find_routes)
