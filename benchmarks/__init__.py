"""Times of the whole line on this machine, printed and never asserted."""
