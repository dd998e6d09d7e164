{{ config(materialized='table') }}
{{ attribution_path_counts(ref('int_attribution__journeys')) }}
