select * from {{ source('workspace', 'person_ids') }}
