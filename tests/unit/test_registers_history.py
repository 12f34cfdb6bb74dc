"""A delivery against the one before: what an ordinary quarter does, and what it does not."""

from __future__ import annotations

from datetime import date

import pytest

from evalkit.registers.evidence.changes import Change, Comparison, judged
from evalkit.registers.evidence.history import compare_profiles
from evalkit.registers.evidence.trust import Limits, RegisterLimits, Verdict
from tests.unit.deliveries import profile_frame

Counts = dict[tuple[int | None, str, str, str], int]

VINTAGE = date(2022, 7, 1)  # 2021 is the last whole year of the earlier delivery


def year(of: int | None, n: int, *, persons: int | None = None, blank: int = 0, code_a: int | None = None) -> Counts:
    """Count a year of a register with one column C, whose codes are A and B."""
    filled = n - blank
    a = filled // 2 if code_a is None else code_a
    codes = {(of, "code", "C", code): count for code, count in (("A", a), ("B", filled - a)) if count}
    return {
        (of, "rows", "", ""): n,
        (of, "persons", "", ""): n // 2 if persons is None else persons,
        (of, "missing", "C", ""): blank,
        **codes,
    }


def years(n: int, *, persons: int | None = None, blank: int = 0) -> Counts:
    three = (year(of, n, persons=persons, blank=blank) for of in (2019, 2020, 2021))
    return {key: count for one in three for key, count in one.items()}


def x(of: int | None, n: int) -> Counts:
    return {(of, "code", "C", "X"): n}


BEFORE = {**year(2019, 1000), **year(2020, 1000), **year(2021, 1000), **year(2022, 500)}


def compared(before: Counts, now: Counts, limits: RegisterLimits | None = None) -> Comparison:
    frames = profile_frame(before), profile_frame(now)
    counts = compare_profiles(*frames, complete_before=VINTAGE, dates=["END"])
    return judged(counts.height, counts, limits or RegisterLimits())


def found(before: Counts, now: Counts, limits: RegisterLimits | None = None) -> set[tuple[object, ...]]:
    changes = compared(before, now, limits).changes
    return {(one.measure, one.code, one.year, one.against, str(one.verdict)) for one in changes}


def test_the_same_again_is_as_expected() -> None:
    # Three whole years of rows, persons, blanks and two codes; 2022's two counts, and its blanks and codes against
    # 2021; two codes over all whole years.
    assert compared(BEFORE, BEFORE) == Comparison(3 * 5 + 2 + 3 + 2, ())


def test_an_ordinary_quarter_is_as_expected() -> None:
    # The year goes on, a next one begins, and some rows of the past came late.
    now = {**BEFORE, **year(2021, 1020), **year(2022, 990), **year(2023, 240)}
    assert found(BEFORE, now) == set()


def test_a_lost_year_stops() -> None:
    now = {key: n for key, n in BEFORE.items() if key[0] != 2020}
    assert found(BEFORE, now) == {("rows", "", 2020, 2020, "stop"), ("persons", "", 2020, 2020, "stop")}


def test_what_a_lost_year_is_said_to_be() -> None:
    now = {key: n for key, n in BEFORE.items() if key[0] != 2020}
    rows = next(one for one in compared(BEFORE, now).changes if one.measure == "rows")
    size = (1000 - 1.96 * 1000**0.5) / 1000
    assert rows == Change("kraf", "rows", "", "", 2020, 2020, 1000, 0, 0, 0, pytest.approx(size), Verdict.STOP)  # type: ignore[arg-type]


def test_a_file_that_came_twice_stops() -> None:
    # As many persons with twice the rows: (1000 - 1.96 * sqrt(1000)) / 2000 = 0.469 of the rows are too many.
    now = {**BEFORE, **years(2000, persons=500)}
    assert found(BEFORE, now) == {("rows", "", y, y, "stop") for y in (2019, 2020, 2021)}


def test_more_persons_bring_more_rows() -> None:
    now = {**BEFORE, **years(2000)}
    assert found(BEFORE, now) == {("persons", "", y, y, "look") for y in (2019, 2020, 2021)}


def test_persons_who_are_fewer_or_more_explain_nothing_else() -> None:
    # 30 rows more of fewer persons are 30 rows more; 80 rows fewer of more persons are 80 rows fewer.
    assert found(BEFORE, {**BEFORE, **year(2021, 1030, persons=300)}) == {("persons", "", 2021, 2021, "look")}
    assert ("rows", "", 2021, 2021, "look") in found(BEFORE, {**BEFORE, **year(2021, 920, persons=1000)})


