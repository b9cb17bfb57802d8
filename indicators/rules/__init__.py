"""The checker's rules: one function a rule, registered by a decorator; one file a subject.

To add one: write a generator function with `@rule("N11", "what to do instead")` in the file of its subject
that yields `At(origin, "what is wrong")`, and a broken registry for it in
`tests/unit/indicators/broken_registries.py`.
"""
