select source, as_of_on from {{ ref('dim_source') }}
