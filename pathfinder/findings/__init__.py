"""Findings: what a reviewer should look at, one file a rule, each with its proof and a fix.

A rule asks the decision procedure, the solver, the graph and the routes; it reads no text where a decision is
meant. Imports everything up to `routes`; reports and commands see it.
"""
