"""`forecourt identity evaluate`: anyone's records through the warehouse's own OneID models, held against a
truth.

Reading and checking the files (`files`, `opening`), the scratch warehouse and the build (`run`), what is
reported (`report`). What a pair or a cluster is worth is not decided here.
"""
