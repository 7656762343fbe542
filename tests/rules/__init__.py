"""Every rule about a single request, as tables of scenarios that cite the rule."""
