"""How a programme's cases ended, of all who were referred, enrolled or finished: each denominator said."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["DENOMINATORS", "programme_end", "rounded_sum"]

DENOMINATORS: tuple[str, ...] = ("finished", "enrolled", "referred")
"""Who an end can be a share of: all whose case has ended, all who were enrolled, all who were referred."""

_NOT_ENDED = ("open", "not_enrolled")


def programme_end(counts: pl.DataFrame, provenance: Provenance, *, enrols: bool) -> Result:
    """Make the table of ends.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.programme_end`` of one case list: end_state, died, n_persons.
    provenance : Provenance
        Where the counts come from.
    enrols : bool
        Whether the list has enrolments; otherwise whoever is referred is in.

    Returns
    -------
    Result
        One row an end and denominator: persons, deaths among them, share and Wilson interval. Nobody is left out: who
        goes on is a row of the referred, and of the enrolled where the list has enrolments.
    """
    ends = counts.group_by("end_state").agg(
        pl.col("n_persons").sum(), pl.col("n_persons").filter(pl.col("died")).sum().alias("n_died")
    )
    groups = [_of(ends, name) for name in DENOMINATORS if name != "enrolled" or enrols]
    frame = with_wilson(pl.concat(groups), count="n_persons", total="n_total")
    roles = {
        "denominator": Column.dimension(),
        "end_state": Column.dimension(),
        **{name: Column.count() for name in ("n_persons", "n_died", "n_total")},
        **dict.fromkeys(("share", "conf_low", "conf_high"), Column.derived("n_persons", "n_total")),
    }
    return Result(
        "programme_end",
        provenance,
        frame.select(*roles),
        roles,
        linked=(("n_total", "n_persons"), ("n_persons", "n_died")),
        repeats=(("n_persons", ("denominator",)), ("n_died", ("denominator",)), ("n_total", ("end_state",))),
        relations=tuple(_adds_up(group) for group in groups if not group.is_empty()),
    )


def _adds_up(group: pl.DataFrame) -> Relation:
    """Say that the ends of a denominator are everybody in it."""
    denominator, states = group.get_column("denominator").to_list()[0], group.get_column("end_state").to_list()
    total = Counts("programme_end", "n_total", {"denominator": (denominator,), "end_state": (states[0],)})
    parts = Counts("programme_end", "n_persons", {"denominator": (denominator,), "end_state": tuple(states)})
    return Relation((total,), (parts,), exact=True)


def _of(ends: pl.DataFrame, denominator: str) -> pl.DataFrame:
    left_out = {"finished": _NOT_ENDED, "enrolled": ("not_enrolled",), "referred": ()}[denominator]
    of = ends.filter(~pl.col("end_state").is_in(left_out)).sort("n_persons", "end_state", descending=[True, False])
    return of.with_columns(pl.lit(denominator).alias("denominator"), pl.col("n_persons").sum().alias("n_total"))


def rounded_sum(result: Result, denominator: str) -> float:
    """Add up the shares of a denominator as a reader does, in per cent with one decimal.

    Parameters
    ----------
    result : Result
        The table of ends.
    denominator : str
        One of :data:`DENOMINATORS`.

    Returns
    -------
    float
        100.0 when rounding hides nothing; JobUpdate's own three shares add up to 100.1.
    """
    shares = result.tidy().filter(pl.col("denominator") == denominator).get_column("share")
    return round(float((100 * shares).round(1).sum()), 1)
