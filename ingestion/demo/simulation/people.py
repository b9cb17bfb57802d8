"""People in households, and companies: names, birth dates, addresses, telephones and e-mails that change
over time.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, NONE, Period
from ingestion.demo.base.seeds import Seeds, spread, weighted
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.geography import STREETS, TOWNS
from ingestion.demo.simulation.names import name_tables

COMPANY_SHARE = 0.015
MAIL_HOSTS = (
    "gmail.com", "gmx.de", "web.de", "t-online.de", "outlook.de", "icloud.com", "freenet.de", "posteo.de",
)  # fmt: skip
MAIL_SHARE = np.array([30, 20, 18, 10, 8, 7, 4, 3])
MOBILE_PREFIXES = (
    "151", "152", "157", "159", "160", "170", "171", "172", "173", "174", "175", "176", "177", "178", "179",
)  # fmt: skip
TRADES = (
    "Bau",
    "Logistik",
    "Elektro",
    "Systeme",
    "Pflege",
    "Gartenbau",
    "Catering",
    "Metallbau",
    "Immobilien",
    "Druck",
)
LEGAL_FORMS = ("GmbH", "GmbH & Co. KG", "AG", "e.K.", "UG (haftungsbeschränkt)")


@dataclass(frozen=True)
class People:
    """Arrays with one entry for each person or company; texts are Arrow columns.

    Addresses, telephones (national number without zero) and e-mails come in an old and a new version with the
    instant of the change (NONE: never changed). `company` is the company whose car a person drives, or -1.
    """

    household: np.ndarray
    is_company: np.ndarray
    female: np.ndarray
    given: np.ndarray
    family: np.ndarray
    organisation: pa.Array
    birth_day: np.ndarray
    home_dealer: np.ndarray
    company: np.ndarray
    town: np.ndarray
    street: np.ndarray
    house_no: np.ndarray
    zip_tail: np.ndarray
    moved_at: np.ndarray
    phone: np.ndarray
    phone_changed_at: np.ndarray
    landline: np.ndarray
    email: tuple[pa.Array, pa.Array]
    email_changed_at: np.ndarray

    def __len__(self) -> int:
        """Return the number of people and companies."""
        return len(self.household)

    def person_id(self, who: np.ndarray) -> pa.Array:
        """Return ids like P0000001; null where negative."""
        return text.keys("P", np.where(who < 0, -1, who + 1), 7)

    def given_name(self, who: np.ndarray) -> pa.Array:
        """Return given names; null for companies."""
        return text.pick(name_tables().given, self.given[who])

    def family_name(self, who: np.ndarray) -> pa.Array:
        """Return family names; null for companies."""
        return text.pick(name_tables().family, self.family[who])


def make_people(seeds: Seeds, count: int, dealers: Dealers, period: Period) -> People:
    """Return `count` people and companies, each near the dealer whose town they live in or around."""
    rng = seeds.rng("people")
    companies = max(3, round(count * COMPANY_SHARE))
    persons = count - companies
    household, place = _households(rng, persons)
    household = np.concatenate([household, household[-1] + 1 + np.arange(companies)])
    place = np.concatenate([place, np.zeros(companies, dtype=np.int64)])
    is_company = np.arange(count) >= persons
    female, given, family, birth_day = _identities(seeds, household, place)
    homes = int(household[-1]) + 1
    home_dealer = rng.permutation(_in_proportion(dealers.size, homes))
    address = _addresses(seeds, home_dealer, dealers, homes)
    moved = np.where(rng.random(homes) < 0.12, _instants(rng, period, homes), NONE)
    company = np.where(rng.random(count) < 0.05, persons + rng.integers(0, companies, count), -1)
    phone, phone_changed_at, landline = _phones(
        seeds, household, place, address["town"][0][household], period
    )
    organisation = _organisations(seeds, is_company)
    email, email_changed_at = _emails(
        seeds, household, place, (given, family, birth_day), organisation, period
    )
    return People(
        household=household,
        is_company=is_company,
        female=female,
        given=np.where(is_company, -1, given),
        family=np.where(is_company, -1, family),
        organisation=organisation,
        birth_day=np.where(is_company, NONE, birth_day),
        home_dealer=home_dealer[household],
        company=np.where(is_company, -1, company),
        moved_at=moved[household],
        phone=phone,
        phone_changed_at=phone_changed_at,
        landline=landline,
        email=email,
        email_changed_at=email_changed_at,
        **{name: values[:, household] for name, values in address.items()},
    )


def _in_proportion(weights: np.ndarray, size: int) -> np.ndarray:
    """Return positions as often as their weights say; by chance alone a small dealer could lose a quarter."""
    edges = np.cumsum(weights) / weights.sum()
    return np.searchsorted(edges, (np.arange(size) + 0.5) / size)


def _instants(rng: np.random.Generator, period: Period, size: int) -> np.ndarray:
    """Return instants spread evenly over the period."""
    return period.start + (rng.random(size) * (period.last_day - period.first_day) * DAY).astype(np.int64)


def _households(rng: np.random.Generator, persons: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each person's household and the person's place in it (0 is its head)."""
    sizes = rng.choice([1, 2, 3, 4], size=persons, p=[0.46, 0.33, 0.12, 0.09])
    household = np.repeat(np.arange(persons), sizes)[:persons]
    first = np.concatenate([[0], np.cumsum(sizes)])[household]
    return household, np.arange(persons) - first


