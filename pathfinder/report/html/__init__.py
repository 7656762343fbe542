"""Routes as one self-contained HTML page with a graph. `render` makes it.

`picture` and `folding` say what is drawn, `layout` and `ordering` where, `nodes` how, `drawing` hands it to
pyvis, `content` says what the page tells about it, and `page/` holds its template, style and script. Sees
everything below `report`.
"""

from pathfinder.report.html.render import render

__all__ = ["render"]
