"""One file for each part of a snapshot, with both directions: AWS's shapes to the model, and back.

What `X` reads, `X_written` writes; read again, it is equal.
"""
