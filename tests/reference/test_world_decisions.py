"""All contexts at once or one by one: the same answers. Laws of sets of contexts."""

import random
from typing import Any

import pytest

from .context_sets import Contexts
from .reference import evaluate
from .world_decisions import Request, allowed
from .world_points import ACTIONS
from .world_reach import Brute
from .world_requests import signing_arn
from .worlds import random_world

PICKED = 60  # requests a world, and contexts a request
CONTEXTS = Contexts([[{"a": "1"}, {"a": "2"}, {}], [{"B": "x"}, {"c": "y"}]])


@pytest.mark.parametrize(
    ("keys", "number"),
    [([], 1), (["a"], 3), (["b"], 2), (["a", "b"], 6), (["b", "c"], 2), (["other"], 1)],
)
def test_choices_part_the_contexts(keys: list[str], number: int) -> None:
    masks = [mask for _, mask in CONTEXTS.choices(keys)]
    assert len(masks) == number
    assert sum(masks) == CONTEXTS.every  # all of them, and none twice
    assert len({mask.bit_count() for mask in masks}) == 1


def test_where_is_the_union_of_the_choices_that_hold() -> None:
    absent = CONTEXTS.where(["a"], lambda chosen: "a" not in chosen)
    other = CONTEXTS.where(["c"], lambda chosen: chosen.get("c") == "y")
    assert absent.bit_count() == 2
    assert other.bit_count() == 3
    assert (absent & other).bit_count() == 1


def contexts_of(request: Request) -> list[tuple[dict[str, object], int]]:
    """Every context with its bit."""
    return request.contexts.choices([key for d in request.contexts.dimensions for o in d for key in o])


@pytest.mark.parametrize("seed", range(12))
def test_all_contexts_at_once_equal_one_by_one(seed: int) -> None:
    brute, choose = Brute(random_world(seed)), random.Random(seed)
    actors = list(brute.actors())
    questions = [(action, resource) for action, resource in brute.points() if action in ACTIONS]
    questions += [("sts:AssumeRole", role) for role in brute.requests.roles] * 5
    for _ in range(PICKED):
        actor, (action, resource) = choose.choice(actors), choose.choice(questions)
        request = brute.requests.request(actor, action, resource)
        policies, gates = brute.requests.policies(actor, resource), brute.requests.endpoint_policies()
        allowing = allowed(request)
        every = contexts_of(request)
        for chosen, bit in choose.sample(every, min(PICKED, len(every))):
            context = {**request.facts, **chosen}
            asked: dict[str, Any] = {"principal": signing_arn(actor), "action": action, "resource": resource}
            asked |= {"resource_account": request.owner, "context": context}
            applying = policies | {"vpc_endpoint": gates.get(str(context.get("aws:sourcevpce")))}
            one_by_one = evaluate({"request": asked, "policies": applying}) == "allow"
            assert (allowing & bit != 0) == one_by_one, (actor, action, resource, context)
