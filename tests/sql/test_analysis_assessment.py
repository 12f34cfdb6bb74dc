"""Assessments: which two measurements of a person make a pair, and what is counted of the pairs."""

from __future__ import annotations

from collections.abc import Callable

from tests.sql.text_tables import turned

Check = Callable[..., None]

RULE = {
    "instrument": "forandringskompas",
    "from_days": 31,
    "window_days": 45,
    "lowest": 1.0,
    "highest": 10.0,
    "reliable_change": 2.0,
}
NOTHING = {"instrument": "", "from_days": 0, "window_days": 0, "lowest": 0.0, "highest": 0.0, "reliable_change": 0.0}
COHORT = """
    person_key | episode | arm   | index_date
    1          | 1       | pilot | 2016-01-01
    2          | 1       | pilot | 2016-01-01
    3          | 1       | pilot | 2016-01-01
"""


def scores(*rows: str) -> str:
    header = "person_key | instrument | dimension | assessed_on | score"
    filled = [f"{key} | forandringskompas | {rest}" for key, rest in (row.split(" ", 1) for row in rows)]
    return "\n".join([header, *filled])


def test_the_first_the_last_and_the_nearest_to_the_day(check: Check) -> None:
    # First on 1 January, so three months later is 1 April: 20 March is twelve days before it, 14 April thirteen after.
    given = {
        "analysis.cohort": COHORT,
        "core.assessment": scores(
            "1 housing | 2016-01-01 | 3",
            "1 housing | 2016-03-20 | 5",
            "1 housing | 2016-04-14 | 6",
            "1 housing | 2016-12-24 | 9",
        ),
    }
    expected = """
        person_key | dimension | month | first_score | later_score
        1          | housing   | 0     | 3.0         | 9.0
        1          | housing   | 3     | 3.0         | 5.0
        1          | housing   | 6     | 3.0         | -
        1          | housing   | 12    | 3.0         | 9.0
    """
    check("analysis.assessment_pair", given, expected, assessments=[NOTHING, RULE], assessment_months=[3, 6, 12])


def test_a_blank_score_was_not_measured_and_one_score_is_no_pair(check: Check) -> None:
    given = {
        "analysis.cohort": COHORT,
        "core.assessment": scores(
            "1 crime | 2016-01-01 | -",
            "1 crime | 2016-04-01 | 4",
            "2 crime | 2016-01-01 | -",
            "3 crime | 2016-01-01 | 2",
        ),
    }
    expected = """
        person_key | month | first_score | later_score
        1          | 0     | 4.0         | -
        1          | 3     | 4.0         | -
        2          | 0     | -           | -
        2          | 3     | -           | -
        3          | 0     | 2.0         | -
        3          | 3     | 2.0         | -
    """
    check("analysis.assessment_pair", given, expected, assessments=[NOTHING, RULE], assessment_months=[3])


def test_scores_count_from_so_many_days_before_the_index_date(check: Check) -> None:
    given = {
        "analysis.cohort": COHORT,
        "core.assessment": scores(
            "1 crime | 2015-12-01 | 2",
            "1 crime | 2016-01-05 | 5",
            "2 crime | 2015-11-30 | 2",
            "2 crime | 2016-01-05 | 5",
        ),
    }
    expected = """
        person_key | month | first_score | later_score
        1          | 0     | 2.0         | 5.0
        1          | 9     | 2.0         | -
        2          | 0     | 5.0         | -
        2          | 9     | 5.0         | -
    """
    check("analysis.assessment_pair", given, expected, assessments=[NOTHING, RULE], assessment_months=[9])


def test_pairs_are_counted_with_the_ends_of_the_scale_and_reliable_changes(check: Check) -> None:
    pairs = """
        person_key | arm   | instrument        | dimension | month | first_score | later_score
        1          | pilot | forandringskompas | crime     | 0     | 1           | 3
        2          | pilot | forandringskompas | crime     | 0     | 10          | 7
        3          | pilot | forandringskompas | crime     | 0     | 5           | 6
        4          | pilot | forandringskompas | crime     | 0     | 1           | -
        5          | pilot | forandringskompas | crime     | 0     | -           | -
    """
    expected = """
        n_persons       | 5
        n_first         | 4
        n_pairs         | 3
        sum_first       | 16.0
        sum_later       | 16.0
        sum_squares     | 14.0
        n_lowest_first  | 1
        n_highest_first | 1
        n_risen         | 1
        n_fallen        | 1
    """
    given = {"analysis.assessment_pair": pairs}
    check("analysis.assessment_change", given, turned(expected), assessments=[NOTHING, RULE])


def test_without_a_scale_nobody_is_at_an_end_of_it(check: Check) -> None:
    pairs = """
        person_key | arm   | instrument        | dimension | month | first_score | later_score
        1          | pilot | forandringskompas | crime     | 0     | 1           | 3
    """
    expected = "n_pairs | n_lowest_first | n_highest_first | n_risen | n_fallen\n1 | - | - | - | -"
    open_scale = {**RULE, "lowest": None, "highest": None, "reliable_change": None}
    given = {"analysis.assessment_pair": pairs}
    check("analysis.assessment_change", given, expected, assessments=[NOTHING, open_scale])


def test_both_instruments_are_one_table(check: Check) -> None:
    given = {
        "staging.forandringskompas": "person_key | dimension | assessed_on | score\n1 | crime | 2016-01-01 | 4",
        "staging.tilvaerelsespsykologi": """
            person_key | form  | theme_number | assessed_on | score
            1          | theme | 7            | 2016-01-01  | 2
            1          | test  | -            | 2016-01-02  | 3
        """,
    }
    expected = """
        instrument            | dimension | assessed_on | score
        forandringskompas     | crime     | 2016-01-01  | 4.0
        tilvaerelsespsykologi | test      | 2016-01-02  | 3.0
        tilvaerelsespsykologi | theme_7   | 2016-01-01  | 2.0
    """
    check("core.assessment", given, expected)
