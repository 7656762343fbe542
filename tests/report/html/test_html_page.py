"""The page as text: self-contained, the same each time, and deaf to what names try."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from html_answers import (
    APP,
    HOSTILE,
    bucket,
    hostile,
    only,
    organization,
    reach,
    route,
    sentence,
    three_designs,
    user,
)

from pathfinder.graph.node import NodeKind
from pathfinder.logic.formula import TRUE, Formula, Unknown, all_of
from pathfinder.report.html import render
from pathfinder.report.html.assets import json_for_script, vis_network
from pathfinder.report.html.condition_kinds import condition_kinds
from pathfinder.report.html.nodes import LOOKS
from pathfinder.routes.route import Found, Query


def page(found, title: str = "Routes") -> str:
    return render(found, title=title, sentence=sentence)


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style") and dict(attrs).get("type") != "application/json":
            self.inline.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem and self.elements[-1][1].get("type") != "application/json":
            self.inline[-1] = (self.inline[-1][0], self.inline[-1][1] + data)


@pytest.fixture(scope="module")
def hostile_page() -> str:
    return page(hostile(), title=HOSTILE[0])


def test_the_same_answer_gives_the_same_page() -> None:
    assert page(three_designs()) == page(three_designs())
    assert page(organization(400)) == page(organization(400))


@pytest.mark.parametrize(
    "found",
    [three_designs(), hostile(), replace(three_designs(), routes=())],
    ids=["routes", "hostile", "empty"],
)
def test_nothing_is_loaded_and_nothing_handles_events_inline(found) -> None:
    for tag, attributes in Elements(page(found)).elements:
        assert tag not in ("iframe", "object", "embed", "base", "img")
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "srcset", "style")
        ]
        if "href" in attributes:
            assert attributes["href"].startswith(("#", "data:,"))


def test_the_security_policy_names_each_script_and_style_by_its_hash() -> None:
    elements = Elements(page(three_designs()))
    policy = next(
        a["content"] for t, a in elements.elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert len(elements.inline) == 3
    for _, text in elements.inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_hostile_names_make_no_element(hostile_page: str) -> None:
    plain = {tag for tag, _ in Elements(page(three_designs())).elements}
    elements = Elements(hostile_page)
    assert {tag for tag, _ in elements.elements} <= plain
    assert [tag for tag, _ in elements.inline] == ["style", "script", "script"]


def test_hostile_characters_are_written_out(hostile_page: str) -> None:
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
        hostile_page.replace(vis_network(), ""),
    )
    assert "turned⟨U+202E⟩gpj.exe" in hostile_page
    assert "{{ 7*7 }}{% raw %}" in hostile_page
    hostile_page.encode()


def test_data_in_a_script_block_comes_out_as_it_went_in() -> None:
    content = {text: [text] for text in HOSTILE}
    block = json_for_script(content)
    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block) == content


def test_every_kind_has_its_look() -> None:
    assert set(LOOKS) == set(NodeKind)
    shapes = {
        kind: (look.outline, look.sign) for kind, look in LOOKS.items() if kind is not NodeKind.SAML_PROVIDER
    }
    assert len(set(shapes.values())) == len(shapes)


def test_the_table_says_the_same_without_the_drawing() -> None:
    text = page(three_designs())
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    assert table.count("<tr>") == 16
    assert "S3AccessRole" in table
    assert "aws:sourcevpce is vpce-0aaa" in table


def test_a_bucket_without_a_known_owner_is_not_outside() -> None:
    start, target = user("u", APP), bucket("b", None)
    found = Found(Query(), (route(1, "identity policy", (start, target), reach(start, target)),), (), {})
    text = page(found)
    content = json.loads(re.search(r"<script[^>]*application/json[^>]*>(.*?)</script>", text, re.S)[1])
    assert [each["outside"] for each in content["nodes"]] == [False, False]
    assert content["routes"][0]["unowned"]
    assert {lane["title"] for lane in content["drawing"]["lanes"]} == {APP, "Owner not known"}
    assert '<circle class="outside"' not in text


KIND_CASES = [
    (TRUE, ()),
    (only("aws:sourcevpce", "vpce-1"), ("network",)),
    (only("aws:vpcsourceip", "10.0.0.1"), ("network",)),
    (only("aws:viaawsservice", "true"), ("through a service",)),
    (only("aws:principalorgid", "o-1"), ("organization or account",)),
    (only("aws:multifactorauthpresent", "true"), ("MFA",)),
    (only("aws:securetransport", "true"), ("TLS",)),
    (only("aws:principaltag/team", "red"), ("tags",)),
    (only("sts:externalid", "z9"), ("external id",)),
    (only("s3:prefix", "a"), ("other",)),
    (all_of(only("s3:prefix", "a"), only("aws:sourcevpc", "vpc-1")), ("network", "other")),
    (Unknown("x"), ("unknown",)),
]


@pytest.mark.parametrize(("condition", "kinds"), KIND_CASES, ids=[str(each[0])[:60] for each in KIND_CASES])
def test_the_kinds_of_a_condition(condition: Formula, kinds: tuple[str, ...]) -> None:
    assert condition_kinds((condition, TRUE)) == kinds


def test_only_kinds_that_are_there_can_be_chosen() -> None:
    text = page(three_designs())
    chosen = text[text.index('<select id="open">') :].partition("</select>")[0]
    assert '<option value="about network">network</option>' in chosen
    assert "about external id" not in chosen


def test_a_long_table_says_that_it_is_cut() -> None:
    text = page(organization(400))
    assert text[text.index("<tbody>") : text.index("</tbody>")].count("<tr>") == 500
    assert "The first 500 of" in text


def test_no_route_says_why_and_shows_the_gaps() -> None:
    text = page(replace(three_designs(), routes=()))
    assert "No route found" in text
    assert "to my-bucket or public-site" in text
    assert "VPC endpoints could not be read" in text
    assert "<script" not in text


def test_gaps_are_in_every_page() -> None:
    text = page(three_designs())
    assert "Gaps (2)" in text
    assert "VPC endpoints could not be read" in text
