"""Segments: questions whose persons have a name of their own (M3, S10), kept as files of the workspace."""
