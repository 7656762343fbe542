"""The whole page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from jinja2 import Environment, StrictUndefined

from pathfinder.graph.node import NodeKind
from pathfinder.logic.formula import Formula
from pathfinder.report.actions import WORDS
from pathfinder.report.assumed import assumed_text
from pathfinder.report.html.assets import csp_hash, json_for_script, page_file, vis_network
from pathfinder.report.html.condition_kinds import condition_kinds
from pathfinder.report.html.content import account_title, content_of, shown_of
from pathfinder.report.html.drawing import drawing_of
from pathfinder.report.html.layout import lay_out
from pathfinder.report.html.nodes import LOOKS
from pathfinder.report.html.picture import is_conditional, is_escalation, lane_of, picture_of
from pathfinder.report.text import visible
from pathfinder.routes.route import Found, Route

TABLE = 500
"""Routes in the table under the graph; the list beside the graph has all."""


def render(found: Found, *, title: str, sentence: Callable[[Formula], str]) -> str:
    """One self-contained HTML page that shows the routes found, or says why there are none.

    Nothing in it loads anything from elsewhere, and its content security policy lets nothing do so. The same
    answer gives the same page.

    Parameters:
        found: the answer to a query for routes.
        title: the page's heading.
        sentence: words a condition; TRUE included.
    """
    shown = shown_of(found)
    picture = picture_of(shown)
    layout = lay_out(
        {dot.id: lane_of(dot.node) for dot in picture.dots},
        {line.id: (line.source, line.target) for line in picture.lines},
    )
    style = page_file("graph.css")
    scripts = [vis_network(), page_file("graph.js")] if shown else []
    content: dict[str, object] = {}
    if shown:
        content |= content_of(found, picture, sentence)
        content["drawing"] = asdict(drawing_of(picture, layout, found.account_names))
        content["signs"] = {
            kind.value: {"outline": look.outline, "sign": look.sign} for kind, look in LOOKS.items()
        }
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["visible"] = visible
    return environment.from_string(page_file("template.html.j2")).render(
        title=title,
        style=style,
        style_hash=csp_hash(style),
        scripts=scripts,
        script_hashes=" ".join(map(csp_hash, scripts)) or "'none'",
        content=json_for_script(content),
        asked=list(_asked(found)),
        gaps=found.gaps,
        found=found,
        shown=shown,
        rows=list(_rows(found, found.routes, sentence)),
        blocked=list(_rows(found, found.blocked, sentence)),
        legend=_legend(found),
        folded=len(picture.dots) < len(picture.nodes),
        lines=len(picture.lines),
        groups=WORDS,
        accounts=sorted({each for route in shown for each in _accounts(found, route)}),
        buckets=sorted({visible(route.target.label) for route in shown}),
        kinds=condition_kinds(hop.condition for route in found.routes for hop in route.hops),
        designs=sorted({visible(route.design) for route in shown}),
        outside=any(lane_of(node) == "~outside" for node in picture.nodes),
        escalations=any(map(is_escalation, picture.hops)),
    )


def _asked(found: Found) -> Iterator[str]:
    query = found.query
    if query.starts:
        yield "from " + visible(" or ".join(query.starts))
    if query.targets:
        yield "to " + visible(" or ".join(query.targets))
    if query.actions:
        yield "with " + visible(" or ".join(query.actions))
    if query.cross_account:
        yield "across accounts only"
    yield f"of up to {query.max_hops} hops"
    if found.assumptions:
        yield f"assuming {assumed_text(found.assumptions)}"


def _accounts(found: Found, route: Route) -> Iterator[str]:
    for node in route.nodes:
        if title := account_title(node.account, found.account_names):
            yield title


def _legend(found: Found) -> list[dict[str, str]]:
    shown = {node.kind for route in shown_of(found) for node in route.nodes}
    return [
        {
            "kind": kind.value,
            "words": LOOKS[kind].one,
            "outline": LOOKS[kind].outline,
            "sign": LOOKS[kind].sign,
        }
        for kind in NodeKind
        if kind in shown
    ]


def _rows(
    found: Found, routes: Sequence[Route], sentence: Callable[[Formula], str]
) -> Iterator[dict[str, object]]:
    """A table: each route in words."""
    for route in routes[:TABLE]:
        when = [visible(sentence(hop.condition)) for hop in route.hops if is_conditional(hop)]
        yield {
            "id": visible(route.id),
            "nodes": [visible(node.label) for node in route.nodes],
            "start_account": account_title(route.start.account, found.account_names),
            "target_account": account_title(route.target.account, found.account_names),
            "design": visible(route.design),
            "actions": [visible(action) for action in route.access.actions],
            "when": when,
            "blocked": route.blocked and visible(route.blocked),
        }
