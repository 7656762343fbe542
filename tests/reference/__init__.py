"""An oracle for the decision procedure: evaluation.md, written down a second time, as plainly as possible.

Nothing here imports the package's matching, conditions or authorization; only the tests and the one
adapter in `test_small_worlds.py` call it. Every function cites the rules of evaluation.md it follows.
"""
