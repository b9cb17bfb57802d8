"""A CSV or Parquet file as a table of text, every fault of the file named."""

import codecs
from pathlib import Path

import duckdb

from orchestration.errors import ForecourtError

_CHUNK = 1 << 22


def open_file(con: duckdb.DuckDBPyConnection, file: Path, what: str) -> list[str]:
    """Make the view `opened` over the file; return its columns, lower case and without blanks around."""
    if not file.is_file():
        raise ForecourtError(f"{what}: there is no file {file}.")
    if not file.stat().st_size:
        raise ForecourtError(f"{what} ({file}) is empty.")
    is_parquet = _starts(file, b"PAR1")
    if not is_parquet:
        _check_encoding(file, what)
    name = str(file).replace("'", "''")
    reader = f"read_parquet('{name}')" if is_parquet else f"read_csv('{name}', {_csv_options(file)})"
    try:
        described = con.execute(f"describe from {reader}").fetchall()
        columns = [_as_text(str(row[0]), str(row[1])) for row in described]
        con.execute(f"create or replace temp table opened as select {', '.join(columns)} from {reader}")
    except duckdb.Error as error:
        reason = " ".join(str(error).splitlines()[:4])
        raise ForecourtError(f"{what} ({file}) could not be read: {reason}") from error
    if not con.execute("select count(*) from opened").fetchall()[0][0]:
        raise ForecourtError(f"{what} ({file}) has no rows.")
    return [_clean_name(str(row[0])) for row in described]


def _csv_options(file: Path) -> str:
    """How to read the file. Nothing is left to be guessed but the line ends: DuckDB would drop rows that do
    not fit its guess.
    """
    with file.open(encoding="utf-8-sig") as stream:
        unquoted = "".join(stream.readline().split('"')[::2])
    separator = max(",;\t|", key=unquoted.count)  # a comma where there is none: one column
    return (
        f"all_varchar = true, header = true, skip = 0, delim = '{separator}', quote = '\"', escape = '\"', "
        "null_padding = false, ignore_errors = false"
    )


def _starts(file: Path, magic: bytes) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(magic)) == magic


def _clean_name(name: str) -> str:
    return name.strip().lower()


def _as_text(name: str, kind: str) -> str:
    """A column as text, as a person would type it: 1234 and not 1234.0, a day and not a midnight."""
    quoted = '"' + name.replace('"', '""') + '"'
    text = f"cast({quoted} as varchar)"
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"cast(cast({quoted} as hugeint) as varchar)"
        text = f"case when {quoted} = floor({quoted}) then {whole} else {text} end"
    elif kind.startswith("TIMESTAMP"):
        text = f"cast(cast({quoted} as date) as varchar)"
    return f'{text} as "{_clean_name(name)}"'


def _check_encoding(file: Path, what: str) -> None:
    """Raise ``ForecourtError`` for a text that is not UTF-8, with the line where it breaks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            try:
                lines += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError as error:
                line = lines + error.object[: error.start].count(b"\n")
                wrong = f"0x{error.object[error.start]:02X}"
                raise ForecourtError(
                    f"{what} ({file}) is not UTF-8: line {line} holds the byte {wrong}. Save it as UTF-8."
                ) from error
