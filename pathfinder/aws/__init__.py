"""Facts about AWS: ARNs, partitions, services, the action and condition-key catalogues.

Knows no policies and no accounts. Imports only `pathfinder.logic`.
"""
