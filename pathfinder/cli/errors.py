"""Wrong use of the command line."""

from __future__ import annotations


class UsageError(Exception):
    """What was asked for cannot be; the message is one line and says what to do instead."""
