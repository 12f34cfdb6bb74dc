"""How many traps were set: rows by layout, persons by kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from evalkit.synthetic.cohort_truth import prison_releases
from evalkit.synthetic.courts import FINE_CODES
from evalkit.synthetic.custody import Joint, StayKind
from evalkit.synthetic.days import NEVER, day_number
from evalkit.synthetic.truth import ExtractTruth
from evalkit.synthetic.world import World

__all__ = ["extract_truth", "person_counts"]


def extract_truth(layout: str, world: World, frame: pl.DataFrame, bad: pl.DataFrame) -> ExtractTruth:
    """Count what was written to an extract.

    Parameters
    ----------
    layout : str
        The register.
    world : World
        What happened.
    frame, bad : DataFrame
        Its good rows, and those that must not be used.

    Returns
    -------
    ExtractTruth
        The counts.
    """
    broken = world.scenario.traps.broken_of(layout) if frame.height else {}
    return ExtractTruth(
        n_rows=frame.height + bad.height,
        n_not_followable=bad.height - sum(broken.values()),
        broken_rows={str(kind): number for kind, number in broken.items()},
        traps=_TRAPS[layout](world, frame) if layout in _TRAPS else {},
    )


def person_counts(world: World) -> dict[str, int]:
    """Count persons with what makes them difficult.

    Parameters
    ----------
    world : World
        What happened.

    Returns
    -------
    dict of str to int
        Kind to persons.
    """
    people = world.people
    vintage = day_number(world.scenario.calendar.vintage)
    releases = prison_releases(world).group_by("person").len()
    released = world.stays.filter(pl.col("release") < NEVER)
    moved_inside = (people.moves[released["person"].to_numpy()] > released["admission"].to_numpy()[:, np.newaxis]) & (
        people.moves[released["person"].to_numpy()] <= released["release"].to_numpy()[:, np.newaxis]
    )
    return {
        "died": int(((people.death < vintage) & people.is_registered).sum()),
        "emigrated": int((people.out < NEVER).sum()),
        "immigrated_again": int((people.back < NEVER).sum()),
        "in_custody_at_the_end": int((world.stays["release"] >= NEVER).sum()),
        "moved_in_custody": int(released.filter(pl.Series(moved_inside.any(axis=1)))["person"].n_unique()),
        "released_in_window": releases.height,
        "released_twice_or_more_in_window": releases.filter(pl.col("len") > 1).height,
        "without_population_record": int((~people.is_registered).sum()),
    }


def _krin(world: World, frame: pl.DataFrame) -> dict[str, int]:
    joints = world.stays.filter(pl.col("serving_start") < day_number(world.scenario.calendar.vintage))["joint"]
    return {
        "transfers": frame.filter(pl.col("IND_OVERFKOD") == "X").height,
        "without_release_date": frame.filter(pl.col("IND_LOESLDTO").dt.year() == 1599).height,
        "arrests_that_end_there": world.arrests.height,
        "serving_under_another_case_next_day": int((joints == int(Joint.NEXT_DAY)).sum()),
        "serving_under_another_case_same_day": int((joints == int(Joint.SAME_DAY)).sum()),
        "remand_never_closed": int((joints == int(Joint.NEVER_CLOSED)).sum()),
        "fine_stays": world.stays.filter(pl.col("kind") == int(StayKind.FINE)).height,
        "home_detentions": world.stays.filter(pl.col("kind") == int(StayKind.HOME)).height,
    }


def _krsi(world: World, _: pl.DataFrame) -> dict[str, int]:
    charged = world.cases.filter(~pl.col("is_charge_missing"))
    return {"without_decision": charged.filter(pl.col("decision") >= NEVER).height}


def _kraf(world: World, frame: pl.DataFrame) -> dict[str, int]:
    petty = pl.col("AFG_AFGTYPKO").is_in(list(FINE_CODES)) & (pl.col("AFG_BOEDEBLB") < 2500)
    return {
        "appeals": int((world.cases["second_decision"] < NEVER).sum()),
        "petty_traffic_fines": frame.filter(petty & (pl.col("AFG_GER9") // 100_000_000 == 2)).height,
        "not_guilty": frame.filter(pl.col("AFG_AFGTYPKO").is_in([11, 69, 72])).height,
        "without_charge": int(world.cases["is_charge_missing"].sum()),
    }


def _bfl(_: World, frame: pl.DataFrame) -> dict[str, int]:
    return {"without_paid_hours": frame.filter(pl.col("AJO_LOENTIMER") == 0).height}


def _kotre(_: World, frame: pl.DataFrame) -> dict[str, int]:
    last = pl.col("ELEV3_VTIL")
    return {"still_enrolled": frame.filter(last.is_null() | (last.dt.year() == 9999)).height}


def _planaktivitet(_: World, frame: pl.DataFrame) -> dict[str, int]:
    return {"never_begun": int(frame["BEGYNDT_DATO"].null_count()), "open": int(frame["SLUT_DATO"].null_count())}


_TRAPS: Final[dict[str, Callable[[World, pl.DataFrame], dict[str, int]]]] = {
    "krin": _krin,
    "krsi": _krsi,
    "kraf": _kraf,
    "bfl": _bfl,
    "kotre": _kotre,
    "planaktivitet": _planaktivitet,
}
