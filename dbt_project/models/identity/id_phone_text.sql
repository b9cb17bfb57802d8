-- Every number is read once, however many records carry it and however they spell it: those of the batch and of
-- dealers. id_phone keeps what it has read.
with dialled as (
    select {{ phone_digits('record.phone') }} as phone_digits
    from {{ ref('id_touched_record') }} as touched
    inner join {{ ref('id_source_record') }} as record on touched.record_key = record.record_key
    where record.phone is not null
    union
    select phone_digits from {{ ref('id_dealer_contact') }}
)

select phone_digits from dialled where phone_digits is not null
