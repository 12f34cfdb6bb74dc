"""How much of the time in custody a municipality has a plan open."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.person_ratio import with_person_ratio
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["case_open_days"]

_INTERVAL = ("estimate", "std_error", "conf_low", "conf_high")
_ARE_OPEN = ("case_open_throughout", "case_open_at_release")


def case_open_days(sums: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of days in custody with an open plan of a municipality.

    The share is of all days of everyone, so a long stay counts for more than a short one.

    Parameters
    ----------
    sums : DataFrame
        ``analysis.case_open_time``: arm, n_persons, n_open and the sums of
        :data:`~evalkit.indicators.person_ratio.RATIO_SUMS`.
    provenance : Provenance
        Where the sums come from.

    Returns
    -------
    Result
        One row an arm: persons, those who had a plan open at all, and the share of days with an interval that allows
        for persons who differ.
    """
    sizes = {str(arm): int(n) for arm, n in sums.select("arm", "n_persons").iter_rows()}
    roles = {
        "arm": Column.dimension(),
        **{name: Column.count() for name in ("n_persons", "n_open")},
        **{name: Column.derived("n_persons", "n_open", group_size=sizes) for name in _INTERVAL},
    }
    everyone, is_open = (Counts("case_open_days", name) for name in ("n_persons", "n_open"))
    at_times = (Counts("process", "n_reached", {"measure": (measure,)}) for measure in _ARE_OPEN)
    return Result(
        "case_open_days",
        provenance,
        with_person_ratio(sums, highest=1.0).select(*roles),
        roles,
        linked=(("n_persons", "n_open"),),
        relations=(
            Relation((Counts("risk", "n_persons"),), (everyone,), ("arm",), exact=True),
            # Whoever had one open throughout or at release had one open.
            *(Relation((is_open,), (at_time,), ("arm",)) for at_time in at_times),
        ),
    )