def _identities(
    seeds: Seeds, household: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return gender, given name, family name and birth day, with twins and sons named like their fathers."""
    rng, names = seeds.rng("identities"), name_tables()
    count, homes = len(household), int(household[-1]) + 1
    origin_of_home = weighted(rng, names.origin_share, homes)
    origin = origin_of_home[household]
    female = rng.random(count) < 0.5
    female[1:] = np.where((place[1:] == 1) & (rng.random(count - 1) < 0.93), ~female[:-1], female[1:])
    given, family_own, family_home = (
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(homes, np.int64),
    )
    for number in range(len(names.origin_share)):
        for is_female in (False, True):
            rows = np.flatnonzero((origin == number) & (female == is_female))
            fits = (names.given_origin == number) & (names.given_female == is_female)
            given[rows] = weighted(rng, names.given_weight * fits, len(rows))
        weight = names.family_weight * (names.family_origin == number)
        rows, rows_home = np.flatnonzero(origin == number), np.flatnonzero(origin_of_home == number)
        family_own[rows] = weighted(rng, weight, len(rows))
        family_home[rows_home] = weighted(rng, weight, len(rows_home))
    keeps_name = (place == 1) & (rng.random(count) < 0.18)
    family = np.where(keeps_name, family_own, family_home[household])
    birth = _birth_days(rng, household, place, homes)
    third, fourth = np.flatnonzero(place == 2), np.flatnonzero(place == 3)
    junior = third[(rng.random(len(third)) < 0.05) & ~female[third - 2]]
    female[junior], given[junior], family[junior] = False, given[junior - 2], family[junior - 2]
    twins = fourth[rng.random(len(fourth)) < 0.06]
    birth[twins], family[twins] = birth[twins - 1], family[twins - 1]
    return female, given, family, birth


def _birth_days(rng: np.random.Generator, household: np.ndarray, place: np.ndarray, homes: int) -> np.ndarray:
    """Return days since 1970: heads 1945 to 1998, partners near them, grown children 20 to 34 years later.

    A child that would not be grown up is born between 2000 and 2007 instead, to older parents: no date may be
    the birth day of many, which would look like a placeholder.
    """
    head = rng.integers(-9_000, 10_500, homes)
    child = head + rng.integers(20 * 365, 34 * 365, homes)
    too_young = child > 13_600
    child = np.where(too_young, rng.integers(11_000, 13_600, homes), child)
    head = np.where(too_young, child - rng.integers(20 * 365, 34 * 365, homes), head)
    partner = (place == 1) * rng.integers(-1_500, 1_500, len(place))
    sibling = (place == 3) * rng.integers(-1_600, -400, len(place))
    return np.where(place <= 1, head[household] + partner, child[household] + sibling)


def _addresses(seeds: Seeds, home_dealer: np.ndarray, dealers: Dealers, homes: int) -> dict[str, np.ndarray]:
    """Return town, street, house number and end of the postal code, each as (old, new) x households."""
    rng = seeds.rng("addresses")
    dealer_town = dealers.town[home_dealer]
    by_state = {t.state: [i for i, other in enumerate(TOWNS) if other.state == t.state] for t in TOWNS}
    options = np.array([(by_state[t.state] * 12)[:12] for t in TOWNS])
    around = options[dealer_town, rng.integers(0, 12, homes)]
    town = np.where(rng.random(homes) < 0.65, dealer_town, around)
    moved_far = rng.random(homes) < 0.25
    town_new = np.where(moved_far, rng.integers(0, len(TOWNS), homes), town)
    return {
        "town": np.stack([town, town_new]),
        "street": rng.integers(0, len(STREETS), (2, homes)),
        "house_no": rng.integers(1, 140, (2, homes)),
        "zip_tail": rng.integers(1, 60, (2, homes)),
    }


def _phones(
    seeds: Seeds, household: np.ndarray, place: np.ndarray, town: np.ndarray, period: Period
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mobile numbers (old, new), when they changed, and the household's landline (-1: none)."""
    rng, count = seeds.rng("phones"), len(household)
    space = len(MOBILE_PREFIXES) * 10**7
    slot = spread(np.arange(2 * count), space, int(rng.integers(space))).reshape(2, count)
    prefix = np.array([int(p) for p in MOBILE_PREFIXES])[slot // 10**7]
    long = prefix < 160  # 15x numbers have one digit more
    phone = np.where(long, prefix * 10**8 + 1 + (slot % 10**7) * 10, prefix * 10**7 + slot % 10**7)
    changed = np.where(rng.random(count) < 0.22, _instants(rng, period, count), NONE)
    phone[1] = np.where(changed == NONE, phone[0], phone[1])
    shares = (place == 1) & (rng.random(count) < 0.05)
    rows = np.flatnonzero(shares)
    phone[:, rows], changed[rows] = phone[:, rows - 1], changed[rows - 1]
    homes = int(household[-1]) + 1
    number = 2_000_000 + spread(np.arange(homes), 7_000_000, int(rng.integers(7_000_000)))
    has = (rng.random(homes) < 0.35)[household]
    code = np.array([int(t.dialling_code) for t in TOWNS])[town]
    return phone, changed, np.where(has, code * 10**7 + number[household], -1)


def _unique(local: pa.Array, host: pa.Array) -> pa.Array:
    """Return addresses local@host; a second owner of an address gets .2 before the @, a third .3."""
    codes = text.join(local, "@", host).dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    ranked = codes[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    rank = np.empty(len(codes), dtype=np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    tail = text.choose(rank > 0, text.join(".", text.number(rank + 1)), "")
    return text.join(local, tail, "@", host)


def _emails(
    seeds: Seeds,
    household: np.ndarray,
    place: np.ndarray,
    identity: tuple[np.ndarray, np.ndarray, np.ndarray],
    organisation: pa.Array,
    period: Period,
) -> tuple[tuple[pa.Array, pa.Array], np.ndarray]:
    """Return e-mail addresses (old, new) and when they changed; some couples share one address."""
    rng, names, count = seeds.rng("emails"), name_tables(), len(household)
    ascii_given = [text.fold(name).lower().replace(" ", "").replace("'", "") for name in names.given]
    ascii_family = [text.fold(name).lower().replace(" ", "").replace("'", "") for name in names.family]
    given, family = text.pick(ascii_given, identity[0]), text.pick(ascii_family, identity[1])
    year = text.digits(1970 + identity[2] // 365, 2)
    initial = pc.utf8_slice_codeunits(given, 0, 1)
    shapes = [
        text.join(given, ".", family), text.join(initial, ".", family, year), text.join(family, ".", given),
        text.join(given, year), text.join(given, "_", family, year),
    ]  # fmt: skip
    parts = []
    for _ in range(2):
        shape = rng.choice(5, size=count, p=[0.5, 0.15, 0.1, 0.1, 0.15])
        local = shapes[0]
        for number in range(1, 5):
            local = text.choose(shape == number, shapes[number], local)
        parts.append((local, text.pick(MAIL_HOSTS, weighted(rng, MAIL_SHARE, count))))
    both = _unique(text.concat([p[0] for p in parts]), text.concat([p[1] for p in parts]))
    changed = np.where(rng.random(count) < 0.26, _instants(rng, period, count), NONE)
    shared = np.flatnonzero((place == 1) & (rng.random(count) < 0.05))
    owner = np.arange(count)
    owner[shared] = shared - 1
    changed = changed[owner]
    firm = organisation.is_valid().to_numpy(zero_copy_only=False)
    office = text.join("office@firma-", text.number(np.arange(count)), ".example")
    old = text.choose(firm, office, both.take(pa.array(owner)))
    new = text.choose(firm | (changed == NONE), old, both.take(pa.array(owner + count)))
    return (old, new), np.where(firm, NONE, changed)


def _organisations(seeds: Seeds, is_company: np.ndarray) -> pa.Array:
    """Return company names; null for persons."""
    rng, count = seeds.rng("organisations"), len(is_company)
    family = text.pick(name_tables().family, weighted(rng, name_tables().family_weight, count))
    trade, form = (
        text.pick(TRADES, rng.integers(0, 10, count)),
        text.pick(LEGAL_FORMS, rng.integers(0, 5, count)),
    )
    return text.blank(text.join(family, trade, form, sep=" "), ~is_company)
