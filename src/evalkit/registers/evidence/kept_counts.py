"""Counts that are made once for what they are made of and kept, so that a limit can change without counting again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evalkit.warehouse import Warehouse

__all__ = ["Count", "KeptCounts"]


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, and how many of them are wrong.

    Parameters
    ----------
    item : str
        What is counted.
    n : int
        How many there are.
    n_broken : int
        How many of them are wrong.
    """

    item: str
    n: int
    n_broken: int


class KeptCounts:
    """The counts in ``meta.counted``.

    Parameters
    ----------
    warehouse : Warehouse
        Where they are kept and made.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        warehouse.execute(
            "CREATE TABLE IF NOT EXISTS meta.counted "
            "(what VARCHAR, fingerprint VARCHAR, item VARCHAR, n BIGINT, n_broken BIGINT)"
        )
        self._kept: dict[str, list[Count]] = {}
        for fingerprint, item, n, n_broken in warehouse.fetch(
            "SELECT fingerprint, item, n, n_broken FROM meta.counted ORDER BY rowid"
        ).iter_rows():
            self._kept.setdefault(fingerprint, []).extend([] if item is None else [Count(item, n, n_broken)])

    def of(self, what: str, made_of: Sequence[str], query: Callable[[], str | None]) -> tuple[Count, ...]:
        """Look up a count, or make it.

        Parameters
        ----------
        what : str
            Its name.
        made_of : sequence of str
            All that decides it: the fingerprints of the deliveries that are counted, and the SQL.
        query : callable
            Writes the SQL, with the columns item, n and n_broken; None when nothing can be counted.

        Returns
        -------
        tuple of Count
            The count's rows.
        """
        fingerprint = hashlib.sha256("\0".join([what, *made_of]).encode()).hexdigest()[:16]
        if fingerprint not in self._kept:
            self._kept[fingerprint] = self._made(what, fingerprint, query())
        return tuple(self._kept[fingerprint])

    def _made(self, what: str, fingerprint: str, sql: str | None) -> list[Count]:
        rows = [] if sql is None else self._warehouse.fetch(sql).select("item", "n", "n_broken").rows()
        for item, n, n_broken in rows or [(None, 0, 0)]:  # that there is nothing is kept too
            self._warehouse.execute(
                "INSERT INTO meta.counted VALUES ($what, $fingerprint, $item, $n, $n_broken)",
                {"what": what, "fingerprint": fingerprint, "item": item, "n": n, "n_broken": n_broken},
            )
        return [Count(*row) for row in rows]
