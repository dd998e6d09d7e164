"""What each command does, by topic."""
