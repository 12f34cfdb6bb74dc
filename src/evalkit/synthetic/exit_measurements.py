"""What the Exit programme measures: the compass of change, and the course in life psychology."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Floats, Ints, add_months
from evalkit.synthetic.draws import days_between, with_chance
from evalkit.synthetic.exit_scenario import COMPASS, ExitPlan

__all__ = ["BLANK", "N_THEMES", "OCCASIONS", "draw_compass", "draw_psychology"]

BLANK = -1
"""A score that was not given."""
OCCASIONS = ("intro", "status", "outro")
N_THEMES = 10
_INTRO, _STATUS, _OUTRO = range(3)
_EVERY_MONTHS, _MOST_STATUS = 3, 4
_LOWEST, _HIGHEST = 1, 10
_BETWEEN_PERSONS, _BETWEEN_DAYS = 1.3, 0.8
_WHOLE_CHANGE_DAYS = 150.0
_BETWEEN_MEETINGS_DAYS = 7


def draw_compass(rng: np.random.Generator, plan: ExitPlan, cases: pl.DataFrame, vintage: int) -> pl.DataFrame:
    """Draw measurements at intro, every third month and at outro.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : ExitPlan
        What happens in the programme; its planted change is reached some five months after the first measurement.
    cases : DataFrame
        The case list.
    vintage : int
        The registers are complete before this day.

    Returns
    -------
    DataFrame
        One row a measured dimension: person, day, occasion (place in :data:`OCCASIONS`), dimension (place in
        ``COMPASS``), score (1 to 10, :data:`BLANK` where it was not given); sorted. Of those missing half have no row.
    """
    courses = _courses(cases, vintage)
    intro = courses["enrolled"].to_numpy() + rng.integers(0, 15, courses.height)
    status = np.stack([add_months(intro, _EVERY_MONTHS * time) for time in range(1, _MOST_STATUS + 1)], axis=1)
    outro_from, until = courses["outro"].to_numpy(), courses["until"].to_numpy()
    outro = np.where(outro_from < NEVER, days_between(rng, outro_from, np.minimum(until, NEVER)), NEVER)
    days = np.concatenate([intro[:, np.newaxis], status, outro[:, np.newaxis]], axis=1)
    last_status = np.minimum(outro, until)[:, np.newaxis]
    is_status = np.isin(np.arange(days.shape[1]), range(1, _MOST_STATUS + 1))
    which, time = np.nonzero(np.where(is_status, days < last_status, days < until[:, np.newaxis]))
    day = days[which, time]
    occasion = np.where(is_status[time], _STATUS, np.where(time == 0, _INTRO, _OUTRO))
    score = _compass_scores(rng, plan, courses.height, which, (day - intro[which]) / _WHOLE_CHANGE_DAYS)
    frame = pl.DataFrame({"person": courses["person"].to_numpy()[which], "day": day, "occasion": occasion})
    place = np.repeat(np.arange(frame.height), len(COMPASS))
    measured = frame[place].with_columns(
        dimension=pl.Series(np.tile(np.arange(len(COMPASS)), frame.height)), score=pl.Series(score.ravel())
    )
    return _with_missing(rng, plan, measured).sort("person", "day", "dimension")


def draw_psychology(rng: np.random.Generator, plan: ExitPlan, cases: pl.DataFrame, vintage: int) -> pl.DataFrame:
    """Draw the forms of ten meetings, a week apart, and the test before and after them.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : ExitPlan
        What happens in the programme.
    cases : DataFrame
        The case list.
    vintage : int
        The registers are complete before this day.

    Returns
    -------
    DataFrame
        person, day, theme (from 1; 0 for the test), is_after, score; sorted. The form after a theme is filled in at
        the next meeting; whoever leaves before it has only the one before.
    """
    courses = _courses(cases, vintage).filter(pl.col("guidance") < NEVER)
    courses = courses.filter(pl.Series(with_chance(rng, plan.psychology_share, courses.height)))
    n = courses.height
    first = courses["guidance"].to_numpy() + rng.integers(3, 12, n)
    meetings = first[:, np.newaxis] + _BETWEEN_MEETINGS_DAYS * np.arange(N_THEMES + 1)
    # Before and after each theme, and the test at the first and the last meeting.
    days = np.concatenate([meetings[:, :-1], meetings[:, 1:], meetings[:, [0, -1]]], axis=1)
    theme = np.concatenate([np.tile(np.arange(1, N_THEMES + 1), 2), [0, 0]])
    is_after = np.concatenate([np.repeat([False, True], N_THEMES), [False, True]])
    level = 5.0 + _BETWEEN_PERSONS * rng.standard_normal(n)
    score = _on_scale(rng, level[:, np.newaxis] + plan.psychology_change * is_after)
    which, form = np.nonzero(days < courses["until"].to_numpy()[:, np.newaxis])
    return pl.DataFrame(
        {
            "person": courses["person"].to_numpy()[which],
            "day": days[which, form],
            "theme": theme[form],
            "is_after": is_after[form],
            "score": score[which, form],
        }
    ).sort("person", "day", "theme", "is_after")


def _courses(cases: pl.DataFrame, vintage: int) -> pl.DataFrame:
    until = pl.min_horizontal(pl.col("discharged"), pl.lit(vintage))
    return cases.filter(pl.col("enrolled") < NEVER).with_columns(until=until)


def _compass_scores(
    rng: np.random.Generator, plan: ExitPlan, n_courses: int, which: Ints, share_of_change: Floats
) -> Ints:
    """Score every dimension on every day."""
    change = np.array([plan.compass_change[name] for name in COMPASS], np.float64)
    level = plan.compass_start + _BETWEEN_PERSONS * rng.standard_normal((n_courses, len(COMPASS)))
    return _on_scale(rng, level[which] + share_of_change.clip(0.0, 1.0)[:, np.newaxis] * change)


def _on_scale(rng: np.random.Generator, level: Floats) -> Ints:
    drawn = level + _BETWEEN_DAYS * rng.standard_normal(level.shape)
    score: Ints = np.rint(drawn).clip(_LOWEST, _HIGHEST).astype(np.int64)
    return score


def _with_missing(rng: np.random.Generator, plan: ExitPlan, measured: pl.DataFrame) -> pl.DataFrame:
    chance = rng.random(measured.height)
    blank = pl.Series((chance >= plan.compass_missing / 2) & (chance < plan.compass_missing))
    score = pl.when(blank).then(BLANK).otherwise("score")
    return measured.with_columns(score=score).filter(pl.Series(chance >= plan.compass_missing / 2))
