"""The rules ESC-10 to ESC-95, a file a family.

The ids of paths (`iam-007`, `lambda-001` …) are those of the pathfinding.cloud catalogue by Datadog (Apache-2.0).
"""
