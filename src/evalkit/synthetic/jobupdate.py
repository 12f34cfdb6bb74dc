"""JobUpdate's list of referrals, with as many of each end as its status of 28 February 2013 counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import polars as pl

from evalkit.errors import InternalError
from evalkit.synthetic.days import NEVER, Bools, Ints, date_column, day_number
from evalkit.synthetic.drawn import Drawn, only_good_rows
from evalkit.synthetic.draws import days_between, lognormal_days
from evalkit.synthetic.models import JobUpdate
from evalkit.synthetic.population import draw_pseudonyms
from evalkit.synthetic.scenario import Scenario
from evalkit.synthetic.truth import ExtractTruth, ReferralTruth, Truth

__all__ = ["draw_referrals"]

_LAYOUT: Final = "jobupdate_henvisning"
_FEWEST_DAYS = 14
_PRISONS = np.array(["F201", "F202", "F203"])


def draw_referrals(
    rng: np.random.Generator, scenario: Scenario, n_persons: int, progress: Callable[[str], None]
) -> Drawn:
    """Draw the persons referred, one row each.

    Parameters
    ----------
    rng : Generator
        Source of all chance.
    scenario : Scenario
        With a table ``jobupdate``: how many there are of each end and answer.
    n_persons : int
        Not used: the document says how many were referred.
    progress : callable
        Told what is being drawn.

    Returns
    -------
    Drawn
        Ready to be written.
    """
    del n_persons
    progress("referrals")
    plan = scenario.jobupdate
    if plan is None:
        raise InternalError("A scenario of kind jobupdate has its table.")
    referrals = _referrals(rng, scenario, plan)

    def truth(seed: int, extracts: Mapping[str, ExtractTruth]) -> Truth:
        return Truth(
            scenario=scenario.label,
            seed=seed,
            n_persons=plan.n_referred,
            referrals=_truth_of(referrals),
            extracts=dict(extracts),
        )

    return Drawn((_LAYOUT,), lambda _: only_good_rows(referrals), truth)


def _referrals(rng: np.random.Generator, scenario: Scenario, plan: JobUpdate) -> pl.DataFrame:
    n = plan.n_referred
    names = [*plan.ends, ""]
    results, reasons = (np.array([name.partition("/")[place] for name in names]) for place in (0, 2))
    end = rng.permutation(np.repeat(np.arange(len(names)), [*plan.ends.values(), plan.n_open]))
    referred, ended = _days(rng, scenario, plan, goes_on=results[end] == "")
    group = np.where(_so_many(rng, plan.n_match_group_2_3, n), rng.integers(2, 4, n), 1)
    return pl.DataFrame(
        {
            "PNR": draw_pseudonyms(rng, n),
            "HENVIST_DATO": date_column(referred),
            "FAENGSEL": _PRISONS[rng.integers(0, _PRISONS.size, n)],
            "AFSLUTTET_DATO": date_column(ended),
            "UDFALD": results[end],
            "ANDET_AARSAG": reasons[end],
            "MATCHGRUPPE": group,
            "OVERFOERSELSINDKOMST": _so_many(rng, plan.n_transfer_income, n).astype(np.int64),
            "GENGANGER": _so_many(rng, plan.n_returners, n).astype(np.int64),
        }
    ).sort("HENVIST_DATO", "PNR")


def _days(rng: np.random.Generator, scenario: Scenario, plan: JobUpdate, *, goes_on: Bools) -> tuple[Ints, Ints]:
    """Draw when they were referred and when it ended; who goes on was referred in the last quarter of the time."""
    calendar, n = scenario.calendar, goes_on.size
    first, stop = day_number(calendar.window_start), day_number(calendar.window_end)
    start = np.where(goes_on, stop - (stop - first) // 4, first)
    referred = days_between(rng, start, np.full(n, stop))
    drawn = referred + _FEWEST_DAYS + lognormal_days(rng, *plan.days_to_end, n)
    ended = np.minimum(drawn, day_number(calendar.vintage) - 1)
    return referred, np.where(goes_on, NEVER, ended)


def _so_many(rng: np.random.Generator, number: int, size: int) -> Bools:
    return rng.permutation(size) < number


def _truth_of(referrals: pl.DataFrame) -> ReferralTruth:
    ends = dict(referrals.group_by("UDFALD").len().rows())
    return ReferralTruth(
        n_referred=referrals.height,
        n_open=ends.pop("", 0),
        n_ended=ends,
        n_died=referrals.filter(ANDET_AARSAG="doedsfald").height,
        n_match_group_2_3=referrals.filter(pl.col("MATCHGRUPPE") > 1).height,
        n_transfer_income=referrals["OVERFOERSELSINDKOMST"].sum(),
        n_returners=referrals["GENGANGER"].sum(),
    )
