"""What pages are made of: language, filters, figures, charts, tables and the states in which there is nothing to show."""
