"""Lets a SELECT that puts several registers under each other run without those that a study does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlglot
from sqlglot import exp

__all__ = ["absent", "without_undelivered"]


def without_undelivered(sql: str, tables: Collection[str]) -> str | None:
    """Leave out the branches of ``UNION ALL`` that read registers, or a cohort, which are not there.

    Parameters
    ----------
    sql : str
        One SELECT.
    tables : collection of str
        The staging tables that are there, ``"staging.krin"``, and ``"analysis.cohort"`` where a study has a cohort.

    Returns
    -------
    str or None
        The SELECT without such branches; None when it reads such a table elsewhere, so that it cannot be run.

    Examples
    --------
    >>> both = "SELECT a FROM staging.krin UNION ALL SELECT a FROM staging.kvp"
    >>> without_undelivered(both, {"staging.krin"})
    'SELECT a FROM staging.krin'
    >>> without_undelivered(f"{both} UNION ALL SELECT a FROM staging.kraf", {"staging.krin"})
    'SELECT a FROM staging.krin'
    >>> without_undelivered("SELECT a FROM staging.krin JOIN staging.kvp USING (a)", {"staging.krin"})
    """
    tree: exp.Expr = sqlglot.parse_one(sql, dialect="duckdb")
    while (union := _union_to_shorten(tree, tables)) is not None:
        kept = union.right if _cannot_be_run(union.left, tables) else union.left
        tree = kept if union is tree else tree
        union.replace(kept)
    return None if _reads_others(tree, tables) else tree.sql(dialect="duckdb")


def _union_to_shorten(tree: exp.Expr, tables: Collection[str]) -> exp.Union | None:
    """Find a union one side of which is a single SELECT that cannot be run."""
    for union in tree.find_all(exp.Union):
        sides = (union.left, union.right)
        if any(_cannot_be_run(side, tables) for side in sides):
            return union
    return None


def _cannot_be_run(side: exp.Expr, tables: Collection[str]) -> bool:
    return isinstance(side, exp.Select) and _reads_others(side, tables)


def _reads_others(tree: exp.Expr, tables: Collection[str]) -> bool:
    return bool(absent((f"{one.db}.{one.name}" for one in tree.find_all(exp.Table)), tables))


def absent(names: Iterable[str], tables: Collection[str]) -> set[str]:
    """Return the tables of a study that need not be there and are not.

    Parameters
    ----------
    names : iterable of str
        Tables, ``"staging.krin"``.
    tables : collection of str
        Those that are there.

    Returns
    -------
    set of str
        Registers that were not delivered, and the cohort of a study without one; any other table is built.
    """
    return {name for name in names if name.startswith("staging.") or name == "analysis.cohort"} - set(tables)
