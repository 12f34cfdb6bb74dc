"""The truth of the made-up Norwegian registers: what an evaluation of them should find.

Everything is counted in the generator's own tables, by rules written down here; nothing of it passes through
evalkit's pipeline. What comes on the day of the vintage or later is not known.

Who. Each person's first release in the window that ends remand, or a sentence on parole or with the full term, after
at least 14 days inside. A stay is what lies between an admission and a release, whatever prisons and grounds are in
it.

On the day of release. Work: a spell of main state 2 covers the day (its last day counts). Another measure: one of
state 3 or 14 does. In the programme: one begun on the day or before has its last day on the day or later; within
days: one begun at most so many days after it does. Not moved: no other prison from the day after admission to the day
before release. Case open: a municipal plan was made before the day and is not closed on it or before.

Needs. Whoever has an activity in an area planned or begun before the day of release, and not ended before the day of
admission. Met: of such activities one was completed on the day or before, or is under way on it (begun on the day or
before, and not ended on it).

The programme's end. Of each of these persons the first programme whose last day is the day of release or later: what
it ended in, by the first state in the form's order that holds; unknown without one; open where its last day is not
known.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from evalkit.config import Definition
from evalkit.synthetic.days import NEVER, day_number
from evalkit.synthetic.norway import NorwayTables
from evalkit.synthetic.norway_scenario import DOMAINS, EXIT_STATES
from evalkit.synthetic.norway_stays import EXITS
from evalkit.synthetic.plans import COMPLETED
from evalkit.synthetic.reached import Reached

__all__ = ["NorwayTruth", "norway_truth"]

_RELEASES: Final = ("proveloslatelse", "endt_straff", "varetekt_opphevet")
_LEAST_DAYS = 14
_WORKS, _ON_MEASURE = (2,), (3, 14)
_AREAS: Final = dict(
    zip(DOMAINS, ("housing", "education", "employment", "treatment", "health", "economy", "network"), strict=True)
)
_ENDS: Final = (
    "ordinary_work",
    "subsidised_work",
    "labour_market_measure",
    "education",
    "disability_pension",
    "work_assessment",
    "social_assistance_waiting",
    "social_assistance",
    "other",
    "unknown",
)


class NorwayTruth(Definition):
    """The Norwegian registers, counted by the rules of :mod:`~.norway_truth`.

    Parameters
    ----------
    n_persons : int
        Persons whose release is looked at.
    measures : dict
        Measure to persons.
    kvp_exits : dict
        What the programmes ended in, ``"open"`` for those that go on, to persons.
    n_transfers : int
        Changes of prison during these persons' stays.
    n_transfers_in_all : int
        Changes of prison during all stays.
    """

    n_persons: int
    measures: dict[str, Reached]
    kvp_exits: dict[str, int]
    n_transfers: int
    n_transfers_in_all: int


def norway_truth(tables: NorwayTables) -> NorwayTruth:
    """Count the truth.

    Parameters
    ----------
    tables : NorwayTables
        What happened.

    Returns
    -------
    NorwayTruth
        What an evaluation should find.
    """
    released = _released(tables)
    moves = tables.places.filter(pl.col("stay") == pl.col("stay").shift(1))
    own_moves = moves.join(released, on="stay", how="semi")
    n = released.height
    holds = _states(tables, released) | _programmes(tables, released) | _cases(tables, released)
    measures = {name: Reached(n_persons=n, n_reached=rows["person"].n_unique()) for name, rows in holds.items()}
    measures["no_transfer"] = Reached(n_persons=n, n_reached=n - own_moves["stay"].n_unique())
    return NorwayTruth(
        n_persons=n,
        measures=measures | _needs(tables, released),
        kvp_exits=_kvp_exits(tables, released),
        n_transfers=own_moves.height,
        n_transfers_in_all=moves.height,
    )


def _released(tables: NorwayTables) -> pl.DataFrame:
    calendar = tables.plan.calendar
    first, stop = day_number(calendar.window_start), day_number(calendar.window_end)
    return (
        tables.stays.filter(
            pl.col("exit").is_in([EXITS.index(name) for name in _RELEASES]),
            pl.col("release") >= first,
            pl.col("release") < stop,
            pl.col("release") - pl.col("admission") >= _LEAST_DAYS,
        )
        .sort("person", "release")
        .unique("person", keep="first", maintain_order=True)
        .select("person", "stay", "admission", "release")
    )


def _states(tables: NorwayTables, released: pl.DataFrame) -> dict[str, pl.DataFrame]:
    on_day = released.join(tables.states, on="person").filter(
        pl.col("start") <= pl.col("release"), pl.col("last") >= pl.col("release")
    )
    return {
        "work_at_release": on_day.filter(pl.col("state").is_in(_WORKS)),
        "other_measure_at_release": on_day.filter(pl.col("state").is_in(_ON_MEASURE)),
    }


def _programmes(tables: NorwayTables, released: pl.DataFrame) -> dict[str, pl.DataFrame]:
    going_on = _not_ended(tables, released)
    within = pl.col("begun") <= pl.col("release") + tables.plan.within_days
    return {
        "kvp_at_release": going_on.filter(pl.col("begun") <= pl.col("release")),
        "kvp_within_days": going_on.filter(within),
    }


def _not_ended(tables: NorwayTables, released: pl.DataFrame) -> pl.DataFrame:
    return released.join(tables.programmes, on="person").filter(pl.col("ended") >= pl.col("release"))


def _cases(tables: NorwayTables, released: pl.DataFrame) -> dict[str, pl.DataFrame]:
    plans = released.join(tables.plans.plans.filter("is_municipal"), on="person")
    is_open = (pl.col("created") < pl.col("release")) & (pl.col("closed") > pl.col("release"))
    return {"case_open_at_release": plans.filter(is_open)}


def _needs(tables: NorwayTables, released: pl.DataFrame) -> dict[str, Reached]:
    activities = released.join(tables.plans.activities.drop("plan"), on="person")
    needs = activities.filter(
        pl.min_horizontal("planned", "begun") < pl.col("release"), pl.col("ended") >= pl.col("admission")
    )
    is_completed = (pl.col("end") == COMPLETED) & (pl.col("ended") <= pl.col("release"))
    is_under_way = (pl.col("begun") <= pl.col("release")) & (pl.col("ended") > pl.col("release"))
    met = needs.filter(is_completed | is_under_way)
    return {
        f"need_met_{area}": Reached(
            n_persons=needs.filter(domain=place)["person"].n_unique(),
            n_reached=met.filter(domain=place)["person"].n_unique(),
        )
        for place, area in enumerate(_AREAS.values())
    }


def _kvp_exits(tables: NorwayTables, released: pl.DataFrame) -> dict[str, int]:
    first = _not_ended(tables, released).sort("person", "begun").unique("person", keep="first", maintain_order=True)
    both = [first[name].to_numpy() for name in ("exit", "second_exit")]
    without = len(EXIT_STATES)
    state = np.minimum(*(np.where(exits >= 0, exits, without) for exits in both))
    state = np.where(state == without, EXIT_STATES.index("AVSL_UKJENT"), state)
    ended = first["ended"].to_numpy() < NEVER
    counts = {name: int((ended & (state == place)).sum()) for place, name in enumerate(_ENDS)}
    return counts | {"open": int((~ended).sum())}
