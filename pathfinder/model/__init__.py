"""What exists: organizations, accounts, identities, buckets, keys, endpoints, instances; frozen.

Pure domain objects with AWS's own names, made by `pathfinder.snapshot`. Imports `policy`, `aws`, `logic`.
Tuples are sorted by ARN or id, so that equal snapshots are equal objects.
"""
