"""core: person, residence, absence, death."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]


def test_of_a_persons_yearly_records_the_latest_stands(check: Check) -> None:
    readings = """
        person_key | birth_date | sex   | origin    | reference_date
        1          | 1990-01-01 | man   | immigrant | 2014-12-31
        1          | 1990-01-02 | woman | danish    | 2015-12-31
        1          | 1990-01-01 | man   | immigrant | 2013-12-31
        2          | 1980-05-05 | man   | -         | 2013-12-31
    """
    expected = """
        person_key | birth_date | sex   | origin
        1          | 1990-01-02 | woman | danish
        2          | 1980-05-05 | man   | -
    """
    check("core.person", {"staging.bef": readings}, expected)


def test_a_move_is_dated_by_moving_in_when_that_lies_between_the_readings(check: Check) -> None:
    # Person 1: between. 2: unknown. 3: after the reading. 4: not after the reading before, so the address is older
    # than the municipality. 5: on the day of the later reading.
    readings = """
        person_key | municipality | reference_date | moved_in_date
        1          | 316          | 2014-12-31     | 2010-02-03
        1          | 101          | 2015-12-31     | 2015-06-15
        2          | 316          | 2014-12-31     | -
        2          | 101          | 2015-12-31     | -
        3          | 316          | 2014-12-31     | 2015-03-01
        3          | 101          | 2015-12-31     | 2016-03-01
        4          | 316          | 2014-12-31     | 2014-01-01
        4          | 101          | 2015-12-31     | 2014-12-31
        5          | 316          | 2014-12-31     | 2014-12-31
        5          | 101          | 2015-12-31     | 2015-12-31
    """
    expected = """
        person_key | municipality | start_date | stop_date
        1          | 316          | 2010-02-03 | 2015-06-15
        1          | 101          | 2015-06-15 | -
        2          | 316          | 2014-12-31 | 2015-12-31
        2          | 101          | 2015-12-31 | -
        3          | 316          | 2014-12-31 | 2015-12-31
        3          | 101          | 2015-12-31 | -
        4          | 316          | 2014-01-01 | 2015-12-31
        4          | 101          | 2015-12-31 | -
        5          | 316          | 2014-12-31 | 2015-12-31
        5          | 101          | 2015-12-31 | -
    """
    check("core.residence", {"staging.bef": readings}, expected)


def test_a_new_address_in_the_same_municipality_is_the_same_spell(check: Check) -> None:
    # And back again after a year elsewhere is a new one; a reading without a municipality says nothing.
    readings = """
        person_key | municipality | reference_date | moved_in_date
        1          | 316          | 2013-12-31     | 2012-01-01
        1          | 316          | 2014-12-31     | 2014-07-01
        1          | 101          | 2015-12-31     | 2015-03-01
        1          | -            | 2016-12-31     | 2016-03-01
        1          | 316          | 2017-12-31     | 2017-03-01
    """
    expected = """
        person_key | municipality | start_date | stop_date
        1          | 316          | 2012-01-01 | 2015-03-01
        1          | 101          | 2015-03-01 | 2017-03-01
        1          | 316          | 2017-03-01 | -
    """
    check("core.residence", {"staging.bef": readings}, expected)


def test_a_spell_abroad_runs_from_emigration_to_immigration(check: Check) -> None:
    moves = """
        person_key | event_date | direction
        1          | 2016-03-01 | out
        1          | 2017-05-01 | in
        1          | 2018-03-01 | out
        2          | 2018-01-01 | out
        3          | 2018-01-01 | in
        4          | 2016-01-01 | in
        4          | 2016-02-01 | out
        4          | 2016-03-01 | in
    """
    expected = """
        person_key | start_date | stop_date
        1          | 2016-03-01 | 2017-05-01
        1          | 2018-03-01 | -
        2          | 2018-01-01 | -
        4          | 2016-02-01 | 2016-03-01
    """
    check("core.absence", {"staging.vnds": moves}, expected)


def test_an_emigration_registered_twice_does_not_end_the_spell(check: Check) -> None:
    moves = """
        person_key | event_date | direction
        1          | 2016-03-01 | out
        1          | 2016-04-01 | out
        1          | 2017-05-01 | in
        1          | 2017-06-01 | in
        2          | 2016-03-01 | out
        2          | 2016-03-01 | out
    """
    expected = """
        person_key | start_date | stop_date
        1          | 2016-03-01 | 2017-05-01
        2          | 2016-03-01 | -
    """
    check("core.absence", {"staging.vnds": moves}, expected)


def test_out_and_in_on_one_day_changes_nothing(check: Check) -> None:
    # Person 1 lives here and is not abroad for ever after; person 2 is abroad and stays there.
    moves = """
        person_key | event_date | direction
        1          | 2016-03-01 | out
        1          | 2016-03-01 | in
        2          | 2016-01-01 | out
        2          | 2016-03-01 | in
        2          | 2016-03-01 | out
        2          | 2016-09-01 | in
    """
    expected = """
        person_key | start_date | stop_date
        2          | 2016-01-01 | 2016-09-01
    """
    check("core.absence", {"staging.vnds": moves}, expected)


def test_moves_of_all_four_registers_are_one_history(check: Check) -> None:
    # Person 1's moves are told by two registers, and twice; person 2 left before 2005 and came back after.
    header = "person_key | event_date | direction"
    given = {
        "staging.vnds": f"{header}\n1 | 2010-01-01 | out\n1 | 2011-01-01 | in",
        "staging.vnds_hist": f"{header}\n2 | 2004-01-01 | out",
        "staging.vnds_ud": f"{header}\n1 | 2010-01-01 | out\n3 | 2012-01-01 | out",
        "staging.vnds_ind": f"{header}\n1 | 2011-01-01 | in\n2 | 2006-01-01 | in",
    }
    expected = """
        person_key | start_date | stop_date
        1          | 2010-01-01 | 2011-01-01
        2          | 2004-01-01 | 2006-01-01
        3          | 2012-01-01 | -
    """
    check("core.absence", given, expected)


def test_a_death_registered_twice_is_one_death_on_the_earlier_day(check: Check) -> None:
    deaths = """
        person_key | death_date
        1          | 2016-03-02
        1          | 2016-03-01
        2          | 2017-01-01
    """
    expected = """
        person_key | death_date
        1          | 2016-03-01
        2          | 2017-01-01
    """
    check("core.death", {"staging.dod": deaths}, expected)
