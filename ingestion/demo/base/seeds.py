"""Random numbers: one independent stream for each subject, so that a new subject changes no other."""

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Seeds:
    """The world's seed, from which every subject's generator is spawned by name."""

    seed: int

    def rng(self, *subject: str | int) -> np.random.Generator:
        """Return the generator of a subject, for example `rng("app_events", 3)`; equal names give equal
        streams.
        """
        key = tuple(zlib.crc32(str(part).encode()) for part in subject)
        return np.random.default_rng(np.random.SeedSequence(entropy=self.seed, spawn_key=key))


def mix64(values: np.ndarray, salt: int) -> np.ndarray:
    """Return SplitMix64 of whole numbers: a bijection on uint64, so distinct numbers give distinct hashes."""
    with np.errstate(over="ignore"):
        x = values.astype(np.uint64) + np.uint64(salt % 2**64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def spread(values: np.ndarray, modulus: int, salt: int) -> np.ndarray:
    """Return distinct numbers in [0, modulus) for distinct numbers in [0, modulus): an affine bijection."""
    factor = 2_654_435_761 % modulus
    while np.gcd(factor, modulus) != 1:
        factor += 1
    return (values.astype(np.int64) * factor + salt % modulus) % modulus


def weighted(rng: np.random.Generator, weights: np.ndarray, size: int) -> np.ndarray:
    """Return `size` positions drawn with replacement in proportion to `weights`."""
    edges = np.cumsum(weights, dtype=np.float64)
    return np.minimum(np.searchsorted(edges, rng.random(size) * edges[-1], side="right"), len(edges) - 1)
