"""How long it takes to the next offence: where the scenario's truth is planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.synthetic.days import NEVER, Bools, Floats, Ints
from evalkit.synthetic.scenario import Scenario

__all__ = ["Prospects", "days_to_next_offence"]

_MEAN_AGE_YEARS = 33.0
_MEAN_LOG_PRIORS = 1.9


@dataclass(frozen=True, slots=True)
class Prospects:
    """What bears on the time to the next offence.

    Parameters
    ----------
    age_years : float array, shape (n,)
        Age on the day from which the time runs.
    priors : int array, shape (n,)
        Convictions so far.
    works, continues, takes_part : bool array, shape (n,)
        Finds work after release, goes on with the plan, takes part in the programme.
    from_custody, goes_to_custody : bool array, shape (n,)
        The time runs from a release; the person is one of those who go to custody at all.
    """

    age_years: Floats
    priors: Ints
    works: Bools
    continues: Bools
    takes_part: Bools
    from_custody: Bools
    goes_to_custody: Bools


def days_to_next_offence(scenario: Scenario, prospects: Prospects, noise: Floats) -> Ints:
    """Turn prospects and chance into days.

    Parameters
    ----------
    scenario : Scenario
        The made-up world.
    prospects : Prospects
        What bears on the time.
    noise : float array, shape (n,)
        Standard normal; the same noise with other prospects gives what would have been.

    Returns
    -------
    int array, shape (n,)
        Days, at least 1; NEVER beyond thirty years.
    """
    model = scenario.reoffending
    decades = np.clip((prospects.age_years - _MEAN_AGE_YEARS) / 10, -1.8, 4.0)
    log_years = (
        model.location
        + model.per_decade_of_age * decades
        + model.per_log_prior * (np.log1p(prospects.priors) - _MEAN_LOG_PRIORS)
        + model.works * prospects.works
        + model.continues_plan * prospects.continues
        + model.takes_part * prospects.takes_part
        + np.where(prospects.from_custody, 0.0, model.not_from_custody)
        + np.where(prospects.goes_to_custody, 0.0, model.fined_only)
        + model.sigma * noise
    )
    years = np.exp(np.minimum(log_years, 10.0))
    return np.where(years < 30.0, np.ceil(np.minimum(years, 30.0) * 365.25), NEVER).astype(np.int64)
