"""Counting records without the database, and reading headers."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.registers.header import Header, parse_header
from evalkit.registers.matching import iso_week_monday
from evalkit.registers.records import RecordCounter, split_records


def slow_count(block: bytes, n_fields: int) -> tuple[int, list[int]]:
    records = [record for record, _ in split_records(block, b",") if record.text]
    return len(records), [place for place, one in enumerate(records, start=1) if one.n_fields != n_fields]


def test_lines_are_counted_and_the_wrong_ones_named() -> None:
    counter = RecordCounter(b",", 3)
    block = b"a,b,c\n1,2,3\n\n1,2\r\n1,2,3,4\n1,2,3\r\n\r\n"
    assert counter.count(block) == len(block)
    assert (counter.n_records, counter.malformed, counter.n_blank, counter.n_fields_of_last) == (5, [3, 4], 2, 3)


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
    ],
)
def test_quotation_marks(text: bytes, n_fields: list[int]) -> None:
    assert [record.n_fields for record, _ in split_records(text, b",")] == n_fields


def test_a_record_that_goes_on_is_left_over() -> None:
    counter = RecordCounter(b",", 2)
    assert counter.count(b'a,b\nc,"d\ne\n') == 4
    assert counter.n_records == 1


@given(st.lists(st.lists(st.sampled_from(["", "a", "12", " x"]), min_size=1, max_size=4), max_size=12))
def test_the_fast_way_counts_as_the_slow_way(rows: list[list[str]]) -> None:
    block = "".join(",".join(row) + "\n" for row in rows).encode()
    counter = RecordCounter(b",", 3)
    counter.count(block)
    assert (counter.n_records, counter.malformed) == slow_count(block, 3)


@given(
    st.lists(st.lists(st.text('a"\n,é ', max_size=4), min_size=2, max_size=4), max_size=8),
    st.integers(0, 200),
)
def test_what_python_writes_is_counted_right_wherever_it_is_cut(rows: list[list[str]], cut: int) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    block = file.getvalue().encode()
    counter = RecordCounter(b",", 3)
    first = block[: block.rfind(b"\n", 0, cut) + 1]
    done = counter.count(first)
    assert counter.count(block[done:]) == len(block) - done
    assert counter.n_records == len(rows)
    assert counter.malformed == [place for place, row in enumerate(rows, start=1) if len(row) != 3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_the_names(delimiter: str) -> None:
    line = delimiter.join(["pnr", '"DODDATO"', "a,b;c" if delimiter in "\t|" else "x"]).encode()
    header = parse_header(line, {"pnr", "doddato"})
    assert (header.delimiter, header.names[:2]) == (delimiter, ("pnr", "DODDATO"))


def test_without_known_names_the_most_columns_win() -> None:
    assert parse_header(b"a;b,c;d", set()) == Header(("a", "b,c", "d"), ";")


@pytest.mark.parametrize(
    ("name", "monday"),
    [
        ("Y_9132", "1991-08-05"),  # DREAM's first week
        ("y_1501", "2014-12-29"),  # an ISO week begins in the year before
        ("Y_1553", "2015-12-28"),
        ("Y_8952", "2089-12-26"),
        ("Y_9001", "1990-01-01"),
    ],
)
def test_weeks(name: str, monday: str) -> None:
    assert str(iso_week_monday(name)) == monday


@pytest.mark.parametrize("name", ["Y_1653", "Y_1600", "Y_16", "PNR"])
def test_weeks_that_are_none(name: str) -> None:
    assert iso_week_monday(name) is None
