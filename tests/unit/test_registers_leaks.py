"""National identity numbers where pseudonyms should be. All numbers here are made up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.registers.intake.leaks import Leak, LeakWatch, shown_name

OPAQUE = [f"{number:016x}" for number in np.random.default_rng(1).integers(2**60, 2**63, 200)]


def random_numbers(seed: int, digits: int = 10, n: int = 2000, *, zeros: bool = True) -> list[str]:
    numbers = np.random.default_rng(seed).integers(0, 10**digits, n)
    return [f"{number:0{digits}d}" if zeros else str(number) for number in numbers]


def identity_numbers(n: int) -> list[str]:
    days = np.random.default_rng(9).integers(0, 20_000, n)
    return [f"{date(1950, 1, 1) + timedelta(int(day)):%d%m%y}{number:04d}" for number, day in enumerate(days)]


def text_frame(values: Sequence[str | None]) -> pl.DataFrame:
    return pl.DataFrame({"PNR": values}, schema={"PNR": pl.String})


def leaked(*pieces: Sequence[str | None]) -> int:
    watch = LeakWatch()
    for piece in pieces:
        watch.see(text_frame(piece))
    leaks = watch.leaks()
    return leaks[0].n_values if leaks else 0


@pytest.mark.parametrize(
    "value",
    [
        "0101901234",
        "010190-1234",
        "010190 1234",
        "010190\u20131234",  # with a dash
        "010190 - 1234",
        " 3112991234 ",
        "1503901234.0",
        "1503901234.00",
        "se 010190-1234 i sagen",
        "(0101901234)",
        "cpr:0101901234",
        "se sag 12 (cpr 0101901234, mor 0202601234).",
        "række 3\n0101901234\n2016-01-02",
        "5;0101901234",
        "5,0101901234,x",
        "6101901234",  # a replacement number
        "9112991234",
        "610190-1234",
        "010190-0AB2",  # a hospital's
        "010190 7XY1",
        "01019012345",  # Norwegian
        "010190 12345",
        "010190-12345",
        "fnr. 01019012345.",
        "41019012345",  # a D-number
        "71129912345",
        "01419012345",  # a help number, or one that NAV made up
        "41529012345",
        "01819012345",  # made up by Skatteetaten
        "41929012345",
        "01669012345",  # made up by Norsk helsenett
        "31779012345",
    ],
)
def test_one_number_among_pseudonyms_is_found(value: str) -> None:
    watch = LeakWatch()
    assert watch.see(text_frame([*OPAQUE, value])) == watch.leaks() == (Leak("PNR", 1),)


@pytest.mark.parametrize(
    "value",
    [
        "3201901234",  # no 32nd day
        "0013901234",
        "0001901234",
        "0113901234",  # no 13th month
        "6013901234",
        "9201901234",
        "0101901234567",
        "0100-73111-00001-16",
        "0698-74417-18256-22",
        "x0101901234",
        "0101901234ab",
        "010190123456",
        "139077112",
        "101901234",  # nine digits may have lost a zero, or not
        "2016-01-02",
        "01012016",
        "20160102",
        "2016-01-02 00:00:00",
        "02JAN2016:00:00:00",
        "72019012345",
        "01539012345",
        "01659012345",
        "01809012345",
        "01939012345",
        "made up: 01819012345",
        "+4531019012",
        "+46101234567",
        "-3101901234",
        "0.0101901234",
        ".0101901234",
        "0,0101901234",
        "-1,3101901234",
        "3101901234,50",
        "3101901234.5",
        "3.101901234e9",
        "19900101-1234",  # Swedish, or a case number
        "010190ABCD",
        "0101900AB2",  # a hospital's without its hyphen, or a pseudonym
        "٠١٠١٩٠١٢٣٤x",
        "0000000000",
        "00000000000",
        "",
        " ",
        None,
    ],
)
def test_other_values_are_left_alone(value: str | None) -> None:
    watch = LeakWatch()
    assert watch.see(text_frame([*OPAQUE, value])) == watch.leaks() == ()


_NUMBER = re.compile(r"(?<![0-9A-Za-z+-])([0-9]{10,11}|[0-9]{6}[- ][0-9]{4,5})(?:\.0+)?(?![0-9A-Za-z-])(?!\.[^\s])")


def looks_like_one(text: str) -> bool:
    """Read a text as its description says, one number at a time."""
    if re.fullmatch(r"[-+]?[0-9]*[.,][0-9]*[1-9][0-9]*", text.strip()):
        return False
    stands_alone = re.fullmatch(r"[0-9]+(\.0)?", text.strip()) is not None
    return any(is_identity_number(found, in_text=not stands_alone) for found in _NUMBER.findall(text))


def is_identity_number(number: str, *, in_text: bool) -> bool:
    day, month, n_digits = int(number[:2]), int(number[2:4]), sum(sign.isdigit() for sign in number)
    if not in_text and int(number) % 86_400 == 0:
        return False
    if n_digits == 10:
        return (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12
    months = {*range(1, 13), *range(41, 53)} | (set() if in_text else {*range(66, 78), *range(81, 93)})
    return (1 <= day <= 31 or 41 <= day <= 71) and month in months


@given(
    st.lists(
        st.one_of(
            st.from_regex(r"[0-9]{10,11}|[0-9]{6}[- ][0-9]{4,5}|[01][0-9][01][0-9]{7}", fullmatch=True),
            st.text(alphabet="0123456789 -.,:+()ab\n", max_size=4),
        ),
        max_size=4,
    )
)
def test_a_text_is_read_as_described(parts: list[str]) -> None:
    text = "".join(parts)
    assert (leaked([*OPAQUE, text]) > 0) == looks_like_one(text)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 300])
def test_a_column_of_identity_numbers_is_found_whole(n: int) -> None:
    assert leaked(identity_numbers(n)) == n
    assert leaked([f"{number}5" for number in identity_numbers(n)]) == n


@pytest.mark.parametrize("digits", [10, 11, 12])
@pytest.mark.parametrize("zeros", [True, False])
def test_random_numbers_pass_in_every_draw(digits: int, *, zeros: bool) -> None:
    for seed in range(40):
        assert leaked(random_numbers(seed, digits, zeros=zeros)) == 0


def test_integers_that_became_floats_are_numbers() -> None:
    assert leaked([f"{number}.0" for number in random_numbers(2)]) == 0
    assert leaked([f" {number}.0" for number in identity_numbers(50)]) == 50


def test_a_pseudonym_that_comes_often_is_one_draw() -> None:
    # Of 2,000 random pseudonyms 76 look like a number; in this draw theirs are the persons with most rows.
    pseudonyms = random_numbers(5)
    often = [pseudonym for pseudonym in pseudonyms if 1 <= int(pseudonym[:2]) <= 31 and 1 <= int(pseudonym[2:4]) <= 12]
    assert 50 < len(often) < 100
    assert leaked([*pseudonyms, *often * 40]) == 0
    assert leaked(pseudonyms, often * 40) == 0


def test_identity_numbers_hidden_among_ten_digit_pseudonyms_are_found() -> None:
    numbers = random_numbers(3)
    assert leaked(numbers, []) == 0
    assert leaked([*numbers, *identity_numbers(80)]) >= 80
    assert leaked(numbers, identity_numbers(80)) >= 80


def test_identity_numbers_stand_out_more_where_zeros_were_lost() -> None:
    # 2.9 of 100 random numbers without leading zeros begin like one, 3.7 with them.
    numbers = random_numbers(3, n=20_000, zeros=False)
    hidden = [number for number in identity_numbers(300) if not number.startswith("0")]
    assert leaked(numbers) == 0
    assert leaked(numbers, hidden) >= len(hidden) > 150


def test_a_zero_is_no_pseudonym() -> None:
    assert leaked([*random_numbers(6), *["0"] * 600, *["0000000000"] * 600]) == 0


def test_chance_explains_nothing_where_numbers_are_not_the_rule() -> None:
    numbers = random_numbers(4)
    assert leaked(numbers) == 0
    assert leaked([*numbers, *OPAQUE, *OPAQUE]) > 30  # 2,000 of 2,400 have ten digits: two kinds of pseudonym


@pytest.mark.parametrize("epoch", [date(1960, 1, 1), date(1582, 10, 14)])  # SAS, SPSS
def test_days_in_seconds_are_dates(epoch: date) -> None:
    midnights = [(date(1992, 1, 1) + timedelta(day) - epoch).days * 86_400 for day in range(5000)]
    assert leaked([str(second) for second in midnights]) == 0
    assert leaked([str(second + 1) for second in midnights]) > 100


def test_counts_add_up_over_pieces() -> None:
    frame = pl.DataFrame({"PNR": ["ab", "010190-1234"], "JOURNR": ["J1", "J2"]})
    watch = LeakWatch()
    assert watch.see(frame) == (Leak("PNR", 1),)
    assert watch.see(frame) == watch.leaks() == (Leak("PNR", 2),)


def test_the_first_hit_stops_the_piece_it_is_in() -> None:
    watch = LeakWatch()
    for _ in range(3):
        assert watch.see(text_frame(OPAQUE)) == ()
    assert watch.see(text_frame([*OPAQUE, "0101901234"])) == (Leak("PNR", 1),)


def test_what_was_seen_before_the_first_number_counts() -> None:
    # 1,000 of 1,160 are numbers: not a column of opaque numbers, though the last piece is one.
    watch = LeakWatch()
    assert watch.see(text_frame(OPAQUE[:80])) == watch.see(text_frame(OPAQUE[80:160])) == ()
    (leak,) = watch.see(text_frame(random_numbers(4, n=1000)))
    assert leak.n_values > 20


def test_a_few_opaque_numbers_are_judged_at_the_end() -> None:
    few = ["1203445566", "5500000001", "5500000002"]
    small, whole = LeakWatch(), LeakWatch()
    assert small.see(text_frame(few)) == ()
    assert small.leaks() == (Leak("PNR", 1),)
    assert whole.see(text_frame(few)) == whole.see(text_frame(random_numbers(7))) == whole.leaks() == ()


def test_a_leak_in_a_later_piece_of_opaque_numbers_stops_that_piece() -> None:
    watch = LeakWatch()
    assert watch.see(text_frame(random_numbers(8))) == ()
    assert watch.see(text_frame(random_numbers(9))) == ()
    (leak,) = watch.see(text_frame(identity_numbers(500)))
    assert leak.n_values >= 500


def test_integers_are_numbers() -> None:
    schema = {"Y_0101": pl.Int32, "Y_0102": pl.Int32}
    watch = LeakWatch()
    assert watch.see(pl.DataFrame({"Y_0101": [111, None, -1], "Y_0102": [730, 0, 101901234]}, schema=schema)) == ()
    found = watch.see(pl.DataFrame({"Y_0101": [111, None, -1], "Y_0102": [730, 1512901234, 5]}, schema=schema))
    assert found == watch.leaks() == (Leak("Y_0102", 1),)


def test_identity_numbers_are_found_where_zeros_were_lost() -> None:
    lost = [number.lstrip("0") for number in identity_numbers(100)]
    assert leaked(lost) == sum(len(number) == 10 for number in lost) > 50


def test_a_column_may_come_and_go_and_change_its_type() -> None:
    watch = LeakWatch()
    assert watch.see(pl.DataFrame()) == watch.see(text_frame([])) == watch.see(text_frame([None])) == ()
    assert watch.see(pl.DataFrame({"PNR": [1], "A": ["x"]})) == ()
    assert watch.see(pl.DataFrame({"A": ["310190-1234"]})) == (Leak("A", 1),)
    assert watch.see(pl.DataFrame({"PNR": ["3101901234"]})) == (Leak("A", 1), Leak("PNR", 1))


def test_more_cells_than_are_searched_at_once() -> None:
    assert leaked([*OPAQUE * 600, "see 0101901234", *OPAQUE * 10]) == 1


def test_a_name_that_could_be_a_number_is_not_shown() -> None:
    assert shown_name("GRAD_2008_01", 7) == "GRAD_2008_01"
    assert shown_name("0101901234", 7) == shown_name("010190-1234", 7) == "number 7"


def leaked_among_workplaces(*pieces: Sequence[str | None]) -> int:
    watch = LeakWatch(workplaces=["PNR"])
    found = [watch.see(text_frame(piece)) for piece in pieces]
    leaks = watch.leaks()
    assert not any(found) or leaks  # what stops a piece stops the delivery
    return leaks[0].n_values if leaks else 0


def production_units(n: int) -> list[str]:
    return [str(1_000_000_001 + number) for number in np.random.default_rng(5).integers(0, 31_000_000, n)]


def not_on_a_tenth(n: int) -> list[str]:
    return [number for number in identity_numbers(n) if not number.startswith("10")]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 20, 300])
def test_few_workplaces_pass_in_every_draw(n: int) -> None:
    for seed in range(200):
        assert leaked_among_workplaces(random_numbers(seed, n=n)) == 0


@pytest.mark.parametrize("n", [1, 2, 30, 3000])
def test_production_units_pass_and_would_not_elsewhere(n: int) -> None:
    assert leaked_among_workplaces(production_units(n), production_units(2 * n)) == 0
    assert n < 30 or leaked(production_units(n)) > n / 4


@pytest.mark.parametrize(("number", "n_possible"), [("15039{:05}", 3), ("75039{:05}", 3), ("01019{:05}", 5)])
def test_how_many_of_a_few_may_look_like_one(number: str, n_possible: int) -> None:
    # By hand: the chance of n of n is that of one to the n-th; 22 days * 12 months of the 9,000 beginnings without a
    # zero, 9 * 12 of the 1,000 with one: 0.0293^3 = 0.000025, 0.108^5 = 0.000015. Replacement numbers have 31 days.
    hits = [number.format(n) for n in range(n_possible + 1)]
    assert leaked_among_workplaces(hits[:-1]) == 0
    assert leaked_among_workplaces(hits) == n_possible + 1


@pytest.mark.parametrize("n", [6, 20, 300, 2000])
def test_a_column_of_identity_numbers_is_found_where_workplaces_should_be(n: int) -> None:
    numbers = not_on_a_tenth(n)
    assert leaked_among_workplaces(numbers) == len(numbers)
    assert leaked_among_workplaces(numbers[:2], numbers[2:]) == len(numbers)
    lost = [number.lstrip("0") for number in not_on_a_tenth(4 * n)]
    assert leaked_among_workplaces(lost) == sum(len(number) == 10 for number in lost)


def test_identity_numbers_are_found_among_many_workplaces() -> None:
    numbers = not_on_a_tenth(60)
    assert leaked_among_workplaces(production_units(1000), numbers) == len(numbers)
    assert leaked_among_workplaces([*random_numbers(3), *numbers[:3]]) == 0
    assert leaked_among_workplaces(random_numbers(3), identity_numbers(80)) >= 80


@pytest.mark.parametrize("value", ["010190-1234", "se 0101901234 i sagen", "5;1503901234", "010190 1234"])
def test_one_number_in_a_text_is_found_in_a_column_of_workplaces(value: str) -> None:
    assert leaked_among_workplaces([*production_units(500), value]) == 1


def test_a_column_of_workplaces_that_holds_something_else_is_judged_as_any() -> None:
    assert leaked_among_workplaces([*OPAQUE, "1503901234"]) == 1


def test_other_columns_are_judged_as_ever() -> None:
    watch = LeakWatch(workplaces=["ARBNR"])
    assert watch.see(pl.DataFrame({"ARBNR": ["1503901234"], "PNR": ["1503901234"]})) == (Leak("PNR", 1),)
