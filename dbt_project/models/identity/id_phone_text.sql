-- Every number is read once, however many records carry it and however they spell it.
with dialled as (
    select {{ phone_digits('phone') }} as phone_digits from {{ ref('id_source_record') }} where phone is not null
    union
    select phone_digits from {{ ref('id_dealer_contact') }}
)

select phone_digits from dialled where phone_digits is not null
