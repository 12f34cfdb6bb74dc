"""The truth of the Exit programme: what an evaluation of its extracts should find.

Everything is counted in the generator's own tables, by rules written down here; nothing of it passes through
evalkit's pipeline. What comes on the day of the vintage or later is not known.

A person counts once, with the first enrolment; who never was enrolled, with the first referral.

Ends. Completed, broken off by the person or by the programme, died, or open: enrolled and not discharged. By month
since enrolment: discharged on the same day so many months later, or before.

Not charged. Enrolled without a charge for an offence of the preset exit_2012 from the day of enrolment to the day
before discharge, or to the vintage.

Not convicted. Ended, alive and in the country on the day of discharge. Those are mature whose 24 months end before
the vintage. Of them, what came first, in this order on one day: a decision of the preset (a sentence, suspended or
not, or a fine) for one of its offences, after the day of discharge and at most 24 months later (the same day of the
month, or the month's last), whenever the offence was; death; leaving the country. Of two decisions of a case the
later one stands if it falls within the 24 months, else the first.

Offers. On the day three calendar months after an offer of employment ended: employed (a paid hour in that calendar
month), else in education; open where the offer or the registers do not reach that day.

Plans. Completed, and had an activity for education or employment planned or begun on the day of discharge or before:
continuing where such an activity was under way (begun, and not ended: half-open) on a day from discharge to 30 days
later. No such activity is no plan recorded. Open where those 30 days are not over before the vintage.

Change. Persons with two scores of a dimension on different days: the mean of the last less the first, over all their
cases. A theme of life psychology and the test are dimensions, too.

Cadence. A contact is one that is not said to have been missed. In the course: enrolled, and out of guidance (outro or
discharge) before the vintage; never more than ten days from enrolment to a contact, to the next, or to the end of
guidance. After it: ended other than by death, with three calendar months, or follow-up if that was shorter, over
before the vintage; never more than a calendar month from discharge to a contact, to the next, or to the end of that
time. Later: follow-up went on after those three months and ended before the vintage; never more than three calendar
months from the end of the first three to a contact, to the next, or to the end of follow-up.

Days. Of enrolled persons' days from enrolment to discharge or the vintage, those in a stay of remand, in another
stay, and free. A stay is one of remand where the sentence after it had not begun before the vintage.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.config import Definition
from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Ints, add_months, day_number
from evalkit.synthetic.exit_cadence import after_discharge, in_course, later_after_discharge
from evalkit.synthetic.exit_cases import ExitTables
from evalkit.synthetic.exit_courses import COMPLETED, DIED
from evalkit.synthetic.exit_crime import ConvictionTruth, convictions_of, followed, not_charged
from evalkit.synthetic.exit_follow_up import offers_of, plans_of
from evalkit.synthetic.exit_measurements import BLANK
from evalkit.synthetic.exit_scenario import COMPASS
from evalkit.synthetic.reached import Reached
from evalkit.synthetic.world import World

__all__ = ["ChangeTruth", "ExitTruth", "exit_truth"]

_ENDS = ("completed", "interrupted_by_person", "interrupted_by_programme", "died")
_MONTHS = range(1, 13)


class ChangeTruth(Definition):
    """Change of one dimension.

    Parameters
    ----------
    n_pairs : int
        Persons with a first and a later score.
    mean_change : float
        The last less the first.
    """

    n_pairs: int
    mean_change: float


class ExitTruth(Definition):
    """The Exit programme, counted by the rules of :mod:`~.exit_truth`.

    Parameters
    ----------
    n_cases, n_referred, n_enrolled : int
        Cases; persons referred; persons enrolled.
    ends : dict
        End to persons; adds up to `n_enrolled`.
    ended_by_month : dict
        ``"completed"`` and ``"interrupted"`` to months since enrolment, ``"1"`` to ``"12"``, to persons ended by then.
    not_charged : Reached
        Of those enrolled.
    not_convicted : ConvictionTruth
        Of those ended.
    offers, plans : dict
        State to persons.
    compass, psychology : dict
        Dimension to change; of psychology ``"theme_1"`` to ``"theme_10"`` and ``"test"``.
    compass_mature : dict
        The same of the mature of `not_convicted` only.
    cadence, follow_up, later_follow_up : Reached
        Contacts often enough in intro and guidance, in the first three months after discharge, and from then on.
    days : dict
        ``"free"``, ``"remand"`` and ``"serving"`` to days.
    """

    n_cases: int
    n_referred: int
    n_enrolled: int
    ends: dict[str, int]
    ended_by_month: dict[str, dict[str, int]]
    not_charged: Reached
    not_convicted: ConvictionTruth
    offers: dict[str, int]
    plans: dict[str, int]
    compass: dict[str, ChangeTruth]
    compass_mature: dict[str, ChangeTruth]
    psychology: dict[str, ChangeTruth]
    cadence: Reached
    follow_up: Reached
    later_follow_up: Reached
    days: dict[str, int]


def exit_truth(world: World, tables: ExitTables) -> ExitTruth:
    """Count the truth.

    Parameters
    ----------
    world : World
        What happened besides the programme.
    tables : ExitTables
        What happened in it.

    Returns
    -------
    ExitTruth
        What an evaluation should find.
    """
    persons = tables.cases.sort("person", "enrolled", "referred").unique("person", keep="first", maintain_order=True)
    enrolled = persons.filter(pl.col("enrolled") < NEVER)
    vintage = day_number(world.scenario.calendar.vintage)
    _, mature = followed(world, enrolled)
    names: dict[int, str] = dict(enumerate(COMPASS))
    forms = tables.psychology.rename({"theme": "dimension"})
    themes = {place: f"theme_{place}" if place else "test" for place in range(11)}
    return ExitTruth(
        n_cases=tables.cases.height,
        n_referred=persons.height,
        n_enrolled=enrolled.height,
        ends=_ends(enrolled),
        ended_by_month=_by_month(enrolled),
        not_charged=not_charged(world, enrolled),
        not_convicted=convictions_of(world, enrolled),
        offers=offers_of(world, enrolled),
        plans=plans_of(world, tables.plans.activities, enrolled),
        compass=_changes(tables.compass, names),
        compass_mature=_changes(tables.compass.join(mature, on="person", how="semi"), names),
        psychology=_changes(forms, themes),
        cadence=in_course(tables.contacts, enrolled, vintage),
        follow_up=after_discharge(tables.contacts, enrolled, vintage),
        later_follow_up=later_after_discharge(tables.contacts, enrolled, vintage),
        days=_days(world, enrolled, vintage),
    )


def _ends(enrolled: pl.DataFrame) -> dict[str, int]:
    reason = enrolled["reason"]
    return {name: int((reason == place).sum()) for place, name in enumerate(_ENDS)} | {"open": int((reason < 0).sum())}


def _by_month(enrolled: pl.DataFrame) -> dict[str, dict[str, int]]:
    reason, discharged = enrolled["reason"].to_numpy(), enrolled["discharged"].to_numpy()
    which = {"completed": reason == COMPLETED, "interrupted": (reason > COMPLETED) & (reason < DIED)}
    start = enrolled["enrolled"].to_numpy()
    return {
        name: {str(month): int((ended & (discharged <= add_months(start, month))).sum()) for month in _MONTHS}
        for name, ended in which.items()
    }


def _changes(measured: pl.DataFrame, names: dict[int, str]) -> dict[str, ChangeTruth]:
    scores = measured.filter(pl.col("score") != BLANK).sort("person", "dimension", "day")
    last = pl.col("day").last() > pl.col("day").first()
    change = (pl.col("score").last() - pl.col("score").first()).alias("change")
    pairs = scores.group_by("person", "dimension", maintain_order=True).agg(change, last.alias("is_pair"))
    pairs = pairs.filter("is_pair")
    changes = {name: pairs.filter(pl.col("dimension") == place)["change"].to_numpy() for place, name in names.items()}
    return {
        name: ChangeTruth(n_pairs=change.size, mean_change=round(float(change.mean()), 6) if change.size else 0.0)
        for name, change in changes.items()
    }


def _days(world: World, enrolled: pl.DataFrame, vintage: int) -> dict[str, int]:
    until = pl.min_horizontal("discharged", pl.lit(vintage))
    courses = enrolled.select("person", "enrolled", until.alias("until"))
    stays = courses.join(world.stays.select("person", "admission", "serving_start", "release", "kind"), on="person")
    start = np.maximum(stays["admission"].to_numpy(), stays["enrolled"].to_numpy())
    inside: Ints = (np.minimum(stays["release"].to_numpy(), stays["until"].to_numpy()) - start).clip(0)
    not_yet = (stays["kind"] == int(StayKind.REMAND_SERVING)) & (stays["serving_start"] >= vintage)
    is_remand = (not_yet | (stays["kind"] == int(StayKind.REMAND))).to_numpy()
    days = {"remand": int(inside[is_remand].sum()), "serving": int(inside[~is_remand].sum())}
    return days | {"free": int((courses["until"] - courses["enrolled"]).sum()) - sum(days.values())}
