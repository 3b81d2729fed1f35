"""Files named by the SHA-256 of their bytes, in a folder or in an object store."""
