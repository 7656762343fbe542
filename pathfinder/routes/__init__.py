"""Routes: chains of hops from a principal to S3, searched, described and counted.

Imports `graph` and what is below it; knows nothing of reports.
"""
