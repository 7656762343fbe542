"""Nodes, hops, and the builder of the graph; one file for each kind of hop in `hops/`.

Imports `conditions`, `authorization`, `model` and what is below them; knows nothing of routes or reports.
"""
