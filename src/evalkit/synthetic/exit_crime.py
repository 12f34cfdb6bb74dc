"""Charges and convictions of those in the Exit programme: counted by the rules of :mod:`~.exit_truth`."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from evalkit.config import Definition
from evalkit.synthetic.days import NEVER, Ints, add_months, day_number
from evalkit.synthetic.population import is_here
from evalkit.synthetic.reached import Reached
from evalkit.synthetic.world import World

__all__ = ["ConvictionTruth", "convictions_of", "followed", "not_charged"]

# Footnote 1 of the programme's description: violence, robbery, weapons; burglary, sale of drugs, threats. Gross
# vandalism is told apart by police codes that the made-up registers do not have.
_VIOLENCE = (1210, 1230, 1240, 1250, 1252, 1255, 1258, 1260, 1270, 1280)
_OFFENCES: Final = (*_VIOLENCE, 1380, 3410, 1316, 1320, 1324, 1435, 1292)
# AFG_AFGTYPKO: sentences, suspended or not, and fines; not waived prosecutions (22, 25).
_CONVICTIONS: Final = (1, 2, 4, 6, 21, 81, 86, 88)
_FOLLOW_UP_MONTHS = 24


class ConvictionTruth(Definition):
    """What came first after discharge.

    Parameters
    ----------
    n_ended : int
        Persons whose course ended.
    n_mature : int
        Of them, those whose 24 months are over.
    n_convicted, n_died, n_emigrated : int
        Of the mature: what came first within the 24 months; the three exclude each other.
    """

    n_ended: int
    n_mature: int
    n_convicted: int
    n_died: int
    n_emigrated: int


def not_charged(world: World, enrolled: pl.DataFrame) -> Reached:
    """Count who was not charged while enrolled.

    Parameters
    ----------
    world : World
        With the cases of everybody.
    enrolled : DataFrame
        The first enrolments.

    Returns
    -------
    Reached
        Of those enrolled.
    """
    charged = _cases(world, enrolled).filter(
        ~pl.col("is_charge_missing"),
        pl.col("charge") >= pl.col("enrolled"),
        pl.col("charge") < pl.col("discharged"),
    )
    return Reached(n_persons=enrolled.height, n_reached=enrolled.height - charged["person"].n_unique())


def convictions_of(world: World, enrolled: pl.DataFrame) -> ConvictionTruth:
    """Count what came first after discharge.

    Parameters
    ----------
    world : World
        With the cases, deaths and emigrations of everybody.
    enrolled : DataFrame
        The first enrolments.

    Returns
    -------
    ConvictionTruth
        Within 24 months.
    """
    ended, mature = followed(world, enrolled)
    people = world.people
    person, start, end = (mature[name].to_numpy() for name in ("person", "discharged", "end"))
    death, out = people.death[person], people.out[person]
    came = np.stack(
        [
            _first_convictions(world, mature),
            np.where(death <= end, death, NEVER),
            np.where((out > start) & (out <= end), out, NEVER),
        ]
    )
    first = np.where(came.min(axis=0) < NEVER, came.argmin(axis=0), -1)
    convicted, died, emigrated = (int((first == what).sum()) for what in range(3))
    return ConvictionTruth(
        n_ended=ended.height, n_mature=mature.height, n_convicted=convicted, n_died=died, n_emigrated=emigrated
    )


def followed(world: World, enrolled: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find who is followed after discharge.

    Parameters
    ----------
    world : World
        With the deaths and emigrations of everybody.
    enrolled : DataFrame
        The first enrolments.

    Returns
    -------
    tuple of DataFrame
        Those whose course ended while they lived and were in the country; of them those whose 24 months are over. Both
        with end, the last of those months' days.
    """
    vintage = day_number(world.scenario.calendar.vintage)
    ended = enrolled.filter(pl.col("discharged") < NEVER)
    ended = ended.filter(pl.Series(is_here(world.people, ended["person"].to_numpy(), ended["discharged"].to_numpy())))
    ended = ended.with_columns(end=pl.Series(add_months(ended["discharged"].to_numpy(), _FOLLOW_UP_MONTHS)))
    return ended, ended.filter(pl.col("end") < vintage)


def _first_convictions(world: World, mature: pl.DataFrame) -> Ints:
    cases = _cases(world, mature)
    later_stands = pl.col("second_decision") <= pl.col("end")
    cases = cases.with_columns(
        day=pl.when(later_stands).then("second_decision").otherwise("decision"),
        stands=pl.when(later_stands).then("second_code").otherwise("code"),
    ).filter(pl.col("stands").is_in(_CONVICTIONS), pl.col("day") > pl.col("discharged"), pl.col("day") <= pl.col("end"))
    first = np.full(world.people.size, NEVER, np.int64)
    np.minimum.at(first, cases["person"].to_numpy(), cases["day"].to_numpy())
    found: Ints = first[mature["person"].to_numpy()]
    return found


def _cases(world: World, persons: pl.DataFrame) -> pl.DataFrame:
    counted = world.cases.filter(pl.col("group").is_in(_OFFENCES))
    return counted.join(
        persons.select("person", *set(persons.columns) & {"enrolled", "discharged", "end"}), on="person"
    )
