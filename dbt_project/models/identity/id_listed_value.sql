-- A dealer's own contact is typed in where the customer gave none.
select identifier_type, identifier_value, 'listed' as reason from {{ ref('id_block') }}
union all
select distinct 'email', {{ clean_email('email') }}, 'dealer_contact'
from {{ ref('id_dealer_contact') }}
where {{ clean_email('email') }} is not null
union all
select distinct 'phone', phone.phone, 'dealer_contact'
from {{ ref('id_dealer_contact') }} as dealer
inner join {{ ref('id_phone') }} as phone on dealer.phone_digits = phone.phone_digits
where phone.phone is not null
