"""The only door out of the secure zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import polars as pl

from evalkit.disclosure.curves import thin_curve
from evalkit.disclosure.derived import counts_behind, derived_status, rounded
from evalkit.disclosure.policy import Policy
from evalkit.disclosure.relations import cells_of
from evalkit.disclosure.released import DOOR, STATUS, Released
from evalkit.disclosure.structure import check_structure, columns_of
from evalkit.disclosure.suppression import suppress
from evalkit.results import CellRole, Result

__all__ = ["release"]

_Statuses = dict[str, list[str]]
"""Count column to the status of each row."""


def release(result: Result, policy: Policy) -> Released:
    """Check a result and hide what the policy hides.

    Small counts are hidden, and as many others as it takes so that no small one can be worked out from what a reader
    can add and subtract: sums over ``result.additive_over``, ``result.linked`` and the policy's own links.
    Curves (``result.cumulative_over``) are thinned out instead. Derived numbers are hidden with their counts and
    rounded. Published counts are the true ones.

    The relations of one result are audited together. Across results only what the policy says is assumed: sums over
    ``additive_over`` are known, those who died or were censored are known together, and the last step of attrition
    is known.

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
    check_structure(result, policy)
    rows, statuses = _statuses(result, policy)
    for column in columns_of(result, CellRole.DERIVED):
        statuses[column] = derived_status([statuses[name] for name in counts_behind(result, column, policy)])
    cells = pl.DataFrame(list(_columns(result, policy, statuses)))[rows]
    return Released(
        name=result.name,
        provenance=result.provenance,
        policy=policy,
        roles=MappingProxyType({name: result.roles[name] for name in result.frame.columns}),
        n_rows_dropped=result.frame.height - len(rows),
        cells=cells,
        door=DOOR,
    )


def _statuses(result: Result, policy: Policy) -> tuple[list[int], _Statuses]:
    """Return the rows that may leave and the status of every count."""
    height = result.frame.height
    statuses = {column: ["published"] * height for column in columns_of(result, CellRole.COUNT)}
    if not policy.suppresses:
        return list(range(height)), statuses
    if result.cumulative_over is not None:
        return _hide_steps(result, policy, statuses), statuses
    _hide_cells(result, policy, statuses)
    return list(range(height)), statuses


def _hide_steps(result: Result, policy: Policy, statuses: _Statuses) -> list[int]:
    thinned = thin_curve(result, policy)
    for column, row in thinned.primary:
        statuses[column][row] = "suppressed_primary"
    for column, row in thinned.secondary:
        statuses[column][row] = "suppressed_secondary"
    return list(thinned.rows)


def _hide_cells(result: Result, policy: Policy, statuses: _Statuses) -> None:
    cells = cells_of(result, policy)
    hidden = suppress(cells, policy, name=result.name)
    for place, column in enumerate(statuses):
        for row in range(result.frame.height):
            cell = cells.stands_for[place * result.frame.height + row]
            if hidden.is_primary[cell]:
                statuses[column][row] = "suppressed_primary"
            elif hidden.is_hidden[cell] and cells.is_printed[cell]:
                statuses[column][row] = "suppressed_secondary"


def _columns(result: Result, policy: Policy, statuses: Mapping[str, list[str]]) -> Iterator[pl.Series]:
    """Yield the released columns, each checked one with its status after it."""
    for name in result.frame.columns:
        column = result.frame.get_column(name)
        role = result.roles[name].role
        if name not in statuses:
            yield column
            continue
        values = column.cast(pl.Int64) if role is CellRole.COUNT else rounded(column, policy.decimals)
        said = [
            "not_applicable" if is_null else status
            for is_null, status in zip(values.is_null(), statuses[name], strict=True)
        ]
        shown = pl.Series([status == "published" for status in said], dtype=pl.Boolean)
        yield values.zip_with(shown, pl.Series(name, [None] * len(said), dtype=values.dtype))
        yield pl.Series(f"{name}_status", said, dtype=STATUS)
