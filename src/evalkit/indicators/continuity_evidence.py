"""How far registers confirm what caseworkers say of plans: education, employment and economy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import polars as pl

from evalkit.indicators.shares import with_share
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["EVIDENCE", "continuity_evidence"]

EVIDENCE: tuple[str, ...] = ("both", "said_only", "register_only", "neither")
"""That a plan goes on is said by the caseworker and confirmed by a register; one of them; or neither."""


def continuity_evidence(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of what is known of plans that go on, and from whom.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.continuity_evidence``: arm, domain, months, evidence, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, domain, checkpoint (months, as text like in the table ``continuity``) and kind of evidence; the
        shares of an arm, domain and checkpoint add up to 1. Those of both and of neither together are the agreement.
    """
    roles = {
        **dict.fromkeys(("arm", "domain", "checkpoint", "evidence"), Column.dimension()),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    frame = counts.with_columns(checkpoint=pl.col("months").cast(pl.String))
    frame = with_share(frame, within=("arm", "domain", "checkpoint")).select(*roles)
    points = frame.get_column("checkpoint").unique().to_list()
    domains = frame.get_column("domain").unique().to_list()
    return Result(
        "continuity_evidence",
        provenance,
        frame,
        roles,
        additive_over=("evidence",),
        relations=tuple(_relations(sorted(domains), sorted(points))),
    )


def _relations(domains: Sequence[str], points: Sequence[str]) -> Iterator[Relation]:
    """Say that those of whom it is said are those whose plan goes on in the table of continuity."""
    for domain, point in product(domains, points):
        where = {"domain": (domain,), "checkpoint": (point,)}
        said = Counts("continuity_evidence", "n_persons", {**where, "evidence": ("both", "said_only")})
        yield Relation((Counts("continuity", "n_continuing", where),), (said,), ("arm",), exact=True)
        everyone = Counts("continuity_evidence", "n_persons", {**where, "evidence": EVIDENCE})
        yield Relation((Counts("continuity", "n_with_plan", where),), (everyone,), ("arm",))
