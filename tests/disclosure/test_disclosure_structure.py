"""What the door refuses before it looks at a number."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from types import MappingProxyType

import polars as pl
import pytest

from evalkit.disclosure import Policy, Released, audit, release
from evalkit.disclosure.names import forbidden_columns, looks_like_person
from evalkit.errors import DisclosureError, UnclassifiedColumnError
from evalkit.results import Column, Result

Make = Callable[..., Result]

PSEUDONYM = "00f1a2b3c4d5e6f7"


def frame() -> pl.DataFrame:
    return pl.DataFrame({"arm": ["a", "b"], "n_persons": [40, 3], "share": [0.93, 0.07]})


def test_a_column_without_a_role_is_refused_by_name(make_result: Make, standard: Policy) -> None:
    result = dataclasses.replace(make_result(frame()), roles={"arm": Column.dimension(), "n_persons": Column.count()})
    with pytest.raises(UnclassifiedColumnError, match=r"status: column 'share' without a role"):
        release(result, standard)


def test_a_role_without_a_column_is_refused(make_result: Make, standard: Policy) -> None:
    with pytest.raises(UnclassifiedColumnError, match="column 'n_gone' with a role but not in the frame"):
        release(make_result(frame(), roles={"n_gone": Column.count()}), standard)


@pytest.mark.parametrize("counts", [(), ("n_gone",), ("arm",)])
def test_a_derived_column_must_name_counts_of_the_frame(
    make_result: Make, standard: Policy, counts: tuple[str, ...]
) -> None:
    with pytest.raises(UnclassifiedColumnError, match="derived column 'share'"):
        release(make_result(frame(), roles={"share": Column.derived(*counts)}), standard)


@pytest.mark.parametrize(
    "name", ["person_key", "person_id", "PNR", "journal", "JOURNR", "id", "cpr", "plan_id", "max_wage", "min_age"]
)
def test_a_column_named_like_a_key_is_refused(make_result: Make, standard: Policy, name: str) -> None:
    with pytest.raises(DisclosureError, match=f"column '{name}' named like"):
        release(make_result(frame().with_columns(pl.lit(1).alias(name))), standard)


@pytest.mark.parametrize("value", ["0101701234", "010170-1234", f"plan of {PSEUDONYM}"])
def test_a_text_shaped_like_a_person_is_refused_without_showing_it(
    make_result: Make, standard: Policy, public_data: Policy, value: str
) -> None:
    result = make_result(frame().with_columns(reason=pl.Series(["ok", value])))
    for policy in (standard, public_data):
        with pytest.raises(DisclosureError, match="column 'reason' has 1 value shaped like") as caught:
            release(result, policy)
        assert value not in str(caught.value)
        assert "1234" not in str(caught.value)


def test_ordinary_texts_are_not_taken_for_persons() -> None:
    harmless = ["2016-2019", "8190ddc1e1e8", "9912312345", "0013701234", "1234567890123456", "a" * 64, "10.1016/s24"]
    assert not any(looks_like_person(text) for text in harmless)
    assert forbidden_columns(["arm", "key", "identity", "minutes", "n_persons"]) == []


@pytest.mark.parametrize(
    "values", [[1.5, 2.0], [-1, 3], ["1", "2"], [float("nan"), 1.0], [float("inf"), 1.0], [True, False]]
)
def test_a_count_is_a_whole_number_from_0_up(make_result: Make, standard: Policy, values: list[object]) -> None:
    result = make_result(pl.DataFrame({"arm": ["a", "b"], "n_persons": values}))
    with pytest.raises(DisclosureError, match="'n_persons' holds something other than whole numbers"):
        release(result, standard)


def test_whole_numbers_as_floats_are_counts(make_result: Make, standard: Policy) -> None:
    released = release(make_result(pl.DataFrame({"arm": ["a", "b"], "n_persons": [7.0, 3.0]})), standard)
    assert released.tidy().get_column("n_persons").to_list() == [7, None]


def test_a_count_begins_with_n(make_result: Make, standard: Policy) -> None:
    result = make_result(frame().with_columns(persons=pl.lit(9)), roles={"persons": Column.count()})
    with pytest.raises(DisclosureError, match="count column 'persons' does not begin with 'n_'"):
        release(result, standard)


def test_a_table_without_counts_cannot_be_checked(make_result: Make, standard: Policy) -> None:
    with pytest.raises(DisclosureError, match="there is no count column"):
        release(make_result(pl.DataFrame({"arm": ["a", "b"]})), standard)


def test_rows_that_dimensions_do_not_tell_apart_are_refused(make_result: Make, standard: Policy) -> None:
    with pytest.raises(DisclosureError, match="2 rows but 1 different cells"):
        release(make_result(frame().with_columns(arm=pl.lit("a"))), standard)


def test_too_many_rows_are_refused(make_result: Make, standard: Policy) -> None:
    long = pl.DataFrame({"level": range(5001), "n_persons": [9] * 5001})
    with pytest.raises(DisclosureError, match="5001 rows; policy 'standard' allows 5000"):
        release(make_result(long), standard)


def test_sums_go_over_dimensions(make_result: Make, standard: Policy) -> None:
    with pytest.raises(DisclosureError, match="column 'share' added up over, but not a dimension"):
        release(make_result(frame(), additive_over=("share",)), standard)


def test_a_released_table_cannot_be_released_again(make_result: Make, standard: Policy) -> None:
    again = release(make_result(frame().drop("share")), standard).tidy()
    with pytest.raises(DisclosureError, match="'n_persons' has a status already"):
        release(make_result(again), standard)


def test_only_release_makes_a_released_table(make_result: Make, standard: Policy) -> None:
    released = release(make_result(frame()), standard)
    fields = {field.name: getattr(released, field.name) for field in dataclasses.fields(released)}
    with pytest.raises(DisclosureError, match=r"only disclosure\.release"):
        Released(**fields, door=object())
    with pytest.raises(ValueError, match="door"):
        dataclasses.replace(released, cells=frame())  # type: ignore[call-arg]  # that is what must fail
    with pytest.raises(dataclasses.FrozenInstanceError):
        released.cells = frame()  # type: ignore[misc]  # that is what must fail
    assert isinstance(released.roles, MappingProxyType)


def test_what_tidy_gives_can_be_changed_without_changing_the_released_table(
    make_result: Make, standard: Policy
) -> None:
    released = release(make_result(frame()), standard)
    taken = released.tidy()
    taken[0, "n_persons"] = 3
    assert released.tidy()[0, "n_persons"] == 40
    assert copy.copy(released).tidy().equals(released.tidy())


def test_texts_about_a_released_table_hold_no_cell(make_result: Make, standard: Policy) -> None:
    assert repr(release(make_result(frame()), standard)) == "<Released status: 2 rows, policy standard>"


def test_the_audit_counts_cells_by_status(make_result: Make, standard: Policy) -> None:
    table = pl.DataFrame({"level": list("wxyz"), "n_persons": [100, 12, 3, 0], "share": [0.8, 0.1, 0.1, None]})
    found = audit(release(make_result(table, additive_over=("level",)), standard))
    assert (found.published, found.suppressed_primary, found.suppressed_secondary) == (3, 2, 2)
    assert (found.not_applicable, found.rows_dropped, found.name) == (1, 0, "status")
