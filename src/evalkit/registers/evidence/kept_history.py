"""Comparisons of deliveries, made once for each pair and kept, so that a limit can change without comparing again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import polars as pl

from evalkit.registers.deliveries.delivery import Delivery
from evalkit.registers.evidence.history import METHOD, compare_profiles
from evalkit.registers.evidence.profile import profile
from evalkit.warehouse import Warehouse

__all__ = ["differing_counts"]

_COLUMNS = (
    "part VARCHAR, measure VARCHAR, name VARCHAR, code VARCHAR, year INTEGER, against INTEGER, n_before BIGINT, "
    "of_before BIGINT, n_now BIGINT, of_now BIGINT, size DOUBLE, gravest VARCHAR"
)


def differing_counts(
    warehouse: Warehouse, before: Delivery, now: Delivery, dates: Collection[str]
) -> tuple[int, pl.DataFrame]:
    """Look up how two deliveries compare, or compare them.

    Parameters
    ----------
    warehouse : Warehouse
        Where their profiles are stored, and comparisons kept.
    before, now : Delivery
        The deliveries.
    dates : collection of str
        The columns that are dates.

    Returns
    -------
    n_compared : int
        How many counts were compared.
    differing : DataFrame
        Those that differ, as :func:`evalkit.registers.evidence.history.compare_profiles` returns them.
    """
    pair = {"pair": _pair(warehouse, before, now, dates)}
    warehouse.execute("CREATE TABLE IF NOT EXISTS meta.compared (pair VARCHAR, n_compared BIGINT)")
    warehouse.execute(f"CREATE TABLE IF NOT EXISTS meta.differing (pair VARCHAR, {_COLUMNS})")
    done = warehouse.fetch("SELECT n_compared FROM meta.compared WHERE pair = $pair", pair)
    if not done.is_empty():
        kept = warehouse.fetch("SELECT * EXCLUDE (pair) FROM meta.differing WHERE pair = $pair", pair)
        return int(done.item()), kept
    profiles = profile(warehouse, before), profile(warehouse, now)
    counts = compare_profiles(*profiles, complete_before=before.vintage, dates=dates)
    differing = counts.filter(pl.col("size") > 0.0)
    with warehouse.rows("differing", differing):
        warehouse.execute("INSERT INTO meta.differing SELECT $pair, * FROM differing", pair)
    warehouse.execute("INSERT INTO meta.compared VALUES ($pair, $n)", {**pair, "n": counts.height})
    return counts.height, differing


def _pair(warehouse: Warehouse, before: Delivery, now: Delivery, dates: Collection[str]) -> str:
    """Fingerprint all that decides how two deliveries compare."""
    profiles = warehouse.fetch(
        "SELECT fingerprint FROM meta.profiled WHERE delivery IN ($before, $now) ORDER BY delivery",
        {"before": before.number, "now": now.number},
    )
    which = [str(before.vintage.year), f"{before.number} {now.number}", *profiles.get_column("fingerprint")]
    said = [METHOD, *which, *sorted(dates)]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]
