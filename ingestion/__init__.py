"""How data arrives: contracts, sources, the loader, rejected rows, the demo world. Knows no orchestrator."""
