"""Texts of a delivery as values: the SQL against a slow reading in Python, and by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.registers.contracts.contract import Column
from evalkit.registers.typed.typed_value import absent, is_wrong, sql_type, text_or_null, typed_value
from evalkit.warehouse import Warehouse, open_warehouse

DATE, INTEGER, NUMBER, CODE = (Column(type=kind) for kind in ("date", "integer", "number", "code"))
NO_DATE = ("1599-12-31", "9999-12-31")
FIRST, LAST = date(1850, 1, 1), date(2100, 12, 31)
MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "mai": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8}
MONTHS |= {"sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12, "des": 12}
ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# What is easily taken for a number.
ODD = [
    *(
        "inf",
        "-inf",
        "nan",
        "NaN",
        "infinity",
        "0x1F",
        "0b1",
        "1_000",
        "1__0",
        "1e3",
        "1E+2",
        "1e-2",
        "1e100",
        "1e",
        "e3",
    ),
    *(
        " 5",
        "5 ",
        " 5 ",
        "\t5",
        "5\t",
        "5\n",
        "\u00a05",
        "٣",
        "５",
        "+5",
        "-5",
        "--5",
        "+-5",
        "5-",
        "5%",
        "1 000",
        "-0",
        "-0.0",
    ),
    *(
        "1.234,5",
        "1.234",
        "1.234.567",
        "1.234.567,8",
        "1.23,5",
        "1234.567,5",
        "1,5",
        "1,",
        ",5",
        "1,5,0",
        "-1,5",
        "5,0",
    ),
    *(
        "00123",
        "0",
        "000",
        "0.0",
        "2.0",
        "2.00",
        "2.5",
        "2.",
        ".5",
        "+.5",
        "-.5",
        ".",
        "",
        " ",
        "NA",
        "nan ",
        "-",
        "+",
        "x",
    ),
    *(
        "2147483646",
        "2147483647",
        "-2147483647",
        "2147483648",
        "999999999",
        "1000000000",
        "2147483646.0",
        "12345678901",
    ),
    *(
        "9" * 30,
        "9" * 200,
        "9" * 201,
        "9" * 400,
        "0.30000000000000004",
        "4.35",
        "123456789012345678",
        "2.0x",
        "a.0",
        "1.0.0",
    ),
    *(
        "ja",
        "JA",
        "nej",
        "true",
        "1",
        "01",
        "010",
        "007.0",
        "'",
        "a'b",
        "æøå",
        "Æ",
        "2.0 ",
        "0.00",
        ".0",
        "10.0",
        "100",
    ),
]


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def typed(
    warehouse: Warehouse, column: Column, texts: Sequence[str | None], no_date: tuple[str, ...] = NO_DATE
) -> list[tuple[object, bool]]:
    """Return each text's value, and whether it is not of the column's type."""
    wrong = is_wrong(column, "text", "value", no_date) or "FALSE"
    with warehouse.rows("delivered", pl.DataFrame({"source": texts}, schema={"source": pl.String})):
        found = warehouse.fetch(
            f"WITH texts AS (SELECT {text_or_null(column, 'source')} AS text FROM delivered), "  # noqa: S608 - our own SQL
            f"vals AS (SELECT text, {typed_value(column, 'text', no_date)} AS value FROM texts) "
            f"SELECT value, {wrong} AS wrong FROM vals"
        )
    assert found.height == len(texts)
    return list(found.iter_rows())


def trimmed(column: Column, text: str) -> str | None:
    """Trim as the database does: blanks, not tabs."""
    stripped = text.strip(
        " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    )
    nothing = ("", ".") if column.type in ("code", "flag") else ("", ".", "NA", "NaN")
    return None if stripped in nothing else stripped


def number_of(text: str) -> float | None:
    if len(text) > 200:
        return None
    if re.fullmatch(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+", text):
        return float(text.replace(".", "").replace(",", "."))
    return float(text) if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", text) else None


def integer_of(text: str) -> int | None:
    value = number_of(text)
    return int(value) if value is not None and value == int(value) and abs(value) < 2147483647 else None


def code_of(text: str) -> str:
    whole = re.fullmatch(r"([0-9]+)\.0+", text)
    return whole[1] if whole else text


def day(year: str | int, month: str | int, of_month: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None


def is_clock(text: str, before: str) -> bool:
    """Tell whether what follows a day is a clock time, with a time zone only at midnight."""
    time = re.fullmatch(
        rf"(?:{before})(\d\d?):(\d\d)(?::(\d\d)(?:\.\d*)?)?( ?(?:Z|UTC|[+-]\d\d(:?\d\d)?))?", text, re.ASCII
    )
    if time is None:
        return text == ""
    hour, minute, second = (int(part or 0) for part in time.group(1, 2, 3))
    is_midnight = re.search("[1-9]", re.sub(r" ?(Z|UTC|[+-].*)$", "", text)) is None
    if time[4]:
        return is_midnight and "T" in before and len(time[1]) == 2
    return (hour < 24 and minute < 60 and second < 60) or re.fullmatch(
        r"24:00(:00(\.0*)?)?", text[1:].lstrip()
    ) is not None


def any_day_of(text: str) -> date | None:
    """Read a day however it is written, whatever its year."""
    # Ten characters are left to the database's own reader, which lets zeros stand before the year.
    zeros = "0*" if len(text) == 10 else ""
    found = re.fullmatch(rf"{zeros}(\d{{4}})([-/ ])(\d\d?)\2(\d\d?)(.*)", text, re.ASCII)
    if found:
        return day(found[1], found[3], found[4]) if is_clock(found[5], " +|T") else None
    found = re.fullmatch(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})", text, re.ASCII)
    if found:
        return day(found[4], found[3], found[1])
    found = re.fullmatch(r"(\d\d?)[-. ]?([A-Za-z]{3})[-. ]?(\d{4})(.*)", text, re.ASCII)
    if found:
        known = found[2].lower() in MONTHS and is_clock(found[4], "[: ]")
        return day(found[3], MONTHS[found[2].lower()], found[1]) if known else None
    found = re.fullmatch(r"([+-]?)(\d+)(\.0*)?", text, re.ASCII)
    return counted_or_packed(found[1], found[2]) if found else None


def counted_or_packed(sign: str, digits: str) -> date | None:
    if len(digits) == 8 and not sign:
        year_first, day_first = day(digits[:4], digits[4:6], digits[6:]), day(digits[4:], digits[2:4], digits[:2])
        return year_first if year_first and in_years(year_first) else day_first
    if len(digits) == 7 and not sign:
        return day(digits[3:], digits[1:3], digits[0])
    return None if digits.startswith("0") or (sign and len(digits) == 11) else counted(int(sign + digits), len(digits))


def counted(count: int, n_digits: int) -> date | None:
    if n_digits <= 5:
        return date(1960, 1, 1) + timedelta(count) if count <= 36524 else None
    unit = {9: 86_400, 10: 86_400, 11: 86_400, 12: 86_400_000, 13: 86_400_000}.get(n_digits)
    if unit is None or count % unit:
        return None
    try:
        return (date(1582, 10, 14) if n_digits == 11 else date(1960, 1, 1)) + timedelta(count // unit)
    except OverflowError:
        return None


def in_years(value: date) -> bool:
    return FIRST <= value <= LAST


def date_of(text: str) -> date | None:
    value = any_day_of(text)
    return value if value and in_years(value) else None


READ = {"date": date_of, "integer": integer_of, "number": number_of, "code": code_of}


def read(column: Column, texts: Sequence[str]) -> list[tuple[object, bool]]:
    """Read texts in Python; a text of these alphabets never says that there is no date."""
    cleaned = [trimmed(column, text) for text in texts]
    values = [None if text is None else READ[column.type](text) for text in cleaned]
    is_typed = column.type != "code"
    return [
        (value, is_typed and text is not None and value is None) for text, value in zip(cleaned, values, strict=True)
    ]


def written(value: date) -> list[str]:
    """Write a day in every way that is read."""
    days, english = (value - date(1960, 1, 1)).days, ENGLISH[value.month - 1]
    spss = (value - date(1582, 10, 14)).days * 86_400
    texts = [
        value.isoformat(),
        f"{value:%Y/%m/%d}",
        f"{value.year}-{value.month}-{value.day}",
        f"{value:%Y%m%d}",
        f"{value:%d%m%Y}",
        f"{value:%d-%m-%Y}",
        f"{value:%d/%m/%Y}",
        f"{value.day}.{value.month}.{value.year}",
        f"{value:%d}{english}{value:%Y}",
        f"{value.day}-{english.lower()}-{value:%Y}",
        f"{value:%d}{english}{value:%Y}:00:00:00",
        f"{value}T00:00:00",
        f"{value} 00:00:00.000",
        f"{value:%Y%m%d}.0",
    ]
    texts += [f"{value.day}{value:%m%Y}"] if value.day < 10 else []
    texts += [str(days), f"{days}.0"] if days and abs(days) < 100_000 and value <= date(2059, 12, 31) else []
    texts += [str(days * 86_400)] if 9 <= len(str(abs(days * 86_400))) <= 10 else []
    texts += [str(spss)] if len(str(spss)) == 11 else []
    texts += [str(days * 86_400_000)] if 12 <= len(str(abs(days * 86_400_000))) <= 13 else []
    return texts


def test_every_day_is_read_however_it_is_written(warehouse: Warehouse) -> None:
    days = [FIRST + timedelta(n) for n in range(0, (LAST - FIRST).days + 1, 5)] + [LAST, date(2000, 2, 29)]
    texts = [(value, text) for value in days for text in written(value)]
    found = typed(warehouse, DATE, [text for _, text in texts])
    assert len(texts) > 300_000
    assert [text for (value, text), result in zip(texts, found, strict=True) if result != (value, False)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2016-01-02", date(2016, 1, 2)),
        (" 2016-01-02 ", date(2016, 1, 2)),
        ("2016/01/02", date(2016, 1, 2)),
        ("2016 01 02", date(2016, 1, 2)),
        ("2016-1-2", date(2016, 1, 2)),
        ("2016-02-29", date(2016, 2, 29)),
        ("1850-01-01", date(1850, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        ("20160102", date(2016, 1, 2)),
        ("20160102.0", date(2016, 1, 2)),
        ("02012016", date(2016, 1, 2)),
        ("20120106", date(2012, 1, 6)),
        ("20012001", date(2001, 1, 20)),
        ("01022016", date(2016, 2, 1)),
        ("2012016", date(2016, 1, 2)),
        ("2-1-2016", date(2016, 1, 2)),
        ("02/01/2016", date(2016, 1, 2)),
        ("2.1.2016", date(2016, 1, 2)),
        ("02JAN2016", date(2016, 1, 2)),
        ("2maj2016", date(2016, 5, 2)),
        ("02-MAI-2016", date(2016, 5, 2)),
        ("02.Okt.2016", date(2016, 10, 2)),
        ("02 des 2016", date(2016, 12, 2)),
        ("02JAN2016:13:45:00.5", date(2016, 1, 2)),
        ("02jan2016 00:00:00", date(2016, 1, 2)),
        ("2016-01-02 00:00:00", date(2016, 1, 2)),
        ("2016-01-02 00:00:00.000000", date(2016, 1, 2)),
        ("2016-01-02T00:00:00", date(2016, 1, 2)),
        ("2016-01-02 13:45", date(2016, 1, 2)),
        ("2016-01-02 24:00:00", date(2016, 1, 2)),
        ("2016-01-02T00:00:00Z", date(2016, 1, 2)),
        ("2016-01-02 00:00:00+01:00", date(2016, 1, 2)),
        ("2016-01-02 00:00:00.000+0200", date(2016, 1, 2)),
        ("1", date(1960, 1, 2)),
        ("-1", date(1959, 12, 31)),
        ("+1", date(1960, 1, 2)),
        ("2016", date(1965, 7, 9)),
        ("20455", date(2016, 1, 2)),  # SAS: '02JAN2016'd = 20455
        ("20455.0", date(2016, 1, 2)),
        ("-40176", date(1850, 1, 1)),
        ("36524", date(2059, 12, 31)),
        ("1767312000", date(2016, 1, 2)),  # SAS: '02JAN2016:00:00:00'dt = 1767312000
        ("-1000080000", date(1928, 4, 23)),
        ("13671072000", date(2016, 1, 2)),  # SPSS
        ("1767312000000", date(2016, 1, 2)),  # Stata: %tc
        ("1767312000000.0", date(2016, 1, 2)),
    ],
)
def test_a_date_is_read(warehouse: Warehouse, text: str, value: date) -> None:
    assert typed(warehouse, DATE, [text]) == [(value, False)]
    assert any_day_of(text.strip()) == value


@pytest.mark.parametrize(
    "text",
    [
        "2015-02-29",
        "2016-13-01",
        "1849-12-31",
        "2101-01-01",
        "16-01-02",
        "02-01-16",
        "02/01/16",
        "02.01.16",
        "02JAN16",
        "020116",
        "201601",
        "2016-01",
        "12/31/2016",
        "2016-01/02",
        "31022016",
        "20160230",
        "02XYZ2016",
        "31FEB2016",
        "02JAN2016:25:00:00",
        "2016-01-02 25:00",
        "2016-01-02 13:60",
        "2016-01-01T23:00:00Z",  # the next day in Copenhagen
        "2016-01-02 00:00:01+01:00",
        "2016-01-02abc",
        "2016-01-02 (BC)",
        "12016-01-02",
        "18500-1-01",
        "epoch",
        "infinity",
        "0",
        "00000",
        "01016",
        "36525",  # 2000-01-01 less one in a spreadsheet
        "42371",
        "100000",
        "-40177",
        "-20160102",
        "1767312001",
        "1767225",
        "13671072001",
        "1767312000001",
        "17673120000000",
        "20455.5",
        "0101901234",
        "٢٠١٦-٠١-٠٢",
    ],
)
def test_what_is_no_date(warehouse: Warehouse, text: str) -> None:
    assert typed(warehouse, DATE, [text]) == [(None, True)]
    assert date_of(text) is None


@pytest.mark.parametrize("no_date", ["1599-12-31", "9999-12-31", "1900-01-01", "2099-05-09"])
def test_no_date_is_no_date_however_it_is_written(warehouse: Warehouse, no_date: str) -> None:
    value = date.fromisoformat(no_date)
    days = (value - date(1960, 1, 1)).days
    texts = [*written(value), f"{days}", f"{days}.0", f"{days * 86_400}", f"{days * 86_400_000}"]
    # In 1599 SPSS counts nine digits, which are a day in 1977 as SAS counts.
    texts += [f"{(value - date(1582, 10, 14)).days * 86_400}"] if value.year > 1599 else []
    assert typed(warehouse, DATE, texts, (no_date, "1599-12-31")) == [(None, False)] * len(texts)
    other = [text for text in texts if typed(warehouse, DATE, [text], ()) == [(None, False)]]
    assert other == []


def test_nothing_is_neither_value_nor_wrong(warehouse: Warehouse) -> None:
    for column in (DATE, INTEGER, NUMBER):
        assert typed(warehouse, column, [None, "", "  ", ".", " . ", "NA", "NaN"]) == [(None, False)] * 7
    assert typed(warehouse, CODE, [None, "", ".", "NA"]) == [(None, False)] * 3 + [("NA", False)]


@pytest.mark.parametrize("column", [INTEGER, NUMBER, CODE], ids=lambda column: column.type)
def test_odd_texts_are_read_as_in_python(warehouse: Warehouse, column: Column) -> None:
    assert typed(warehouse, column, ODD) == read(column, ODD)


def test_the_odd_texts_say_what_they_should(warehouse: Warehouse) -> None:
    found = dict(zip(ODD, typed(warehouse, NUMBER, ODD), strict=True))
    numbers = {"1e3": 1000.0, " 5": 5.0, "+5": 5.0, "1.234,5": 1234.5, "1.234": 1.234, "00123": 123.0, "2.5": 2.5}
    assert {text: found[text] for text in numbers} == {text: (value, False) for text, value in numbers.items()}
    for text in ("inf", "nan", "0x1F", "1_000", "٣", "1.23,5", "9" * 400, "1 000", "-"):
        assert found[text] == (None, True)


@pytest.mark.parametrize("strip_zeros", [True, False])
@pytest.mark.parametrize("case", ["lower", "upper", None])
def test_codes_lose_what_has_no_meaning(warehouse: Warehouse, case: str | None, *, strip_zeros: bool) -> None:
    column = Column.model_validate({"type": "code", "strip_zeros": strip_zeros, "case": case})
    cleaned = [trimmed(column, text) for text in ODD]
    codes = [None if text is None else code_of(text) for text in cleaned]
    if strip_zeros:
        codes = [None if code is None else re.sub(r"^0+([0-9])", r"\1", code) for code in codes]
    if case:
        codes = [None if code is None else getattr(code, case)() for code in codes]
    assert typed(warehouse, column, ODD) == [(code, False) for code in codes]


@pytest.mark.parametrize("no", [("0", "nej"), ()])
def test_flags_are_words(warehouse: Warehouse, no: tuple[str, ...]) -> None:
    column = Column(type="flag", yes=("1", "JA", "a'b"), no=no)
    cleaned = [trimmed(column, text) for text in ODD]
    words = [None if text is None else code_of(text).lower() for text in cleaned]
    yes = [
        None if word is None else word in ("1", "ja", "a'b") or (None if no and word not in no else False)
        for word in words
    ]
    assert typed(warehouse, column, ODD) == [
        (flag, flag is None and word is not None) for flag, word in zip(yes, words, strict=True)
    ]
    assert {True, False} < set(yes)


def test_blanks_are_trimmed_whatever_they_are(warehouse: Warehouse) -> None:
    # The database's own trim is the reference: the short cut around it must not show.
    signs = [chr(code) for code in range(1, 0x3100)]
    edges = [text for sign in signs for text in (sign, f"{sign}a", f"a{sign}", f"{sign}a{sign}b{sign}")]
    text = text_or_null(Column(type="text"), "source")
    with warehouse.rows("delivered", pl.DataFrame({"source": edges})):
        found = warehouse.fetch(
            f"SELECT source FROM delivered WHERE {text} IS DISTINCT FROM nullif(trim(source), '')"  # noqa: S608 - our own SQL
        )
    assert found.height == 0


DIGITS = st.text(alphabet="0123456789", min_size=1, max_size=14)
NEAR_NUMBERS = st.one_of(
    st.text(alphabet="0123456789+-.,eE _x", max_size=12),
    st.from_regex(r"[+-]?[0-9]{1,11}([.,][0-9]{0,4})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}(\.[0-9]{2,3}){0,3},?[0-9]{0,3}", fullmatch=True),
    st.text(max_size=6).filter(lambda text: "\0" not in text),
)


@given(texts=st.lists(NEAR_NUMBERS, min_size=1, max_size=40))
def test_any_text_is_read_as_in_python(warehouse: Warehouse, texts: list[str]) -> None:
    for column in (INTEGER, NUMBER, CODE):
        assert typed(warehouse, column, texts) == read(column, texts)


@st.composite
def near_dates(draw: st.DrawFn) -> str:
    """Write a day, then perhaps spoil what was written."""
    value = draw(st.dates(date(1830, 1, 1), date(2120, 1, 1)))
    text = draw(st.sampled_from([*written(value), f"{value:%d%m%y}", f"{value:%y-%m-%d}", f"{value}T23:00:00Z"]))
    place = draw(st.integers(0, len(text)))
    spoilt = st.sampled_from([text, text, text[:place] + draw(st.sampled_from("019-/. :TZa")) + text[place:]])
    return draw(st.one_of(spoilt, st.just(text[:place] + text[place + 1 :]), st.just(text[:place])))


@given(
    texts=st.lists(st.one_of(near_dates(), DIGITS, st.text(alphabet="0123456789-/. :TZ+jan", max_size=20)), max_size=40)
)
def test_any_text_is_a_date_as_in_python(warehouse: Warehouse, texts: list[str]) -> None:
    assert typed(warehouse, DATE, texts, ()) == read(DATE, texts)


def test_an_absent_column_has_its_type(warehouse: Warehouse) -> None:
    for kind in ("date", "integer", "number", "flag", "code", "text"):
        column = Column.model_validate({"type": kind})
        found = warehouse.fetch(f"SELECT {absent(column)} AS value, typeof({absent(column)}) AS type")
        assert found.row(0) == (None, sql_type(column))


@pytest.mark.parametrize("kind", ["date", "integer", "number", "flag", "code", "text"])
def test_typing_makes_no_join(warehouse: Warehouse, kind: str) -> None:
    # DuckDB turns IN with more than a few words into one, for every row.
    column = Column.model_validate({"type": kind})
    wrong = is_wrong(column, "text", "value", NO_DATE) or "FALSE"
    text, value = text_or_null(column, "source"), typed_value(column, "text", NO_DATE)
    with warehouse.rows("delivered", pl.DataFrame({"source": ["1", "2"]})):
        found = warehouse.fetch(
            f"EXPLAIN SELECT value, {wrong} FROM (SELECT text, {value} AS value FROM "  # noqa: S608 - our own SQL
            f"(SELECT {text} AS text FROM delivered))"
        )
    plan = "".join(found["explain_value"].to_list())
    assert "Projection" in plan
    assert "Join" not in plan
