"""Attacks that a careful reader would try, each on a table where it would work without secondary suppression."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import polars as pl
import pytest

from evalkit.disclosure import Policy, release
from evalkit.errors import DisclosureError
from evalkit.results import Column, Result

Make = Callable[..., Result]
HIDDEN = {"suppressed_primary", "suppressed_secondary"}


def statuses(result: Result, policy: Policy, column: str = "n_persons") -> list[str]:
    return release(result, policy).tidy().get_column(f"{column}_status").to_list()


def table(n_persons: list[int], **columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame({"level": [f"l{place}" for place in range(len(n_persons))], **columns, "n_persons": n_persons})


def test_a_hidden_cell_cannot_be_found_as_total_minus_the_others(make_result: Make, standard: Policy) -> None:
    released = release(make_result(table([100, 12, 3, 40]), additive_over=("level",)), standard).tidy()
    assert released.get_column("n_persons_status").to_list() == [
        "published",
        "suppressed_secondary",
        "suppressed_primary",
        "published",
    ]
    assert released.get_column("n_persons").to_list() == [100, None, None, 40]


def test_without_a_known_total_only_the_small_cell_is_hidden(make_result: Make, standard: Policy) -> None:
    assert statuses(make_result(table([100, 12, 3, 40])), standard).count("published") == 3


@pytest.mark.parametrize(
    ("n_persons", "n_hidden"),
    [
        ([50, 20, 1, 1], 3),  # 1 + 1 = 2: each must be 1
        ([50, 20, 1, 2], 3),  # 1 + 2 = 3: three persons are "one or the other"
        ([50, 20, 4, 4], 3),  # 4 + 4 = 8: each must be 4, since each is under 5
        ([50, 20, 2, 3], 2),  # 2 + 3 = 5: 1 to 4 are all possible
        ([50, 30, 20, 1, 5], 2),  # 1 + 5 = 6 would be found, for the status says that the 5 is at least 5: hide the 20
    ],
)
def test_the_sum_of_the_hidden_cells_says_nothing_about_one(
    make_result: Make, standard: Policy, n_persons: list[int], n_hidden: int
) -> None:
    said = statuses(make_result(table(n_persons), additive_over=("level",)), standard)
    assert sum(status in HIDDEN for status in said) == n_hidden


def test_where_every_cell_is_small_the_status_does_not_say_so(make_result: Make, standard: Policy) -> None:
    # Two cells under 5 that add up to 8 can only be 4 and 4.
    assert statuses(make_result(table([4, 4]), additive_over=("level",)), standard) == ["suppressed_secondary"] * 2


def test_zero_is_published_as_zero(make_result: Make, standard: Policy) -> None:
    released = release(make_result(table([0, 0, 30, 12]), additive_over=("level",)), standard).tidy()
    assert released.get_column("n_persons").to_list() == [0, 0, 30, 12]


def test_zeros_are_hidden_when_the_custodian_says_so(make_result: Make, standard: Policy) -> None:
    strict = standard.model_copy(update={"zeros_are_disclosive": True})
    said = statuses(make_result(table([0, 40, 30, 12]), additive_over=("level",)), strict)
    assert said[0] == "suppressed_primary"
    assert sum(status in HIDDEN for status in said) == 2


def test_a_small_complement_is_hidden(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame({"arm": ["a", "b"], "n_with_plan": [100, 80], "n_continuing": [98, 40]})
    released = release(make_result(frame), standard).tidy()
    assert released.get_column("n_continuing").to_list() == [None, 40]
    assert released.get_column("n_with_plan").to_list() == [100, 80]


def test_a_complement_that_the_status_would_pin_down_hides_the_total_too(make_result: Make, standard: Policy) -> None:
    # Of 7, at least 5 went on: so 0, 1 or 2 did not, unless the 7 is hidden as well.
    frame = pl.DataFrame({"arm": ["a", "b"], "n_with_plan": [7, 80], "n_continuing": [6, 40]})
    released = release(make_result(frame), standard).tidy()
    assert released.get_column("n_with_plan").to_list() == [None, 80]


def test_what_no_part_accounts_for_is_a_count_as_well(make_result: Make, standard: Policy) -> None:
    # 300 - 250 - 48 leaves 2 persons.
    frame = pl.DataFrame(
        {
            "arm": ["a", "b"],
            "n_persons": [300, 400],
            "n_events": [250, 100],
            "n_left": [48, 50],
        }
    )
    released = release(make_result(frame), standard).tidy()
    assert None in released.drop("arm").row(0)
    assert None not in released.drop("arm").row(1)


def test_a_link_declared_by_the_result_is_used(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame({"arm": ["a", "b"], "n_offered": [50, 60], "n_took_part": [47, 30]})
    assert statuses(make_result(frame), standard, "n_took_part") == ["published"] * 2
    linked = make_result(frame, linked=(("n_offered", "n_took_part"),))
    assert statuses(linked, standard, "n_took_part") == ["suppressed_secondary", "published"]


def test_a_declared_link_that_does_not_hold_is_refused(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame({"arm": ["a", "b"], "n_offered": [50, 60], "n_took_part": [47, 70]})
    with pytest.raises(DisclosureError, match="less than its parts in 1 rows"):
        release(make_result(frame, linked=(("n_offered", "n_took_part"),)), standard)
    with pytest.raises(DisclosureError, match="no count column"):
        release(make_result(frame, linked=(("n_offered", "n_refused"),)), standard)


def test_a_count_that_stands_in_several_rows_is_hidden_in_all(make_result: Make, standard: Policy) -> None:
    """At the first checkpoint 3 of 40 continue not; hiding 37 and 40 there is vain while 40 stands at the second."""
    frame = pl.DataFrame(
        {"month": [3, 6], "n_all": [50, 50], "n_without": [3, 3], "n_with_plan": [47, 47], "n_continuing": [30, 20]}
    )
    links = (("n_all", "n_without", "n_with_plan"), ("n_with_plan", "n_continuing"))
    repeats = tuple((column, ("month",)) for column in ("n_all", "n_without", "n_with_plan"))
    released = release(make_result(frame, linked=links, repeats=repeats), standard).tidy()
    assert released.get_column("n_without_status").to_list() == ["suppressed_primary"] * 2
    for column in ("n_all", "n_with_plan"):
        assert len(set(released.get_column(f"{column}_status").to_list())) == 1
    assert {None} in [set(released.get_column(column)) for column in ("n_all", "n_with_plan")]


def test_a_count_that_does_not_repeat_as_it_says_is_refused(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame({"month": [3, 6], "n_persons": [50, 51]})
    with pytest.raises(DisclosureError, match="does not repeat over month"):
        release(make_result(frame, repeats=(("n_persons", ("month",)),)), standard)


def attrition() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "step": [0, 1, 2, 3, 4],
            "reason": ["released", "too_young", "no_plan", "abroad", "dead"],
            "arm": ["pilot"] * 5,
            "n_persons": [300, 298, 260, 250, 247],
            "n_excluded": [None, 2, 38, 10, 3],
        }
    )


def test_an_exclusion_cannot_be_found_as_the_difference_of_two_steps(make_result: Make, standard: Policy) -> None:
    released = release(make_result(attrition(), name="attrition"), standard).tidy()
    persons = released.get_column("n_persons").to_list()
    excluded = released.get_column("n_excluded").to_list()
    differences = [None if before is None or after is None else before - after for before, after in pairwise(persons)]
    assert excluded[1] is None
    assert excluded[4] is None
    assert differences[0] is None
    assert differences[3] is None
    # The step before, less everything hidden until the next step shown, must not be one exclusion.
    shown = [step for step, value in enumerate(persons) if value is not None]
    assert shown[-1] == 4
    for start, stop in pairwise(shown):
        unknown = [step for step in range(start + 1, stop + 1) if excluded[step] is None]
        assert len(unknown) != 1


def test_a_status_stays_plain_where_hiding_a_larger_count_is_enough(make_result: Make, standard: Policy) -> None:
    # Both exclusions fail at once and share the step between them; hiding the first step helps both.
    frame = pl.DataFrame({"step": [0, 1, 2], "n_persons": [44, 43, 40], "n_excluded": [None, 1, 3]})
    released = release(make_result(frame), standard).tidy()
    assert released.get_column("n_excluded_status").to_list()[1:] == ["suppressed_primary"] * 2
    assert released.get_column("n_persons").to_list() == [None, None, 40]


def test_the_reason_of_a_step_does_not_break_the_chain(make_result: Make, standard: Policy) -> None:
    as_label = release(make_result(attrition(), name="attrition"), standard).tidy()
    as_dimension = make_result(attrition(), roles={"reason": Column.dimension()}, name="attrition")
    assert release(as_dimension, standard).tidy().equals(as_label)


def test_arms_of_one_attrition_table_are_separate_chains(make_result: Make, standard: Policy) -> None:
    other = attrition().with_columns(arm=pl.lit("comparison"), n_persons=pl.Series([900, 800, 700, 600, 500]))
    other = other.with_columns(n_excluded=pl.Series([None, 100, 100, 100, 100]))
    frame = pl.concat([attrition(), other]).sort("step", "arm")
    released = release(make_result(frame, name="attrition"), standard).tidy()
    comparison = released.filter(pl.col("arm") == "comparison")
    assert comparison.get_column("n_persons").null_count() == 0
    assert released.filter(pl.col("arm") == "pilot").get_column("n_persons").null_count() == 2


def test_a_derived_number_goes_with_its_counts(make_result: Make, standard: Policy) -> None:
    frame = table([100, 12, 3, 40]).with_columns(share=pl.col("n_persons") / 155)
    released = release(make_result(frame, additive_over=("level",)), standard).tidy()
    assert released.get_column("share").to_list() == [0.645, None, None, 0.258]
    assert released.get_column("share_status").to_list() == released.get_column("n_persons_status").to_list()


@pytest.mark.parametrize("form", ["share", "rest", "percent"])
def test_share_times_total_gives_nothing_back(make_result: Make, standard: Policy, form: str) -> None:
    """The share names only its denominator, which is published; it is still a share of the hidden count."""
    share = pl.col("n_continuing") / pl.col("n_with_plan")
    forms = {"share": share, "rest": 1 - share, "percent": 100 * share}
    frame = pl.DataFrame({"arm": ["a", "b"], "n_with_plan": [100, 80], "n_continuing": [3, 40]})
    result = make_result(frame.with_columns(share=forms[form]), roles={"share": Column.derived("n_with_plan")})
    released = release(result, standard).tidy()
    assert released.get_column("share").null_count() == 1
    assert released.get_column("share_status").to_list() == ["suppressed_primary", "published"]


def test_share_of_a_total_that_is_no_column_gives_nothing_back(make_result: Make, standard: Policy) -> None:
    frame = table([100, 12, 3, 40]).with_columns(share=pl.col("n_persons") / 155, n_asked=pl.lit(500))
    result = make_result(frame, additive_over=("level",), roles={"share": Column.derived("n_asked")})
    assert release(result, standard).tidy().get_column("share").null_count() == 2


def test_two_way_table_is_safe_along_rows_and_columns(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame(
        {
            "arm": [arm for arm in "abc" for _ in range(3)],
            "level": list("xyz") * 3,
            "n_persons": [2, 30, 40, 50, 60, 70, 80, 90, 100],
        }
    )
    released = release(make_result(frame, additive_over=("arm", "level")), standard).tidy()
    hidden = released.filter(pl.col("n_persons").is_null())
    # Each row and each column with a hidden cell has another: that is a rectangle at least.
    assert hidden.group_by("arm").len().get_column("len").min() == 2
    assert hidden.group_by("level").len().get_column("len").min() == 2
    assert hidden.height < 9


def test_missing_counts_are_not_applicable_and_hide_nothing(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame(
        {"level": ["x", "y"], "n_persons": [None, 40], "share": [None, 0.5]},
        schema={"level": pl.String, "n_persons": pl.Int64, "share": pl.Float64},
    )
    released = release(make_result(frame, additive_over=("level",)), standard).tidy()
    assert released.get_column("n_persons_status").to_list() == ["not_applicable", "published"]
    assert released.get_column("share_status").to_list() == ["not_applicable", "published"]


def test_a_derived_number_beside_a_missing_count_is_published(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame(
        {"level": ["x"], "n_persons": [None], "share": [0.25]}, schema_overrides={"n_persons": pl.Int64}
    )
    assert release(make_result(frame), standard).tidy().get_column("share").to_list() == [0.25]


def test_computed_numbers_are_rounded(make_result: Make, standard: Policy, public_data: Policy) -> None:
    frame = pl.DataFrame({"level": ["x", "y"], "n_persons": [41, 40], "share": [0.123456, float("nan")]})
    assert release(make_result(frame), standard).tidy().get_column("share").to_list() == [0.123, None]
    assert release(make_result(frame), public_data).tidy().get_column("share").to_list() == [0.123456, None]


def test_public_data_are_published_whole(make_result: Make, public_data: Policy) -> None:
    released = release(make_result(table([1, 2, 0, 40]), additive_over=("level",)), public_data).tidy()
    assert released.get_column("n_persons").to_list() == [1, 2, 0, 40]
    assert set(released.get_column("n_persons_status")) == {"published"}


def test_status_stands_right_after_its_column(make_result: Make, standard: Policy) -> None:
    frame = table([100, 12]).with_columns(share=pl.lit(0.5), reason=pl.lit("x"))
    released = release(make_result(frame), standard).tidy()
    assert released.columns == ["level", "n_persons", "n_persons_status", "share", "share_status", "reason"]
    assert released.schema["n_persons_status"] == pl.Enum(
        ["published", "suppressed_primary", "suppressed_secondary", "not_applicable"]
    )


def test_a_table_that_cannot_be_protected_stays_inside(make_result: Make, standard: Policy) -> None:
    # One level only: the totals 7 and 5 are known from elsewhere, and so is the difference of 2.
    frame = pl.DataFrame({"arm": ["a", "b"], "level": ["x", "x"], "n_persons": [7, 90], "n_events": [5, 40]})
    with pytest.raises(DisclosureError, match="worked out from totals"):
        release(make_result(frame, additive_over=("level",)), standard)
