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
        What the ingest counted, one a register.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a layout: rows delivered, set aside because they broke a rule, and out of the study's scope.
    """
    counts = ("n_delivered", "n_quarantined", "n_out_of_scope")
    rows = [(one.layout, *(getattr(one, count) for count in counts)) for one in deliveries]
    frame = pl.DataFrame(rows, schema=["layout", *counts], orient="row").group_by("layout", maintain_order=True).sum()
    roles = {"layout": Column.dimension(), **{count: Column.count() for count in counts}}
    return Result("delivery", provenance, frame, roles, linked=(counts,))
