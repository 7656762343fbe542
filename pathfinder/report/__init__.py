"""Results as text or bytes, one file for each format. Reports compute nothing. Sees everything below."""
