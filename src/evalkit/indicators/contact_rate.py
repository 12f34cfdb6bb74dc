"""Contacts a week between the person and the programme: in custody, and in the first months after release."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.person_ratio import with_person_ratio
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["contact_rate"]

_INTERVAL = ("estimate", "std_error", "conf_low", "conf_high")
_ARE_CONTACTS = ("three_party_meeting", "talks")


def contact_rate(sums: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of contacts a week.

    The rate is all contacts divided by all weeks of everyone, whether they had any contact or not.

    Parameters
    ----------
    sums : DataFrame
        ``analysis.contact_time``: arm, period, n_persons, n_without and the sums of
        :data:`~evalkit.indicators.person_ratio.RATIO_SUMS`.
    provenance : Provenance
        Where the sums come from.

    Returns
    -------
    Result
        One row an arm and period: persons with at least one day in it, those without any contact, and contacts a week
        with an interval that allows for persons who differ.
    """
    sizes = {str(arm): int(n) for arm, n in sums.group_by("arm").agg(pl.col("n_persons").max()).iter_rows()}
    roles = {
        **{name: Column.dimension() for name in ("arm", "period")},
        **{name: Column.count() for name in ("n_persons", "n_without")},
        **{name: Column.derived("n_persons", "n_without", group_size=sizes) for name in _INTERVAL},
    }
    custody = {"period": ("custody",)}
    everyone, without = (Counts("contact_rate", name, custody) for name in ("n_persons", "n_without"))
    had_one = (Counts("process", "n_reached", {"measure": (measure,)}) for measure in _ARE_CONTACTS)
    return Result(
        "contact_rate",
        provenance,
        with_person_ratio(sums, per_days=7).select(*roles),
        roles,
        linked=(("n_persons", "n_without"),),
        relations=(
            *(
                Relation(
                    (Counts("risk", "n_persons"),),
                    (Counts("contact_rate", "n_persons", {"period": (period,)}),),
                    ("arm",),
                )
                for period in sums.get_column("period").unique().sort()
            ),
            # Whoever had a meeting in custody had a contact there.
            *(Relation((everyone,), (without, meeting), ("arm",)) for meeting in had_one),
        ),
    )
