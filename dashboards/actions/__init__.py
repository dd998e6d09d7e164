"""The weekly loop (W4): a finding becomes an action, its due week is measured, what was learnt is kept."""
