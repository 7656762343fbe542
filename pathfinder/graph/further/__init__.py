"""Further authorizations that calls need: one file for each reason, found through `registry`."""
