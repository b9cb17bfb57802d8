"""Before a decision is kept: do its records exist, and what does it go against?"""

from dataclasses import dataclass

from identity.phone import to_e164
from orchestration.errors import ForecourtError
from orchestration.stewardship.log import PairDecision
from orchestration.stewardship.warehouse import Identity


@dataclass(frozen=True)
class Record:
    """A source record and the person that it stands for today."""

    record_key: str
    one_id: str
    record_cnt: int


def find_record(identity: Identity, key: str) -> Record:
    """The record of a key, or the oldest record of a person. Raises ForecourtError for neither."""
    found = identity.rows(
        """
        SELECT record_key, one_id,
               (SELECT count(*) FROM identity.id_map AS m WHERE m.one_id = map.one_id) AS record_cnt
          FROM identity.id_map AS map WHERE record_key = $1 OR one_id = $1
         ORDER BY first_seen_at, record_key LIMIT 1
        """,
        [key],
    )
    if not found:
        raise ForecourtError(
            f"There is no record or person {key}: records are written source.entity:key "
            "(crm.lead:L00000001), people by their one_id."
        )
    return Record(**found[0])


def against_link(identity: Identity, a: Record, b: Record, decided: list[PairDecision]) -> list[str]:
    """What speaks against joining the persons of two records, each in one sentence."""
    said = []
    for column, name in (("birth_date", "dates of birth"), ("given_name", "given names")):
        values = [_known(identity, column, one.one_id) for one in (a, b)]
        if values[0] and values[1] and not set(values[0]) & set(values[1]):
            said.append(f"Their {name} differ.")
    members = [_members(identity, one.one_id) for one in (a, b)]
    for row in decided:
        keys = {row.record_key_a, row.record_key_b}
        if row.decision == "unlink" and keys & members[0] and keys & members[1]:
            said.append(
                f"{row.decided_by} kept {row.record_key_a} and {row.record_key_b} apart on "
                f"{row.decided_at[:10]} ({row.reason})."
            )
    if a.one_id == b.one_id:
        said.append(f"They are one person already ({a.one_id}): the decision will keep them so.")
    return said


def against_unlink(identity: Identity, a: Record, b: Record, decided: list[PairDecision]) -> list[str]:
    """What speaks for one person, each in one sentence."""
    if a.one_id != b.one_id:
        return ["They are two persons already: the decision will keep them so."]
    ties = identity.rows(
        """
        SELECT rule, count(*) AS number FROM identity.id_edge
         WHERE is_kept AND (record_key, other_record_key) IN (($1, $2), ($2, $1)) GROUP BY rule ORDER BY rule
        """,
        [a.record_key, b.record_key],
    )
    said = [f"They are tied directly by {', '.join(row['rule'] for row in ties)}."] if ties else []
    linked = {frozenset(row.subject) for row in decided if row.decision == "link"}
    if _reach(linked, a.record_key, b.record_key):
        said.append("Links that still stand join them; the split needs one of those to be withdrawn too.")
    return said


def normalised(identifier_type: str, value: str) -> str:
    """An identifier's value as the models write it. Raises ForecourtError for a number nobody can read."""
    if identifier_type == "phone":
        phone = to_e164(value)
        if phone is None and not value.startswith("+"):
            raise ForecourtError(f"{value} cannot be read as a telephone number: write it as +49….")
        return phone or value
    if identifier_type in ("email", "domain"):
        return value.strip().lower()
    return value.strip()


def use_of_value(identity: Identity, identifier_type: str, value: str) -> tuple[int, int]:
    """Records that carry a value, and the people they stand for. Raises ForecourtError for an odd kind."""
    kinds = [row["kind"] for row in identity.rows(
        "SELECT DISTINCT identifier_type AS kind FROM identity.id_observation ORDER BY kind"
    )]  # fmt: skip
    if identifier_type not in kinds:
        raise ForecourtError(f"There is no identifier {identifier_type}: there are {', '.join(kinds)}.")
    found = identity.rows(
        """
        SELECT count(DISTINCT record.record_key) AS records, count(DISTINCT map.one_id) AS people
          FROM identity.id_observation AS seen JOIN identity.id_record AS record USING (record_no)
          JOIN identity.id_map AS map USING (record_key)
         WHERE seen.identifier_type = ? AND seen.identifier_value = ?
        """,
        [identifier_type, value],
    )[0]
    return found["records"], found["people"]


def _known(identity: Identity, column: str, one_id: str) -> list[str]:
    found = identity.rows(
        f"SELECT DISTINCT record.{column} AS value FROM identity.id_record AS record "
        "JOIN identity.id_map AS map USING (record_key) "
        f"WHERE map.one_id = ? AND record.{column} IS NOT NULL",
        [one_id],
    )
    return [str(row["value"]) for row in found]


def _members(identity: Identity, one_id: str) -> set[str]:
    found = identity.rows("SELECT record_key FROM identity.id_map WHERE one_id = ?", [one_id])
    return {row["record_key"] for row in found}


def _reach(pairs: set[frozenset[str]], start: str, end: str) -> bool:
    """Whether a walk over `pairs` leads from one record to the other."""
    reached, frontier = {start}, [start]
    while frontier:
        here = frontier.pop()
        for pair in pairs:
            if here in pair:
                fresh = pair - reached
                reached |= fresh
                frontier += fresh
    return end in reached
