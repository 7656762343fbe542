"""Kinds of hops, one file each, found through the registry in `registry.py`."""
