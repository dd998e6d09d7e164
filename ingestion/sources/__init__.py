"""One folder per source; a folder whose module has `SOURCE` is a source (I1)."""
