"""Splitting text into records, reading headers, and the weeks and months that columns are named after."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.registers.contracts.matching import period_of
from evalkit.registers.files.header import Header, parse_header
from evalkit.registers.files.records import split_records


@pytest.mark.parametrize(
    ("text", "n_fields"),
    [
        (b'"a",b\n', [2]),
        (b'"a,b",c\n', [2]),
        (b'"a""b",c\n', [2]),
        (b'"a\nb",c\n', [2]),
        (b'"",""\n', [2]),
        (b'a 5" pipe,b\nc,d\n', [2, 2]),
        (b'a 5" pipe,"b,\n"\nc,d\n', [2, 2]),
        (b'"b,""",a 5" pipe\nc,d\n', [2, 2]),
        (b'"a"b,c\n', [0]),
        (b'"a" ,c\n', [0]),
        (b'1,"a,""b"",c"\n2,d\n', [2, 2]),
        (b"\n\r\na,b\r\n", [0, 0, 2]),
    ],
)
def test_quotation_marks(text: bytes, n_fields: list[int]) -> None:
    assert [record.n_fields for record in split_records(text, b",")] == n_fields


def test_a_record_that_goes_on_is_left_over() -> None:
    assert [(record.text, record.end) for record in split_records(b'a,b\nc,"d\ne\n', b",")] == [(b"a,b", 4)]


@given(st.lists(st.lists(st.text('a"\n,é ', max_size=4), min_size=2, max_size=4), max_size=8))
def test_what_python_writes_is_split_as_python_reads_it(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    records = list(split_records(file.getvalue().encode(), b","))
    assert [record.n_fields for record in records] == [len(row) for row in rows]
    assert list(csv.reader(io.StringIO("".join(record.clean.decode() for record in records)))) == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_the_names(delimiter: str) -> None:
    line = delimiter.join(["pnr", '"DODDATO"', "a,b;c" if delimiter in "\t|" else "x"]).encode()
    header = parse_header(line, {"pnr", "doddato"})
    assert (header.delimiter, header.names[:2]) == (delimiter, ("pnr", "DODDATO"))


def test_without_known_names_the_most_columns_win() -> None:
    assert parse_header(b"a;b,c;d", set()) == Header(("a", "b,c", "d"), ";")


@pytest.mark.parametrize(
    ("name", "kind", "days"),
    [
        ("Y_9132", "iso_week", ("1991-08-05", "1991-08-12")),  # DREAM's first week
        ("y_1501", "iso_week", ("2014-12-29", "2015-01-05")),  # an ISO week begins in the year before
        ("Y_1553", "iso_week", ("2015-12-28", "2016-01-04")),
        ("Y_8952", "iso_week", ("2089-12-26", "2090-01-02")),
        ("Y_9001", "iso_week", ("1990-01-01", "1990-01-08")),
        ("GRAD_2008_01", "month", ("2008-01-01", "2008-02-01")),
        ("branche_2009_12", "month", ("2009-12-01", "2010-01-01")),
    ],
)
def test_weeks_and_months(name: str, kind: str, days: tuple[str, str]) -> None:
    period = period_of(name, kind)
    assert period is not None
    assert tuple(str(day) for day in period) == days


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Y_1653", "iso_week"),
        ("Y_1600", "iso_week"),
        ("Y_16", "iso_week"),
        ("PNR", "iso_week"),
        ("GRAD_2008_13", "month"),
    ],
)
def test_weeks_and_months_that_are_none(name: str, kind: str) -> None:
    assert period_of(name, kind) is None
