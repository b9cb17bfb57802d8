"""Anyone's files: read as typed whatever their kind, or refused with one sentence that says what to do."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.errors import ForecourtError
from orchestration.identity_evaluation.files import load_labels, load_records, load_truth
from orchestration.identity_evaluation.report import peak_bytes

RECORDS = "record_id,given_name,email\n1,Anna,a@x.org\n2,Ana,a@x.org\n3,Bert,\n"


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def write(tmp_path):
    def to_file(text, name="records.csv"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return to_file


def rows(con, columns="*", table="record"):
    return con.execute(f"select {columns} from raw_identity.{table} order by all").fetchall()


def test_records_are_kept_as_typed_and_blanks_are_null(con, write):
    cnt, notes = load_records(con, write("record_id, given_name ,Postal_Code\n 7 ,Änne, 01234\n8,  ,NA\n"))
    assert (cnt, notes) == (2, [])
    assert rows(con, "record_id, source, given_name, postal_code, vin") == [
        ("7", "file", "Änne", "01234", None),
        ("8", "file", None, "NA", None),
    ]


def test_parquet_numbers_and_days_read_as_a_person_would_type_them(con, tmp_path):
    file = tmp_path / "records.parquet"
    table = {
        "record_id": pa.array([1, 2]),
        "postal_code": pa.array([1234.0, None]),  # what pandas makes of a column with gaps
        "birth_date": pa.array([0, None], pa.timestamp("ms")),
    }
    pq.write_table(pa.table(table), file)
    load_records(con, file)
    assert rows(con, "record_id, postal_code, birth_date") == [("1", "1234", "1970-01-01"), ("2", None, None)]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_quotes_and_a_byte_order_mark_are_understood(con, write, separator):
    text = RECORDS.replace(",", separator).replace("Anna", f'"An{separator}na\nMaria"')
    load_records(con, write(b"\xef\xbb\xbf" + text.encode()))
    assert rows(con, "record_id, given_name")[0] == ("1", f"An{separator}na\nMaria")


def test_unknown_columns_are_said_and_ignored(con, write):
    _, notes = load_records(con, write(RECORDS.replace("email", "shoe_size")))
    assert notes == ["Columns of RECORDS that are not known were ignored: shoe_size."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "is empty"),
        ("record_id,email\n", "has no rows"),
        ("id,email\n1,a@x.org\n", "has no column record_id: it has id, email"),
        ("record_id,shoe_size\n1,42\n", "no column to compare"),
        (RECORDS + "2,Anne,\n", "repeats 1 values of record_id, such as 2"),
        (RECORDS + ",Anne,\n", "1 rows without a record_id"),
        (RECORDS.replace("Bert", "Jürgen").encode("latin-1"), "not UTF-8: line 4 holds the byte 0xFC"),
        ("record_id,email\n1,a\n2,b,c,d\n", "could not be read"),
        (b"PAR1 and then nothing", "could not be read"),
    ],
)
def test_records_that_cannot_be_used_are_refused_in_one_sentence(con, write, text, sentence):
    with pytest.raises(ForecourtError) as refused:
        load_records(con, write(text))
    assert sentence in str(refused.value)
    assert "RECORDS" in str(refused.value)


def test_a_file_that_is_not_there_is_named(con, tmp_path):
    with pytest.raises(ForecourtError, match=r"no file .*nowhere\.csv"):
        load_records(con, tmp_path / "nowhere.csv")


def test_a_truth_that_knows_more_or_less_is_said(con, write):
    load_records(con, write(RECORDS))
    notes = load_truth(con, write("record_id,person_id\n1,P\n2,P\n2,P\n9,Q\n", "truth.csv"))
    assert rows(con, table="truth") == [("1", "P"), ("2", "P")]
    assert notes == [
        "TRUTH names 1 records that are not in RECORDS (9): left out.",
        "1 records have no truth: they are resolved, and not compared.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("record_id,person_id\n8,P\n9,Q\n", "is about other records"),
        (
            "record_id,person_id\n1,P\n1,Q\n",
            "names more than one person for 1 values of record_id, such as 1",
        ),
        ("record_id\n1\n", "has no column person_id"),
    ],
)
def test_a_truth_that_cannot_be_used_is_refused(con, write, text, sentence):
    load_records(con, write(RECORDS))
    with pytest.raises(ForecourtError, match=sentence):
        load_truth(con, write(text, "truth.csv"))


def test_labels_in_any_spelling_and_direction_are_one_judgement_each(con, write):
    load_records(con, write(RECORDS))
    text = "left_record_id,right_record_id,is_match\n2,1,Yes\n1,2,1\n1,3,FALSE\n1,1,true\n1,77,0\n"
    assert load_labels(con, write(text, "labels.csv")) == (
        2,
        ["1 labels name records that are not there: left out."],
    )
    assert rows(con, table="label") == [("1", "2", True), ("1", "3", False)]


def test_labels_that_contradict_each_other_or_say_nothing_are_refused(con, write):
    load_records(con, write(RECORDS))
    head = "left_record_id,right_record_id,is_match\n"
    with pytest.raises(ForecourtError, match="both ways, such as 1 and 2"):
        load_labels(con, write(head + "1,2,true\n2,1,false\n", "labels.csv"))
    with pytest.raises(ForecourtError, match="'perhaps' is neither"):
        load_labels(con, write(head + "1,2,perhaps\n", "labels.csv"))


def test_no_labels_are_an_empty_table(con, write):
    load_records(con, write(RECORDS))
    assert load_labels(con, None) == (0, [])
    assert rows(con, table="label") == []


def test_peak_memory_is_that_of_this_process():
    before = peak_bytes()
    ballast = bytearray(before + 2**26)
    assert peak_bytes() > before + 2**25
    assert len(ballast) > before
