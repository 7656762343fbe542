"""Snapshots: files on disk to and from the model, with validation; importers for other tools' formats.

The edge: it reads and writes files and does nothing clever. Imports `model` and what is below it.
`load`, `write` and `import_from` are what others call; `layout` says how a snapshot folder looks.
"""
