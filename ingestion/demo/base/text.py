"""Columns of text, built without a Python loop over the rows."""

import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_OTHER = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "æ": "ae",
    }
)


def fold(text: str) -> str:
    """Return text in ASCII letters as a German would type it: ü becomes ue, other marks are dropped."""
    plain = unicodedata.normalize("NFKD", text.translate(_GERMAN).translate(_OTHER))
    return "".join(letter for letter in plain if ord(letter) < 128)


def pick(table: Sequence[str] | pa.Array, positions: np.ndarray) -> pa.Array:
    """Return the entries of a small table at positions; a negative position gives null."""
    values = table if isinstance(table, pa.Array) else pa.array(table, type=pa.string())
    missing = positions < 0
    return values.take(pa.array(np.where(missing, 0, positions), mask=missing, type=pa.int64()))


def join(*parts: pa.Array | str, sep: str = "") -> pa.Array:
    """Return the parts of each row joined; null where any part is null."""
    return pc.binary_join_element_wise(*parts, sep)


def choose(mask: np.ndarray, then: pa.Array | str | None, other: pa.Array | str | None) -> pa.Array:
    """Return `then` in the rows of the mask and `other` elsewhere."""
    return pc.if_else(pa.array(mask), _scalar(then), _scalar(other))


def _scalar(value: pa.Array | str | None) -> pa.Array | pa.Scalar:
    return value if isinstance(value, pa.Array | pa.ChunkedArray) else pa.scalar(value, pa.string())


def blank(values: pa.Array, mask: np.ndarray) -> pa.Array:
    """Return the values with null in the rows of the mask."""
    return pc.if_else(pa.array(mask), pa.scalar(None, values.type), values)


def constant(value: str | None, size: int) -> pa.Array:
    """Return a column that holds one value."""
    return pa.repeat(pa.scalar(value, pa.string()), size)


def _from_bytes(matrix: np.ndarray) -> pa.Array:
    """Return text whose rows are the rows of a matrix of ASCII codes."""
    rows, width = matrix.shape
    offsets = np.arange(rows + 1, dtype=np.int64) * width
    if offsets[-1] >= 2**31:
        raise ValueError(f"{rows} texts of {width} letters do not fit one column: build it in parts")
    data = np.ascontiguousarray(matrix, dtype=np.uint8)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data))


def digits(values: np.ndarray, width: int) -> pa.Array:
    """Return whole numbers as text with leading zeros; higher digits than `width` are cut."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return _from_bytes((values.astype(np.int64)[:, None] // powers) % 10 + ord("0"))


def keys(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """Return keys like L00000017; a negative number gives null."""
    return blank(join(prefix, digits(np.maximum(numbers, 0), width)), numbers < 0)


def hexadecimal(values: np.ndarray) -> pa.Array:
    """Return uint64 numbers as 16 hexadecimal digits."""
    pairs = np.array([[ord(c) for c in f"{byte:02x}"] for byte in range(256)], dtype=np.uint8)
    data = np.ascontiguousarray(values.astype(">u8")).view(np.uint8).reshape(-1, 8)
    return _from_bytes(pairs[data].reshape(-1, 16))


def letters(codes: np.ndarray) -> pa.Array:
    """Return text from a matrix of ASCII codes, one row of the matrix for each text."""
    return _from_bytes(codes)


def number(values: np.ndarray) -> pa.Array:
    """Return numbers as JSON would write them."""
    return pa.array(values).cast(pa.string())


def concat(parts: Sequence[pa.Array]) -> pa.Array:
    """Return the parts below one another as one contiguous column."""
    flat = [
        chunk for part in parts for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])
    ]
    return pa.concat_arrays(flat) if flat else pa.array([], pa.string())
