"""The only door out of the secure zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType

import polars as pl

from evalkit.disclosure.beside import side_by_side
from evalkit.disclosure.curves import ThinnedCurve, thin_curve
from evalkit.disclosure.derived import counts_behind, derived_status, rounded
from evalkit.disclosure.policy import Policy
from evalkit.disclosure.released import DOOR, STATUS, Released
from evalkit.disclosure.structure import check_structure, columns_of
from evalkit.disclosure.suppression import suppress
from evalkit.errors import DisclosureError
from evalkit.results import CellRole, Result

__all__ = ["release", "release_all"]

_Statuses = dict[str, list[str]]
"""Count column to the status of each row."""


def release(result: Result, policy: Policy) -> Released:
    """Check a result and hide what the policy hides.

    Small counts are hidden, and as many others as it takes so that no small one can be worked out from what a reader
    can add and subtract: sums over ``result.additive_over``, ``result.linked`` and the policy's own links.
    Curves (``result.cumulative_over``) are thinned out instead. Derived numbers are hidden with their counts and
    rounded. Published counts are the true ones.

    For one result by itself; those of a study that leave together go through :func:`release_all`, and a bundle
    refuses them otherwise.

    Parameters
    ----------
    result : Result
        The result, inside the secure zone.
    policy : Policy
        What may leave.

    Returns
    -------
    Released
        What may leave, the same for the same input.

    Raises
    ------
    UnclassifiedColumnError
        When a column has no role, or a derived column does not name its counts.
    DisclosureError
        When the result holds persons, cannot be checked or cannot be protected.
    """
    return release_all((result,), policy)[0]


def release_all(results: Sequence[Result], policy: Policy) -> tuple[Released, ...]:
    """Check all results of a study together: as :func:`release`, with what a reader can subtract across tables.

    Parameters
    ----------
    results : sequence of Result
        All results that leave together, each name once; ``Result.relations`` says what they have in common.
    policy : Policy
        What may leave.

    Returns
    -------
    tuple of Released
        What may leave, in the same order and the same for the same input.

    Raises
    ------
    UnclassifiedColumnError
        When a column has no role, or a derived column does not name its counts.
    DisclosureError
        When a result holds persons, cannot be checked or cannot be protected, or counts do not add up as declared.
    """
    for result in results:
        check_structure(result, policy)
    names = {result.name for result in results}
    if len(names) < len(results):
        raise DisclosureError("release: two results have one name.", hint="Give each result its own name.")
    curves = {
        result.name: thin_curve(result, policy)
        for result in results
        if policy.suppresses and result.cumulative_over is not None
    }
    statuses = {result.name: _all_published(result) for result in results}
    for result in results:
        if result.name in curves:
            _hide_steps(curves[result.name], statuses[result.name])
    if policy.suppresses:
        _hide_cells(results, curves, policy, statuses)
    return tuple(_released(result, policy, statuses[result.name], curves.get(result.name), names) for result in results)


def _all_published(result: Result) -> _Statuses:
    return {column: ["published"] * result.frame.height for column in columns_of(result, CellRole.COUNT)}


def _released(
    result: Result, policy: Policy, statuses: _Statuses, curve: ThinnedCurve | None, names: AbstractSet[str]
) -> Released:
    rows = list(range(result.frame.height)) if curve is None else list(curve.rows)
    for column in columns_of(result, CellRole.DERIVED):
        statuses[column] = derived_status([statuses[name] for name in counts_behind(result, column, policy)])
    return Released(
        name=result.name,
        provenance=result.provenance,
        policy=policy,
        roles=MappingProxyType({name: result.roles[name] for name in result.frame.columns}),
        n_rows_dropped=result.frame.height - len(rows),
        cells=pl.DataFrame(list(_columns(result, policy, statuses)))[rows],
        apart_from=frozenset(name for one in result.relations for name in one.tables) - names,
        door=DOOR,
    )


def _hide_steps(curve: ThinnedCurve, statuses: _Statuses) -> None:
    for column, row in curve.primary:
        statuses[column][row] = "suppressed_primary"
    for column, row in curve.secondary:
        statuses[column][row] = "suppressed_secondary"


def _hide_cells(
    results: Sequence[Result],
    curves: Mapping[str, ThinnedCurve],
    policy: Policy,
    statuses: Mapping[str, _Statuses],
) -> None:
    tables = [result for result in results if result.name not in curves]
    if not tables:
        return
    desk = side_by_side(results, curves, policy)
    hidden = suppress(desk.cells, policy, name=", ".join(result.name for result in tables))
    for result in tables:
        for place, said in enumerate(statuses[result.name].values()):
            first = desk.first_cell[result.name] + place * result.frame.height
            for row, cell in enumerate(desk.cells.stands_for[first : first + result.frame.height].tolist()):
                if hidden.is_primary[cell]:
                    said[row] = "suppressed_primary"
                elif hidden.is_hidden[cell] and desk.cells.is_printed[cell]:
                    said[row] = "suppressed_secondary"


def _columns(result: Result, policy: Policy, statuses: Mapping[str, list[str]]) -> Iterator[pl.Series]:
    """Yield the released columns, each checked one with its status after it."""
    for name in result.frame.columns:
        column = result.frame.get_column(name)
        role = result.roles[name].role
        if name not in statuses:
            yield column
            continue
        values = column.cast(pl.Int64) if role is CellRole.COUNT else rounded(result, name, policy.decimals)
        said = [
            "not_applicable" if is_null else status
            for is_null, status in zip(values.is_null(), statuses[name], strict=True)
        ]
        shown = pl.Series([status == "published" for status in said], dtype=pl.Boolean)
        yield values.zip_with(shown, pl.Series(name, [None] * len(said), dtype=values.dtype))
        yield pl.Series(f"{name}_status", said, dtype=STATUS)