def test_fewer_persons_excuse_no_lost_rows() -> None:
    assert ("rows", "", 2021, 2021, "stop") in found(BEFORE, {**BEFORE, **year(2021, 400)})


def test_some_rows_too_few_are_looked_at() -> None:
    # 80 of 1,000 are at the least 80 - 1.96 * 8.94 = 62.5, over a twentieth; 60 of 1,000 at the least 44.8.
    assert found(BEFORE, {**BEFORE, **year(2021, 920, persons=500)}) == {("rows", "", 2021, 2021, "look")}
    assert found(BEFORE, {**BEFORE, **year(2021, 940, persons=500)}) == set()


def test_a_column_gone_blank_stops() -> None:
    now = {**BEFORE, **year(2020, 1000, blank=1000), **year(2021, 1000, blank=1000)}
    assert found(BEFORE, now) == {("missing", "", y, y, "stop") for y in (2020, 2021)}


def test_a_column_gone_blank_in_all_years_stops() -> None:
    now = {**years(1000, blank=1000), **year(2022, 500, blank=500)}
    verdicts = {one.verdict for one in compared(BEFORE, now).changes if one.year in (2019, 2020, 2021)}
    assert verdicts == {Verdict.STOP}


def test_fewer_blanks_are_looked_at_and_never_stop() -> None:
    before = {**BEFORE, **year(2021, 1000, blank=1000)}
    now = {**BEFORE, **year(2022, 500)}
    assert found(before, now) == {("missing", "", 2021, 2021, "look"), ("missing", "", 2022, 2021, "look")}


def test_a_code_that_took_over_stops() -> None:
    # Half of the values before, nine tenths now: a difference of 0.4 with an interval from 0.36.
    now = {**BEFORE, **year(2021, 1000, code_a=900)}
    assert found(BEFORE, now) == {("code", "A", 2021, 2021, "stop"), ("code", "B", 2021, 2021, "stop")}


def test_a_share_of_a_code_is_of_the_values_and_not_of_the_rows() -> None:
    # 40 more rows in a hundred are blank: that is the blanks' finding, and the codes' shares are what they were.
    now = {**BEFORE, **year(2021, 1000, blank=400)}
    assert found(BEFORE, now) == {("missing", "", 2021, 2021, "look")}


def test_a_new_code_and_a_lost_code_are_looked_at() -> None:
    new = {**x(2020, 2), **x(2021, 2)}
    assert found(BEFORE, {**BEFORE, **new}) == {("new code", "X", None, None, "look")}
    assert found({**BEFORE, **new}, BEFORE) == {("lost code", "X", None, None, "look")}


def test_three_rows_with_a_new_code_are_chance() -> None:
    assert found(BEFORE, {**BEFORE, **x(2021, 3)}) == set()


def test_a_new_code_in_a_year_that_is_not_over_is_nothing_new() -> None:
    assert found(BEFORE, {**BEFORE, **year(2022, 550, code_a=250), **x(2022, 50)}) == set()


@pytest.mark.parametrize(("before", "now"), [(3, 5), (5, 3), (3, 0), (0, 3)])
def test_small_counts_alarm_nobody(before: int, now: int) -> None:
    assert found({**BEFORE, **year(2019, before)}, {**BEFORE, **year(2019, now)}) == set()


def test_a_year_that_was_not_over_may_grow_and_not_shrink() -> None:
    assert found(BEFORE, {**BEFORE, **year(2022, 5000)}) == set()
    assert ("rows", "", 2022, 2022, "stop") in found(BEFORE, {**BEFORE, **year(2022, 100)})


def test_a_later_year_is_held_against_the_last_whole_one() -> None:
    # Of the new year every row is blank: worth a look, as the year is young, and no reason to stop.
    now = {**BEFORE, **year(2022, 900), **year(2023, 300, blank=300)}
    assert found(BEFORE, now) == {("missing", "", 2023, 2021, "look")}


def test_a_mild_difference_of_a_later_year_is_as_expected() -> None:
    # A third of the stays of a young year are open.
    assert found(BEFORE, {**BEFORE, **year(2022, 900, blank=300)}) == set()


def test_rows_without_a_date_may_grow_and_not_shrink() -> None:
    before = year(None, 1000)
    assert found(before, year(None, 3000)) == set()
    assert found(before, year(None, 100)) >= {("rows", "", None, None, "stop")}
    assert found(before, year(None, 1000, blank=1000)) == {("missing", "", None, None, "stop")}


