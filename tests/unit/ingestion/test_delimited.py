"""CSV: whatever stands on one line, the other lines are read."""

import pytest

from ingestion.contracts import Reason
from ingestion.readers.delimited import read_records

HEADER = b"a,b,c\n"


def outcomes(content: bytes) -> list[tuple[int, bytes, list[str] | str]]:
    """Line, bytes and fields (or the code of the reason) of each record behind the header."""
    [_, *records] = read_records(content, ",")
    return [
        (r.line, r.original, r.fields.code if isinstance(r.fields, Reason) else r.fields) for r in records
    ]


@pytest.mark.parametrize(
    "broken",
    [
        b'1,"open,3\n',
        b'"open,2,3\n',
        b'1,2,"open\n',
        b'1,"quo"te,3\n',
        b"1,2\n",
        b"1,2,3,4\n",
        b'1,"' + b"x" * 200_000 + b'",3\n',
    ],
)
def test_a_broken_line_is_refused_alone(broken: bytes) -> None:
    good = [b"%d,x,y\n" % number for number in range(3000)]
    content = HEADER + b"".join([*good[:1000], broken, *good[1000:]])
    found = outcomes(content)
    assert [(line, original) for line, original, fields in found if isinstance(fields, str)] == [
        (1002, broken)
    ]
    assert [fields[0] for *_, fields in found if isinstance(fields, list)] == [str(i) for i in range(3000)]


@pytest.mark.parametrize("second", [b'4,"open,6\n', b'4,open",6\n', b'4,"open",6\n'])
def test_a_quote_that_another_line_closes_swallows_nothing(second: bytes) -> None:
    lines = [b'1,"open,3\n', b"2,x,y\n", b"3,x,y\n", second, b"5,x,y\n"]
    found = outcomes(HEADER + b"".join(lines))
    assert [original for _, original, _ in found] == lines
    assert [line for line, *_ in found] == [2, 3, 4, 5, 6]
    assert found[0][2] in ("csv", "columns")
    assert [fields for *_, fields in found][1:3] == [["2", "x", "y"], ["3", "x", "y"]]


def test_a_field_over_several_lines_is_one_field() -> None:
    found = outcomes(HEADER + b'1,"two\nlines",3\n\n4,5,6')
    assert found == [(2, b'1,"two\nlines",3\n', ["1", "two\nlines", "3"]), (5, b"4,5,6", ["4", "5", "6"])]


def test_nothing_and_a_byte_order_mark() -> None:
    assert list(read_records(b"", ",")) == []
    assert [r.fields for r in read_records(b"\xef\xbb\xbfa;b\r\n1;2\r\n", ";")] == [["a", "b"], ["1", "2"]]
