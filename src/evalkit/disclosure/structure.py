"""What a result must be before its numbers are looked at; the door stays shut otherwise."""

from __future__ import annotations

import polars as pl

from evalkit.disclosure.names import forbidden_columns, looks_like_person
from evalkit.disclosure.policy import Policy
from evalkit.errors import DisclosureError, UnclassifiedColumnError
from evalkit.results import CellRole, Result

__all__ = ["check_structure", "columns_of"]


def columns_of(result: Result, role: CellRole) -> list[str]:
    """Return a result's columns of one role.

    Parameters
    ----------
    result : Result
        The result.
    role : CellRole
        The role.

    Returns
    -------
    list of str
        Column names in the frame's order.
    """
    return [column for column in result.frame.columns if result.roles[column].role is role]


def check_structure(result: Result, policy: Policy) -> None:
    """Refuse a result that cannot be checked, or that holds rows about persons.

    Parameters
    ----------
    result : Result
        The result.
    policy : Policy
        The policy; it sets the largest number of rows.

    Raises
    ------
    UnclassifiedColumnError
        When a column has no role, or a derived column does not name its counts.
    DisclosureError
        When a column or a text points at a person, a count is not a count, or rows are not told apart.
    """
    _check_roles(result)
    _check_derived(result)
    _check_names(result)
    _check_texts(result)
    _check_counts(result)
    _check_rows(result, policy)


def _check_roles(result: Result) -> None:
    bare = [column for column in result.frame.columns if column not in result.roles]
    if bare:
        raise UnclassifiedColumnError(
            f"{result.name}: {_columns(bare)} without a role.", hint="Give every column of the frame a role."
        )
    absent = [column for column in result.roles if column not in result.frame.columns]
    if absent:
        raise UnclassifiedColumnError(
            f"{result.name}: {_columns(absent)} with a role but not in the frame.", hint="Correct the roles."
        )


def _check_derived(result: Result) -> None:
    counts = set(columns_of(result, CellRole.COUNT))
    for column in columns_of(result, CellRole.DERIVED):
        named = result.roles[column].counts
        unknown = [name for name in named if name not in counts]
        if unknown or not named:
            said = f"names {_columns(unknown)} that is no count" if unknown else "names no count"
            raise UnclassifiedColumnError(
                f"{result.name}: derived column {column!r} {said}.",
                hint="Name the count columns of the frame that it is computed from.",
            )


def _check_names(result: Result) -> None:
    forbidden = forbidden_columns(result.frame.columns)
    if forbidden:
        raise DisclosureError(
            f"{result.name}: {_columns(forbidden)} named like a person's key or an extreme value.",
            hint="Only tables about groups may leave.",
        )
    taken = [column for column in result.frame.columns if f"{column}_status" in result.frame.columns]
    if taken:
        raise DisclosureError(f"{result.name}: {_columns(taken)} has a status already.", hint="Release the raw result.")


def _check_texts(result: Result) -> None:
    for column in result.frame.columns:
        texts = result.frame.get_column(column).drop_nulls()
        if texts.dtype.is_numeric() or texts.dtype.is_temporal():
            continue
        n_bad = sum(looks_like_person(str(text)) for text in texts.unique().to_list())
        if n_bad:
            raise DisclosureError(
                f"{result.name}: column {column!r} has {n_bad} value{'s' * (n_bad > 1)} shaped like a person's number.",
                hint="Only tables about groups may leave.",
            )


def _check_counts(result: Result) -> None:
    counts = columns_of(result, CellRole.COUNT)
    if not counts:
        raise DisclosureError(
            f"{result.name}: there is no count column, so it cannot be checked.",
            hint="Put the number of persons behind each row into the frame.",
        )
    for column in counts:
        if not column.startswith("n_"):
            raise DisclosureError(f"{result.name}: count column {column!r} does not begin with 'n_'.")
        if not _holds_counts(result.frame.get_column(column)):
            raise DisclosureError(
                f"{result.name}: count column {column!r} holds something other than whole numbers from 0 up.",
                hint="Counts are unweighted numbers of persons.",
            )


def _holds_counts(column: pl.Series) -> bool:
    if column.dtype == pl.Null:
        return True
    if not column.dtype.is_numeric():
        return False
    present = column.drop_nulls()
    if present.dtype.is_float() and not bool((present.is_finite() & (present == present.round(0))).all()):
        return False
    return bool((present >= 0).all())


def _check_rows(result: Result, policy: Policy) -> None:
    if result.frame.height > policy.max_rows:
        raise DisclosureError(
            f"{result.name}: {result.frame.height} rows; policy {policy.name!r} allows {policy.max_rows}.",
            hint="Publish fewer dimensions or levels.",
        )
    dimensions = columns_of(result, CellRole.DIMENSION)
    n_distinct = result.frame.select(dimensions).n_unique() if dimensions else min(1, result.frame.height)
    if n_distinct != result.frame.height:
        raise DisclosureError(
            f"{result.name}: {result.frame.height} rows but {n_distinct} different cells.",
            hint="The columns with the role of a dimension must tell the rows apart.",
        )
    unknown = [column for column in _dimensions_used(result) if column not in dimensions]
    if unknown:
        raise DisclosureError(f"{result.name}: {_columns(unknown)} added up over, but not a dimension.")


def _dimensions_used(result: Result) -> list[str]:
    over = [] if result.cumulative_over is None else [result.cumulative_over]
    return [*result.additive_over, *over]


def _columns(names: list[str]) -> str:
    return f"column{'s' * (len(names) > 1)} {', '.join(repr(name) for name in names)}"
