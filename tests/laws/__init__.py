"""Laws that hold for every organization, tried on small ones that Hypothesis makes.

`worlds.py` says how such an organization is written down and turns it into a snapshot; `strategies.py` and
`statements.py` make them; `seeing.py` says what of an answer the laws look at; `law.py` runs a law. Each law
has a wrong implementation in `test_the_laws_can_fail.py` that it catches.
"""
