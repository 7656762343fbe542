"""Condition operators, one file for each family, found through the registry in `registry.py`."""
