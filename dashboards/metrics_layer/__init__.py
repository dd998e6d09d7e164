"""The metrics layer's client in parts: definitions, the filter language, compiling, snapshots, rendering."""
