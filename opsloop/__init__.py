"""The command line and the workspace."""
