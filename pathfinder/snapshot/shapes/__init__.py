"""AWS's own JSON shapes, as typed structs: one file a service. Field names are AWS's, in Python's case.

Unknown fields are ignored; what AWS may leave out has a default. Policy documents stay raw bytes until wanted.
"""
