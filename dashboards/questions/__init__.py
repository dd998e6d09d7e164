"""Questions with parameters: the SQL of `dbt_project/macros/questions/`, rendered for what an analyst asks."""
