"""The error of a scenario that cannot be decided."""

from __future__ import annotations


class ScenarioError(ValueError):
    """The scenario cannot be decided: what is wrong with it, and where."""
