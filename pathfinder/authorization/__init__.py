"""AWS's decision procedure, written once, over formulas (design idea 2).

A request with a complete context folds to a constant; one with an open context gives the exact condition
under which it is allowed. Imports `model`, `policy`, `aws`, `logic`.
"""
