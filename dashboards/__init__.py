"""Pages, packs and the client of the metrics layer."""
