"""The maker's series and its vehicle identification numbers (ISO 3779, check digit of 49 CFR 565.15)."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base.text import letters

BRAND = "Halden"
MAKER = "WHX"  # world manufacturer identifier: W is Germany; HX belongs to nobody
PLANT = "K"
VIN_LETTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VALUE = dict(zip("ABCDEFGH", range(1, 9), strict=True)) | dict(zip("JKLMN", range(1, 6), strict=True))
_VALUE |= {"P": 7, "R": 9} | dict(zip("STUVWXYZ", range(2, 10), strict=True)) | {str(d): d for d in range(10)}
WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])
YEAR_LETTERS = "ABCDEFGHJKLMNPRSTVWXY123456789"  # 2010 to 2039


@dataclass(frozen=True)
class Series:
    """A vehicle series: list price in EUR with VAT, share of the interest in it."""

    code: str
    name: str
    segment: str
    energy: str
    msrp: float
    share: float


SERIES = [
    Series("ALVA", "Alva", "small", "petrol", 21_900.0, 0.13),
    Series("ALVA-E", "Alva e", "small", "electric", 28_400.0, 0.12),
    Series("BERIT", "Berit", "compact", "petrol", 29_700.0, 0.16),
    Series("BERIT-H", "Berit Hybrid", "compact", "hybrid", 34_200.0, 0.14),
    Series("CORVO", "Corvo", "suv", "diesel", 39_800.0, 0.12),
    Series("CORVO-E", "Corvo e", "suv", "electric", 46_900.0, 0.16),
    Series("DUNE", "Dune", "large_suv", "hybrid", 58_500.0, 0.08),
    Series("EIRA", "Eira", "sedan", "electric", 63_900.0, 0.05),
    Series("FENN", "Fenn", "van", "diesel", 44_300.0, 0.04),
]
SERIES_SHARE = np.array([s.share for s in SERIES])
_SERIES_VDS = np.array(
    [[ord(c) for c in text] for text in ("A1P", "A1E", "B2P", "B2H", "C3D", "C3E", "D4H", "E5E", "F6D")]
)


def _lookup() -> np.ndarray:
    table = np.zeros(128, dtype=np.int64)
    for letter, value in _VALUE.items():
        table[ord(letter)] = value
    return table


def check_digits(codes: np.ndarray) -> np.ndarray:
    """Return the ASCII code of the check digit of VINs given as an (n, 17) matrix of ASCII codes; place 9
    is ignored.
    """
    rest = (_lookup()[codes] * WEIGHTS).sum(axis=1) % 11
    return np.where(rest == 10, ord("X"), ord("0") + rest)


def make_vins(series: np.ndarray, year: np.ndarray, serial: np.ndarray) -> pa.Array:
    """Return VINs with a valid check digit; distinct for distinct serials below 10,000,000."""
    codes = np.empty((len(series), 17), dtype=np.int64)
    codes[:, :3] = [ord(c) for c in MAKER]
    codes[:, 3:6] = _SERIES_VDS[series]
    codes[:, 6] = ord("A") + serial // 1_000_000  # the millions: A to H are letters that a VIN may hold
    codes[:, 7] = ord("2")
    codes[:, 8] = ord("0")
    codes[:, 9] = np.array([ord(c) for c in YEAR_LETTERS])[np.clip(year - 2010, 0, 29)]
    codes[:, 10] = ord(PLANT)
    codes[:, 11:] = (serial[:, None] // 10 ** np.arange(5, -1, -1)) % 10 + ord("0")
    codes[:, 8] = check_digits(codes)
    return letters(codes)


def is_valid_vin(vin: str) -> bool:
    """Return whether a VIN has 17 allowed characters and the right check digit."""
    if len(vin) != 17 or any(letter not in VIN_LETTERS for letter in vin):
        return False
    return int(check_digits(np.array([[ord(letter) for letter in vin]]))[0]) == ord(vin[8])
