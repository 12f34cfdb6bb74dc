"""Lint: the subset of SQL that means the same on the engines to come.

sqlglot carries all of these to Spark without a word although their meaning changes or is lost, so they are found
in the syntax tree instead (``docs/adr/0003-portable-sql.md``).
"""

from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot import exp

__all__ = ["portability_findings"]

_OWN_MACROS = frozenset({"age_in_years", "add_months"})


def portability_findings(sql: str) -> tuple[str, ...]:
    """Name what in a model would not mean the same on another engine.

    Parameters
    ----------
    sql : str
        One SELECT in DuckDB's dialect.

    Returns
    -------
    tuple of str
        One plain finding each, in the order of the rules; empty when the SQL is portable.
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return tuple(message for message, found in _RULES if any(found(node) for node in tree.walk()))


def _is_date_difference_not_in_days(node: exp.Expr) -> bool:
    if not isinstance(node, exp.DateDiff):
        return False
    unit = node.args.get("unit")
    return unit is not None and str(unit.name).upper() not in {"DAY", "DAYS"}


def _is_unknown_function(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() not in _OWN_MACROS


def _is_star_with_exceptions(node: exp.Expr) -> bool:
    return isinstance(node, exp.Star) and bool(
        node.args.get("except_") or node.args.get("except") or node.args.get("replace")
    )


def _is_ordered_list(node: exp.Expr) -> bool:
    return isinstance(node, exp.ArrayAgg) and node.find(exp.Order) is not None


def _is_asof(node: exp.Expr) -> bool:
    return isinstance(node, exp.Join) and str(node.args.get("method") or "").upper() == "ASOF"


_RULES: tuple[tuple[str, Callable[[exp.Expr], bool]], ...] = (
    ("date_diff in another unit than days", _is_date_difference_not_in_days),
    ("ASOF join", _is_asof),
    ("COLUMNS()", lambda node: isinstance(node, exp.Columns)),
    ("* EXCLUDE or * REPLACE", _is_star_with_exceptions),
    ("list aggregate with ORDER BY", _is_ordered_list),
    ("a function that is neither standard nor one of our macros", _is_unknown_function),
)
