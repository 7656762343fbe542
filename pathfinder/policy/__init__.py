"""The policy language: documents and statements, and what they match.

Says of one statement under which conditions it applies to a request; knows nothing of how statements of
several policies are combined. Imports `pathfinder.aws` and `pathfinder.logic`.
"""
