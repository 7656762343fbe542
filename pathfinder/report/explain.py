"""A decision, step by step as AWS's evaluation goes; the text for the terminal. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pathfinder.authorization.decision import Decision, Layer, LayerKind, Match
from pathfinder.logic.formula import FALSE, TRUE, Formula, KeyTest, leaves
from pathfinder.policy.document import Effect
from pathfinder.report.command import command_lines
from pathfinder.report.conditions import Wording
from pathfinder.report.nearest import nearest_sections
from pathfinder.report.text import visible

if TYPE_CHECKING:
    from pathfinder.routes.explain import Explanation

SIGNS = {"pass": "✔", "stop": "✘", "open": "?", "none": "·"}
"""A step's sign; the words beside it say the same, so that neither colour nor font matters."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `state` is `pass`, `stop`, `open` (depends, or unknown) or `none` (does not apply)."""

    layer: str
    state: str
    words: str
    statements: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """Its sign."""
        return SIGNS[self.state]


@dataclass(frozen=True, slots=True)
class Walk:
    """One explained request, ready to show."""

    title: str
    verdict: str
    steps: tuple[Step, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    command: tuple[str, ...]


_VERDICTS = {
    "allow": "Allowed",
    "explicit-deny": "Refused: an explicit deny",
    "implicit-deny": "Refused: nothing allows it (an implicit deny)",
    "depends": "Allowed under a condition",
    "unknown": "Not known",
}


def walks_of(explanations: Iterable[Explanation], wording: Wording | None = None) -> Iterator[Walk]:
    """All explanations, each followed by the further authorizations of the same call."""
    for explanation in explanations:
        yield walk_of(explanation, wording)
        for further in explanation.further:
            when = "" if further.when == TRUE else f" {_when(further.when, wording or Wording())}"
            walk = walk_of(further, wording)
            yield replace(walk, title=f"The same call needs{when}: {walk.title}", command=())


def walk_of(explanation: Explanation, wording: Wording | None = None) -> Walk:
    """The explanation as steps and words."""
    wording = wording or Wording()
    hop = f"{explanation.hop}: " if explanation.hop else ""
    request = f"{hop}{explanation.principal} → {explanation.action} → {explanation.resource}"
    verdict = _VERDICTS[explanation.verdict]
    if explanation.verdict in ("depends", "unknown"):
        verdict += f": {wording.text(explanation.condition)}"
    stops = explanation.blocking
    nearest = explanation.nearest
    sections = (
        (
            "Blocked by a key, although the bucket opens",
            (explanation.blocked,) if explanation.blocked else (),
        ),
        ("Stopped first by", stops[:1]),
        ("Stopped also by", stops[1:]),
        ("What is missing", tuple(each for each in explanation.missing if each not in stops)),
        *(nearest_sections(nearest, wording) if nearest else ()),
        ("Gaps: what could not be read or decided", explanation.gaps),
        ("To know", explanation.warnings),
    )
    return Walk(
        visible(request),
        visible(f"{verdict}."),
        tuple(steps_of(explanation.decision, wording)),
        tuple((visible(title), tuple(map(visible, items))) for title, items in sections if items),
        _command(explanation),
    )


def _command(explanation: Explanation) -> tuple[str, ...]:
    if explanation.witness is None:
        return ()
    keys = {leaf.key for leaf in leaves(explanation.condition) if isinstance(leaf, KeyTest)}
    return tuple(command_lines(explanation.witness, keys))


def steps_of(decision: Decision, wording: Wording) -> Iterator[Step]:
    """AWS's order: explicit denies of all policies first, then each layer's own part."""
    yield _denies(decision, wording)
    for kind in LayerKind:
        for layer in decision.layers:
            if layer.kind is kind and (kind is not LayerKind.RULE or layer.applies):
                yield _layer(layer, wording)


def _denies(decision: Decision, wording: Wording) -> Step:
    matches = [
        match for layer in decision.layers if layer.applies for match in layer.matches if _is_deny(match)
    ]
    statements = tuple(_statement(match, wording) for match in matches)
    if decision.denied == FALSE:
        return Step("explicit denies", "pass", "no Deny statement matches", statements)
    if decision.denied == TRUE:
        return Step("explicit denies", "stop", "a Deny statement matches; nothing overrides it", statements)
    return Step("explicit denies", "open", f"denied {_when(decision.denied, wording)}", statements)


_GRANTING = (LayerKind.RESOURCE, LayerKind.GRANT, LayerKind.IDENTITY)


def _layer(layer: Layer, wording: Wording) -> Step:
    name = layer.kind.value + (f" at {visible(layer.level)}" if layer.level else "")
    note = f" ({visible(layer.note)})" if layer.note else ""
    if not layer.applies:
        words = "none" if layer.kind is LayerKind.RESOURCE else "does not apply"
        return Step(name, "none", words + note)
    telling = (
        () if layer.kind is LayerKind.RCP else layer.matches
    )  # only the Denies of an RCP matter (ORG-20)
    statements = tuple(_statement(match, wording) for match in telling if not _is_deny(match))
    granting = layer.kind in _GRANTING
    if layer.denies == TRUE:
        return Step(name, "stop", "denies" + note, statements)
    if layer.allows == TRUE:
        return Step(name, "pass", ("allows" if granting else "lets it pass") + note, statements)
    if layer.allows == FALSE:
        return Step(
            name, "stop", ("does not allow" if granting else "does not let it pass") + note, statements
        )
    words = f"{'allows' if granting else 'lets it pass'} {_when(layer.allows, wording)}"
    return Step(name, "open", words + note, statements)


def _is_deny(match: Match) -> bool:
    return match.effect is Effect.DENY


def _statement(match: Match, wording: Wording) -> str:
    """One statement: effect, name, policy, what it hangs on, and when it matches."""
    words = f"{match.effect.value} {match.statement} of {match.policy}"
    if match.attached_to != match.policy:
        words += f" on {match.attached_to}"
    return visible(words) + ("" if match.condition == TRUE else f", {_when(match.condition, wording)}")


def _when(condition: Formula, wording: Wording) -> str:
    """`when through vpce-0aaa`; an unknown brings its own `perhaps`, a negation its `unless`."""
    text = wording.text(condition)
    return visible(text if text.startswith(("perhaps ", "unless ")) else f"when {text}")


def walks_text(walks: Sequence[Walk], *, colour: bool) -> str:
    """The walks for the terminal, one below the other."""
    lines: list[str] = []
    for walk in walks:
        lines += [_bold(walk.title, colour), walk.verdict, ""]
        for step in walk.steps:
            lines.append(f"  {step.sign} {step.layer}: {step.words}")
            lines.extend(f"      {statement}" for statement in step.statements)
        lines.append("")
        for title, items in walk.sections:
            lines += [_bold(f"{title}:", colour), *(f"  {item}" for item in items), ""]
        if walk.command:
            lines += [_bold("A request to try:", colour), *(f"  {line}" for line in walk.command), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _bold(text: str, colour: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if colour else text
