"""What pages are made of: language, filters, figures, charts, tables, and what to say where there is nothing."""
