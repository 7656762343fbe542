"""The rules of findings, one file each, found through the registry in `pathfinder.findings.registry`."""
