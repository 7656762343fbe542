"""Conditions decided: satisfiable or not, with a witness; simplified; put into words.

Imports `authorization` and what is below it; knows nothing of graphs.
"""
