"""What was delivered, for the report's reader: rows by register."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from evalkit.registers import Delivery
from evalkit.results import Column, Provenance, Result

__all__ = ["delivery"]


def delivery(deliveries: Iterable[Delivery], provenance: Provenance) -> Result:
    """Make the delivery table.

    Parameters
    ----------
    deliveries : iterable of Delivery
        What the ingest counted, one a file.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a layout: rows delivered, and rows set aside because they broke a rule.
    """
    rows = [(one.layout, one.n_delivered, one.n_quarantined) for one in deliveries]
    frame = (
        pl.DataFrame(rows, schema=["layout", "n_delivered", "n_quarantined"], orient="row")
        .group_by("layout", maintain_order=True)
        .sum()
    )
    roles = {"layout": Column.dimension(), "n_delivered": Column.count(), "n_quarantined": Column.count()}
    return Result("delivery", provenance, frame, roles, linked=(("n_delivered", "n_quarantined"),))