def test_a_past_that_was_not_there_before_is_looked_at() -> None:
    before = {key: n for key, n in BEFORE.items() if key[0] != 2019}
    assert found(before, BEFORE) == {("rows", "", 2019, 2019, "look"), ("persons", "", 2019, 2019, "look")}


def test_a_column_that_a_contract_did_not_have_then_is_not_compared() -> None:
    before = {key: n for key, n in BEFORE.items() if key[2] != "C"}
    assert found(before, {**BEFORE, **year(2021, 1000, blank=1000)}) == set()


def test_limits_are_the_studys() -> None:
    now = {**BEFORE, **year(2021, 1000, blank=1000)}
    everything = Limits(look=1.0, stop=1.0)
    assert found(BEFORE, now, RegisterLimits(missing=everything)) == set()
    little = {**BEFORE, **year(2021, 900, persons=450)}
    assert found(BEFORE, little, RegisterLimits(rows=Limits(look=0.01, stop=0.05))) == {
        ("rows", "", 2021, 2021, "stop"),
        ("persons", "", 2021, 2021, "stop"),
    }


def test_the_gravest_stand_first() -> None:
    now = {**BEFORE, **year(2019, 900, persons=500), **year(2021, 300, persons=500)}
    assert [(one.year, str(one.verdict)) for one in compared(BEFORE, now).changes] == [(2021, "stop"), (2019, "look")]


def begins(shares: dict[str, int]) -> Counts:
    return {(of, "beginning", "C", code): n for of in (2019, 2020, 2021) for code, n in shares.items()}


def test_beginnings_are_compared_where_codes_are_not() -> None:
    codes = {key: n for key, n in years(1000).items() if key[1] != "code"}
    before, now = {**codes, **begins({"12…": 600, "13…": 400})}, {**codes, **begins({"92…": 600, "93…": 400})}
    assert found(before, before) == set()
    told: set[tuple[object, ...]] = {
        ("code", code, y, y, "stop") for y in (2019, 2020, 2021) for code in ("12…", "13…", "92…", "93…")
    }
    told |= {("lost code", code, None, None, "look") for code in ("12…", "13…")}
    told |= {("new code", code, None, None, "look") for code in ("92…", "93…")}
    assert found(before, now) == told


def test_beginnings_say_nothing_more_where_codes_are_compared() -> None:
    before, now = {**years(1000), **begins({"A…": 1000})}, {**years(1000), **begins({"B…": 1000})}
    assert compared(before, now) == Comparison(compared(years(1000), years(1000)).n_compared, ())


def test_a_column_that_comes_to_have_many_codes_is_compared_by_their_beginnings() -> None:
    before = {**years(1000), **begins({"12…": 1000})}
    now = {key: n for key, n in before.items() if key[1] != "code"}
    assert found(before, now) == set()
    assert ("code", "12…", 2020, 2020, "stop") in found(before, {**now, **begins({"12…": 100, "93…": 900})})


def ends(open_ends: int, blank_reasons: int) -> Counts:
    """Count a year of 1000 stays, of which some have no end and some no reason of it."""
    blanks: Counts = {(2021, "missing", "END", ""): open_ends, (2021, "missing", "REASON", ""): blank_reasons}
    return {(2021, "rows", "", ""): 1000, (2021, "persons", "", ""): 500, **blanks}


def test_ends_that_fall_due_are_as_expected() -> None:
    assert found(ends(600, 650), ends(100, 150)) == set()
    assert found(ends(1000, 1000), ends(0, 300)) == set()


def test_what_no_end_explains_is_looked_at() -> None:
    # 650 - 50 of 1000 reasons were filled for 300 ends: some 300 too many.
    assert found(ends(600, 650), ends(300, 50)) == {("missing", "", 2021, 2021, "look")}
    assert found(ends(600, 650), ends(600, 50)) == {("missing", "", 2021, 2021, "look")}


def test_ends_that_are_gone_stop() -> None:
    assert found(ends(100, 100), ends(900, 100)) == {("missing", "", 2021, 2021, "stop")}
    assert found(ends(100, 100), ends(300, 100)) == {("missing", "", 2021, 2021, "look")}


def test_more_blanks_are_not_explained_by_ends() -> None:
    assert found(ends(900, 100), ends(100, 900)) == {("missing", "", 2021, 2021, "stop")}
