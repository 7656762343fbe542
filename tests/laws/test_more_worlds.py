"""All laws on many more worlds; see `law.py` for other ones yet."""

from __future__ import annotations

import pytest

from . import test_files, test_narrowing, test_neutral, test_queries, test_unrelated, test_witnesses  # noqa: F401
from .law import LAWS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(LAWS))
def test_the_law_holds_in_more_worlds(name: str) -> None:
    LAWS[name].thorough()
