"""pathfinder: by which routes a principal reaches S3, under exactly which conditions, and what closes them."""

__version__ = "0.1.0"
