"""What of the cases stands in the registers when they end."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, day_number
from evalkit.synthetic.population import People
from evalkit.synthetic.scenario import Scenario

__all__ = ["registered_cases"]


def registered_cases(scenario: Scenario, people: People, cases: pl.DataFrame) -> pl.DataFrame:
    """Keep of the cases what the registers hold when they end, sorted, with what they say in the end.

    Parameters
    ----------
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    cases : DataFrame
        All cases.

    Returns
    -------
    DataFrame
        Cases charged while the person lived and before the registers end, with final_decision, final_code (NEVER, -1
        while pending) and registered_offence: the day of the offence, or of the final decision where the charge is
        missing.
    """
    person = cases["person"].to_numpy()
    limit = pl.Series("limit", np.minimum(people.death[person], day_number(scenario.calendar.vintage)))
    kept = cases.with_columns(limit).filter(pl.col("charge") < pl.col("limit"))
    never = pl.lit(NEVER, pl.Int64)
    decided = pl.col("decision") < pl.col("limit")
    again = decided & (pl.col("second_decision") < pl.col("limit"))
    kept = kept.with_columns(
        decision=pl.when(decided).then("decision").otherwise(never),
        second_decision=pl.when(again).then("second_decision").otherwise(never),
        is_charge_missing=pl.col("is_charge_missing") & decided,
    )
    is_appealed = pl.col("second_decision") < NEVER
    kept = kept.with_columns(
        final_decision=pl.when(is_appealed).then("second_decision").otherwise("decision"),
        final_code=pl.when(is_appealed).then("second_code").when(pl.col("decision") < NEVER).then("code").otherwise(-1),
    )
    offence = pl.when("is_charge_missing").then("final_decision").otherwise("offence")
    return kept.with_columns(registered_offence=offence).drop("limit").sort("person", "offence", "charge", "decision")
