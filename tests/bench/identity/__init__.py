"""OneID measured: ``python -m tests.bench.identity`` writes docs/benchmarks/identity.json and its section."""
