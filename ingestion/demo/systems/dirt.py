"""Dirt as systems have it: typing errors, placeholder e-mails, late changes, deleted rows."""

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, NONE

PLACEHOLDER_EMAILS = ("noemail@example.com", "test@test.de", "keine@angabe.de", "unbekannt@web.de", "a@a.de")


def _mistype(word: str, place: int, kind: int) -> str:
    """Return a word with two letters swapped, one dropped, or one doubled."""
    i = 1 + place % (len(word) - 2)
    if kind == 0:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind == 1:
        return word[:i] + word[i + 1 :]
    return word[:i] + word[i] + word[i:]


def typos(values: pa.Array, rng: np.random.Generator, share: float) -> pa.Array:
    """Return texts of which a share has a typing error; texts under four letters stay as they are."""
    mask = rng.random(len(values)) < share
    rows = np.flatnonzero(mask)
    places, kinds = rng.integers(0, 30, len(rows)), rng.integers(0, 3, len(rows))
    words = values.take(pa.array(rows)).to_pylist()
    wrong = [
        _mistype(word, int(place), int(kind)) if word and len(word) >= 4 else word
        for word, place, kind in zip(words, places, kinds, strict=True)
    ]
    position = np.full(len(values), -1)
    position[rows] = np.arange(len(rows))
    return text.choose(mask, text.pick(pa.array(wrong, pa.string()), position), values)


def placeholders(emails: pa.Array, rng: np.random.Generator, share: float) -> pa.Array:
    """Return e-mails of which a share is something typed only to fill the field."""
    fake = text.pick(PLACEHOLDER_EMAILS, rng.integers(0, len(PLACEHOLDER_EMAILS), len(emails)))
    return text.choose(rng.random(len(emails)) < share, fake, emails)


def sometimes_missing(values: pa.Array, rng: np.random.Generator, share: float) -> pa.Array:
    """Return the column with a share of it missing."""
    return text.blank(values, rng.random(len(values)) < share)


def changed_at(known_at: np.ndarray, rng: np.random.Generator, end: int) -> np.ndarray:
    """Return when a row last changed: minutes after the fact; for 3 % days after it, so that it arrives
    late.
    """
    late = rng.random(len(known_at)) < 0.03
    lag = np.where(late, rng.integers(DAY, 6 * DAY, len(known_at)), rng.integers(0, 900, len(known_at)))
    return np.minimum(known_at + lag, end - 1)


def deleted_at(
    rng: np.random.Generator, at: np.ndarray, may: np.ndarray, share: float, end: int
) -> np.ndarray:
    """Return when rows were deleted softly (NONE: not): a share of the rows on which nothing else depends."""
    chosen = may & (rng.random(len(at)) < share)
    when = np.where(chosen, at + rng.integers(3_600, 20 * DAY, len(at)), NONE)
    return np.where(when >= end, NONE, when)


def latest(*instants: np.ndarray) -> np.ndarray:
    """Return the latest of several instants for each row; NONE counts as never."""
    return np.maximum.reduce(instants)
