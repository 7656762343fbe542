"""The ground that every layer stands on: patterns, tests on condition keys, and formulas over them.

Knows nothing of AWS beyond the shape of its condition operators. Imports nothing from the package.
"""
