"""The rules ESC-10 to ESC-95, a file a family."""
