"""What is computed in Python between dbt layers: identity, churn, lifetime value."""
