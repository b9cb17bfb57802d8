"""The file of identifying values that lies beside each snapshot, one sealed row for each person.

    identity-000042-b7e5404a.duckdb
      meta    version, key_name, published_at
      person  one_id, digest, sealed

`sealed` is a nonce of 12 bytes and the person's golden record as JSON under AES-256-GCM, with `one_id` as
authenticated data: a row that was put under another person does not open. `digest` is half a keyed SHA-256
of the JSON; a row whose digest is that of the version before is copied as it is, so a publish seals what
changed. DuckDB's own encrypted files were tried first: without its `httpfs` extension, which would have to be
downloaded, 2.0.0 writes them only with `force_mbedtls_unsafe`.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from serving.copy import quoted, sql_path
from serving.errors import IdentityKeyMissing, PublishFailed, SnapshotBroken
from serving.identity_key import IdentityKey

SOURCE = ("core", "dim_customer_identity")
_OUT, _BEFORE = "identity_out", "identity_before"
_NONCE = 12
_BATCH = 50_000


def write(
    con: duckdb.DuckDBPyConnection,
    catalogue: str,
    file: Path,
    key: IdentityKey,
    version: int,
    before: Path | None,
) -> int:
    """Seal `core.dim_customer_identity` of the attached warehouse `catalogue` into `file`; return its rows.

    `before` is the file of the version before, whose unchanged rows are taken over where it has the same key.
    """
    con.execute(f"ATTACH '{sql_path(file)}' AS {_OUT}")
    con.execute(
        f"CREATE TABLE {_OUT}.meta AS "
        "SELECT ?::BIGINT AS version, ? AS key_name, ?::TIMESTAMPTZ AS published_at",
        [version, key.name, datetime.now(UTC)],
    )
    con.execute(f"CREATE TABLE {_OUT}.person (one_id VARCHAR NOT NULL, digest VARCHAR, sealed BLOB)")
    known = _attach_before(con, before, key)
    try:
        _seal(con, catalogue, key, known)
        con.execute(f"CHECKPOINT {_OUT}")
        row = con.execute(f"SELECT count(*) FROM {_OUT}.person").fetchall()[0]
    finally:
        for name in (_BEFORE, _OUT) if known else (_OUT,):
            con.execute(f"DETACH {name}")
    return int(row[0])


def _attach_before(con: duckdb.DuckDBPyConnection, before: Path | None, key: IdentityKey) -> bool:
    """Attach the version before; False where there is none that this key opens."""
    if before is None or not before.is_file():
        return False
    try:
        con.execute(f"ATTACH '{sql_path(before)}' AS {_BEFORE} (READ_ONLY)")
        named = con.execute(f"SELECT key_name FROM {_BEFORE}.meta").fetchall()
    except duckdb.Error:  # broken: everything is sealed anew
        named = []
    if named == [(key.name,)]:
        return True
    con.execute(f"DETACH DATABASE IF EXISTS {_BEFORE}")
    return False


def _seal(con: duckdb.DuckDBPyConnection, catalogue: str, key: IdentityKey, known: bool) -> None:
    """Fill `person`. Nothing but sealed rows is ever written, so nothing readable can spill to disk."""
    source = quoted(catalogue, *SOURCE)
    before = f"LEFT JOIN {_BEFORE}.person AS old USING (one_id, digest)" if known else ""
    old = "old.sealed" if known else "NULL::BLOB"
    reader, cipher = con.cursor(), AESGCM(key.sealing)
    batches = reader.sql(
        f"""
        WITH person AS (SELECT one_id, to_json(row_)::VARCHAR AS body FROM {source} AS row_),
        digested AS (SELECT *, left(sha256($salt || body), 32) AS digest FROM person)
        SELECT digested.one_id, digest, CASE WHEN {old} IS NULL THEN body END AS body, {old} AS sealed
          FROM digested {before}
        """,
        params={"salt": key.digesting},
    ).to_arrow_reader(_BATCH)
    for batch in batches:
        columns = batch.to_pydict()
        sealed = [
            _sealed(cipher, one_id, body) if body is not None else ready
            for one_id, body, ready in zip(columns["one_id"], columns["body"], columns["sealed"], strict=True)
        ]
        rows = pa.table(
            [batch.column("one_id"), batch.column("digest"), pa.array(sealed, pa.binary())],
            names=["one_id", "digest", "sealed"],
        )
        con.register("sealed_rows", rows)
        con.execute(f"INSERT INTO {_OUT}.person SELECT one_id, digest, sealed FROM sealed_rows")
        con.unregister("sealed_rows")
    reader.close()


def _sealed(cipher: AESGCM, one_id: str, body: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, body.encode(), one_id.encode())


def check(con: duckdb.DuckDBPyConnection, file: Path, key: IdentityKey, rows: int) -> None:
    """Open the finished file as a reader would. Raises PublishFailed where rows are missing or stay shut."""
    con.execute(f"ATTACH '{sql_path(file)}' AS {_OUT} (READ_ONLY)")
    found = con.execute(f"SELECT count(*), min(one_id) FROM {_OUT}.person").fetchall()[0]
    con.execute(f"DETACH {_OUT}")
    if found[0] != rows:
        raise PublishFailed(f"The file of identifying values holds {found[0]} people and {rows} were sealed.")
    if rows and open_one(file, key, found[1]) is None:
        raise PublishFailed("The file of identifying values does not open again.")


def open_one(file: Path, key: IdentityKey, one_id: str) -> str | None:
    """The golden record of one person as JSON, or None where the file does not know them.

    Raises IdentityKeyMissing where the file was sealed with another key, SnapshotBroken where it is damaged.
    """
    try:
        with duckdb.connect(config={"threads": 1, "temp_directory": ""}) as con:
            con.execute(f"ATTACH '{sql_path(file)}' AS vault (READ_ONLY)")
            named = con.execute("SELECT key_name FROM vault.meta").fetchall()
            found: Sequence[tuple[bytes]] = con.execute(
                "SELECT sealed FROM vault.person WHERE one_id = ?", [one_id]
            ).fetchall()
    except duckdb.Error as error:
        raise SnapshotBroken(
            f"The file of identifying values {file} cannot be read. Publish again."
        ) from error
    if named != [(key.name,)]:
        raise IdentityKeyMissing(
            f"{file.name} was sealed with another key than the one that is configured here. Bring that key, "
            "or publish again."
        )
    if not found:
        return None
    try:
        opened = AESGCM(key.sealing).decrypt(found[0][0][:_NONCE], found[0][0][_NONCE:], one_id.encode())
    except InvalidTag as error:
        raise SnapshotBroken(f"The row of {one_id} in {file.name} was changed. Publish again.") from error
    return opened.decode()
