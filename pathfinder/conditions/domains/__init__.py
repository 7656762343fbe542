"""What one value of a condition key can be: one file for each kind of value.

Each says which texts pass a test, as ranges or as a language, exactly or from both sides.
"""
