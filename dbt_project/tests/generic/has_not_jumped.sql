{#- The figures of the last build hold against the last build that was believed. Stops the publish; `forecourt identity
    accept --reason ...` believes a jump that is right (a first load of a large source, say). -#}
{% test has_not_jumped(model, at='built_at', jump='jump') %}
    select *
    from {{ model }}
    where {{ at }} = (select max({{ at }}) from {{ model }}) and {{ jump }} is not null
{% endtest %}
