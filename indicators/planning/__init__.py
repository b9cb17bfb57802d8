"""From a request to SQL on the published tables: the inside of `indicators.planner`, which is its door.

`request` says what may be asked, `checks` what has no answer; `reach`, `windows` and `whole` which days are
counted, `scans` which table is read for each operand, `reductions` how each class becomes one value,
`statement` puts the query together; `drill` and `behind` go down from a number.
Does not belong here: anything that opens a database.
"""
