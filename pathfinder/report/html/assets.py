"""The page's parts as text: vis-network from pyvis, our own template, style, script and data."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path


def page_file(name: str) -> str:
    """A file of this package's `page` folder."""
    return _same_everywhere(files("pathfinder.report.html").joinpath("page", name).read_text("utf-8"))


def vis_network() -> str:
    """vis-network's script, newest version in the installed pyvis, without its link to a source map.

    vis-network's own style sheet is left out: 220 kB for navigation buttons, an editor and a colour picker
    that the page does not use. The few rules for its tooltip are in `graph.css`.

    Raises:
        FileNotFoundError: pyvis is installed without its `lib` folder.
    """
    spec = find_spec("pyvis")
    folders = spec.submodule_search_locations if spec else None
    scripts = [path for folder in folders or () for path in Path(folder).glob("lib/vis-*/vis-network.min.js")]
    if not scripts:
        raise FileNotFoundError("the installed pyvis holds no lib/vis-*/vis-network.min.js; reinstall pyvis")
    newest = max(scripts, key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)])
    script = re.sub(r"^//# sourceMappingURL=.*$", "", newest.read_text("utf-8"), flags=re.MULTILINE)
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError(f"{newest} cannot stand inside a page: it holds the end of a script element")
    return _same_everywhere(script)


def csp_hash(text: str) -> str:
    """The text of an inline script or style as a content security policy names it."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


_IN_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def json_for_script(content: object) -> str:
    """JSON that can stand in a `<script type="application/json">` block: nothing in it ends the block."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)


def _same_everywhere(text: str) -> str:
    """One kind of line end, so that the hash is that of what a browser reads."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
