"""Escalations: hops open to those who first do something – change a policy, make a key, start a workload.

One file of `rows` for each family, found through `registry`; `calls` decides them all with the one decision
procedure. Source: evaluation.md chapter 10. Imports what `pathfinder.graph` imports.
"""
