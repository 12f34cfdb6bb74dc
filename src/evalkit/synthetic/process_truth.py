"""What was done before release: counted in the world's own tables, by the rules of :mod:`~.truth`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from evalkit.synthetic.cohort_truth import Arm
from evalkit.synthetic.contacts import NOTICE, TALKS, THREE_PARTY
from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.custody_events import moves_of
from evalkit.synthetic.days import Bools, Ints
from evalkit.synthetic.follow_up_truth import at_home
from evalkit.synthetic.plans import COMPLETED
from evalkit.synthetic.reached import Reached
from evalkit.synthetic.world import World

__all__ = ["process_of"]

_FEWEST_TALKS = 2


def process_of(world: World, arm: Arm, layouts: tuple[str, ...]) -> dict[str, Reached]:
    """Count what was done before release.

    Parameters
    ----------
    world : World
        What happened.
    arm : Arm
        The persons.
    layouts : tuple of str
        The extracts that are written: what they cannot show is left out.

    Returns
    -------
    dict of str to Reached
        Measure to persons.
    """
    counted: dict[str, Reached] = {}
    for needed, count in _COUNTS:
        if set(needed) <= set(layouts):
            counted |= count(world, arm)
    return counted


def _contacts(world: World, arm: Arm) -> dict[str, Reached]:
    during = _index(arm).join(world.contacts.filter(pl.col("attended") != 0), on="person")
    during = during.filter(_in_custody("day"))
    talks = during.filter(pl.col("kind").is_in([*TALKS, THREE_PARTY])).group_by("place").len()
    notices = during.filter(kind=NOTICE)
    moved = arm.stays.select("stay").with_row_index("place").join(moves_of(world.custody_events), on="stay")
    first_move = moved.group_by("place").agg(first_move=pl.col("day").min())
    told = notices.join(first_move, on="place").filter(pl.col("day") >= pl.col("first_move"))
    n = arm.person.size
    return {
        "three_party_meeting": _reached(n, during.filter(kind=THREE_PARTY)),
        "talks": _reached(n, talks.filter(pl.col("len") >= _FEWEST_TALKS)),
        "municipality_told": _reached(n, notices),
        "municipality_told_of_transfer": _reached(first_move.height, told),
    }


def _plans(world: World, arm: Arm) -> dict[str, Reached]:
    plans = _index(arm).join(world.plans.plans, on="person")
    before = plans.filter(pl.col("is_municipal") & (pl.col("created") < pl.col("release")))
    throughout = (pl.col("created") <= pl.col("admission")) & (pl.col("closed") >= pl.col("release"))
    in_remand = arm.stays["kind"].to_numpy() == StayKind.REMAND
    made = plans.filter(~pl.col("is_municipal") & _in_custody("created"))
    n = arm.person.size
    return {
        "signed_plan": _reached(n, plans.filter(_in_custody("signed"))),
        "plan_in_remand": _reached(int(in_remand.sum()), made.filter(_at(in_remand, made))),
        "case_open_throughout": _reached(n, before.filter(throughout)),
        "case_open_at_release": _reached(n, before.filter(pl.col("closed") > pl.col("release"))),
    }


def _activities(world: World, arm: Arm) -> dict[str, Reached]:
    activities = _index(arm).join(world.plans.activities, on="person")
    domains = list(world.scenario.plans.domains)
    of_the_stay = activities.filter(_in_custody("planned") | _in_custody("begun"))
    housing = of_the_stay.filter(domain=domains.index("bolig"))
    settled = housing.filter((pl.col("end") == COMPLETED) & (pl.col("ended") <= pl.col("release")))
    plans = _index(arm).join(world.plans.plans, on="person")
    municipal = plans.filter(
        pl.col("is_municipal") & (pl.col("created") < pl.col("release")) & (pl.col("closed") > pl.col("admission"))
    )
    prison = plans.filter(~pl.col("is_municipal") & _in_custody("created"))
    work = of_the_stay.filter(domain=domains.index("beskaeftigelse"))
    on_parole = arm.stays["is_parole"].to_numpy()
    involved = pl.concat([municipal.select("place"), work.select("place")])
    return {
        "housing_settled": _reached(housing["place"].n_unique(), settled),
        "job_centre_before_parole": _reached(int(on_parole.sum()), involved.filter(_at(on_parole, involved))),
        "plans_share_area": _shared(activities, prison, municipal),
    }


def _shared(activities: pl.DataFrame, prison: pl.DataFrame, municipal: pl.DataFrame) -> Reached:
    """Count persons whose two plans, both with something planned or begun before release, have an area in common."""
    known = activities.filter(pl.min_horizontal("planned", "begun") < pl.col("release"))
    areas = [known.join(plans.select("place", "plan"), on=["place", "plan"]) for plans in (prison, municipal)]
    have_both = areas[0].join(areas[1], on="place", how="semi")
    return _reached(have_both["place"].n_unique(), have_both.join(areas[1], on=["place", "domain"], how="semi"))


def _benefits(world: World, arm: Arm) -> dict[str, Reached]:
    paid, studies, supported = at_home(world, arm.person, arm.release)
    concerned = ~paid & ~studies
    return {"benefit_settled": Reached(n_persons=int(concerned.sum()), n_reached=int((concerned & supported).sum()))}


def _index(arm: Arm) -> pl.DataFrame:
    index = pl.DataFrame({"person": arm.person, "admission": arm.admission, "release": arm.release})
    return index.with_columns(place=pl.int_range(pl.len(), dtype=pl.UInt32))


def _in_custody(day: str) -> pl.Expr:
    return (pl.col(day) >= pl.col("admission")) & (pl.col(day) < pl.col("release"))


def _at(chosen: Bools, rows: pl.DataFrame) -> pl.Series:
    places: Ints = rows["place"].to_numpy().astype(np.int64)
    return pl.Series(chosen[places])


def _reached(n_persons: int, rows: pl.DataFrame) -> Reached:
    return Reached(n_persons=n_persons, n_reached=rows["place"].n_unique())


_COUNTS: Final[tuple[tuple[tuple[str, ...], Callable[[World, Arm], dict[str, Reached]]], ...]] = (
    (("krin", "kontakt"), _contacts),
    (("krin", "handleplan"), _plans),
    (("krin", "handleplan", "planaktivitet"), _activities),
    (("krin", "dream", "bfl", "kotre"), _benefits),
)
