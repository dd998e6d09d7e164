"""Wires all stations together; imported by the command line only."""
