"""How a person's name, address, telephone and e-mail of a given moment end up in a record."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import NONE
from ingestion.demo.simulation.geography import STREETS, TOWNS
from ingestion.demo.simulation.names import name_tables
from ingestion.demo.simulation.people import People
from ingestion.demo.systems.dirt import typos

E164, NATIONAL, SLASH, DOUBLE_ZERO, BRACKETS, PLAIN = range(6)


@dataclass(frozen=True)
class Contact:
    """Columns for one record each; null where the person has none (a company has no given name)."""

    given_name: pa.Array
    family_name: pa.Array
    organisation: pa.Array
    email: pa.Array
    phone: pa.Array
    street: pa.Array
    postal_code: pa.Array
    city: pa.Array
    birth_day: np.ndarray


def name_column(names: list[str], positions: np.ndarray, rng: np.random.Generator, dirt: float) -> pa.Array:
    """Return names, some typed in ASCII (ü as ue), a share `dirt` of them mistyped."""
    folded = text.pick([text.fold(name) for name in names], positions)
    values = text.choose(rng.random(len(positions)) < 0.10, folded, text.pick(names, positions))
    return typos(values, rng, dirt)


def phone_text(number: np.ndarray, style: np.ndarray) -> pa.Array:
    """Return national numbers (without the leading zero) in one of six spellings; null where negative."""
    plain = text.number(np.abs(number))
    head, tail = pa.compute.utf8_slice_codeunits(plain, 0, 3), pa.compute.utf8_slice_codeunits(plain, 3)
    spelled = text.join("+49", plain)
    spellings = {
        NATIONAL: text.join("0", head, " ", tail),
        SLASH: text.join("0", head, "/", tail),
        DOUBLE_ZERO: text.join("0049 ", head, " ", tail),
        BRACKETS: text.join("+49 (0)", head, " ", tail),
        PLAIN: text.join("0", plain),
    }
    for code, values in spellings.items():
        spelled = text.choose(style == code, values, spelled)
    return text.blank(spelled, number < 0)


def contact(
    people: People,
    who: np.ndarray,
    at: np.ndarray,
    rng: np.random.Generator,
    styles: list[float],
    typo_share: float = 0.02,
    old_share: float = 0.03,
) -> Contact:
    """Return what a record made `at` an instant says of people; `styles` are the shares of the six phone
    spellings.

    A share `old_share` still gives an e-mail or telephone number that has since been changed.
    """
    count = len(who)
    rows = pa.array(who)

    def is_new(changed: np.ndarray) -> np.ndarray:
        switched = changed[who]
        return (switched != NONE) & (switched <= at) & (rng.random(count) >= old_share)

    use_new = is_new(people.email_changed_at)
    email = text.choose(use_new, people.email[1].take(rows), people.email[0].take(rows))
    use_new = is_new(people.phone_changed_at)
    number = np.where(use_new, people.phone[1][who], people.phone[0][who])
    landline = people.landline[who]
    number = np.where((landline > 0) & (rng.random(count) < 0.10), landline, number)
    style = rng.choice(6, size=count, p=styles)
    moved = ((people.moved_at[who] != NONE) & (people.moved_at[who] <= at)).astype(np.int64)
    town = people.town[moved, who]
    prefix = text.pick([t.postal_prefix for t in TOWNS], town)
    street = text.pick(STREETS, people.street[moved, who])
    names = name_tables()
    return Contact(
        given_name=name_column(names.given, people.given[who], rng, typo_share),
        family_name=name_column(names.family, people.family[who], rng, typo_share),
        organisation=people.organisation.take(rows),
        email=email,
        phone=phone_text(number, style),
        street=text.join(street, " ", text.number(people.house_no[moved, who])),
        postal_code=text.join(prefix, text.digits(people.zip_tail[moved, who], 2)),
        city=text.pick([t.name for t in TOWNS], town),
        birth_day=people.birth_day[who],
    )
