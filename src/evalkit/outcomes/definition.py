"""What counts as reoffending, when it happened, how long we look, and how long we wait for the decision."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from evalkit.config import Definition, Text
from evalkit.outcomes.calls import (
    ActsDated,
    Appeal,
    ClearedChargesCount,
    Clock,
    ConferredCasesCount,
    CustodyKinds,
    Deadline,
    Death,
    EventDate,
    Immature,
    IndexDayCounts,
    MissingOffenceDate,
    OffenceInterval,
    Residence,
    TieOrder,
    WaiversCount,
    WindowEndCounts,
)
from evalkit.outcomes.deadline import DecisionDeadline
from evalkit.outcomes.decision_classes import DecisionClassName

__all__ = ["Notes", "OffenceList", "OutcomeDefinition", "TrafficFines"]

_GUILTY: tuple[DecisionClassName, ...] = (
    "unsuspended",
    "partly_suspended",
    "measure",
    "community_service",
    "suspended",
    "judgment",
    "fine",
    "other",
    "waiver",
    "not_prosecuted",
)


class TrafficFines(Definition):
    """Small traffic fines that do not count as reoffending.

    Parameters
    ----------
    limit_dkk : float
        Fines under this amount do not count.
    limit_dkk_before : float
        The limit for decisions before `from_year`.
    from_year : int
        First calendar year of `limit_dkk`.
    """

    limit_dkk: float
    limit_dkk_before: float
    from_year: int


class OffenceList(Definition):
    """Which offences count.

    A code is the beginning of a nine-digit offence code (``"12"`` is all violence, ``"1380"`` robbery, ``"139077112"``
    one police code). What is excluded does not count even when it is included.

    Parameters
    ----------
    include : tuple of str
        Codes that count; all do when it is empty.
    exclude : tuple of str
        Codes that do not.
    unknown_counts : bool
        Whether an offence without a code counts when `include` names codes.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    unknown_counts: bool = False

    @model_validator(mode="after")
    def _are_codes(self) -> Self:
        if any(not code.isdecimal() or len(code) > len("139077112") for code in (*self.include, *self.exclude)):
            raise ValueError("an offence code is one to nine digits")
        return self


class Notes(Definition):
    """What is particular to a preset: sentences that no field says, and what its source leaves open.

    Parameters
    ----------
    da, en : tuple of str
        Sentences.
    """

    da: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class OutcomeDefinition(Definition):
    """A definition of reoffending: every judgement call is a field.

    :mod:`~.answers` says what each answer means.

    Parameters
    ----------
    name : str
        Machine name.
    label : Text
        The event, for readers.
    title : Text
        The definition, for readers.
    source : str
        Where it comes from.
    event : {"guilty_decision", "charge", "custody"}
        What must have happened.
    event_date : {"offence_date", "decision_date", "charge_date", "admission_date"}
        Which day dates it. By the day of the offence pseudo-reconvictions are out and late convictions in; by the day
        of the decision it is the other way round.
    follow_up_months : int
        Planned follow-up.
    decision_deadline : DecisionDeadline
        By when the decision (of a charge: the charge) must have fallen.
    decisions : tuple of str
        Classes of decisions that count.
    waivers_count : bool
        Whether a waived prosecution (tiltalefrafald) counts among them.
    offences : OffenceList
        Which offences count.
    traffic_fines : TrafficFines, optional
        Traffic fines under a limit do not count.
    conferred_cases_count : bool
        Whether cases decided under another case (KRKO) count.
    cleared_charges_count : bool
        For charges: whether one counts whose case was found not guilty.
    custody_kinds : tuple of str
        For custody: kinds of stay that count.
    index_day_counts, window_end_counts : bool
        Whether an event on the index day, or on the last day of follow-up, counts.
    missing_offence_date : {"decision_date", "charge_date", "leave_out"}
        What dates an offence whose day is unknown.
    offence_interval : {"start", "end"}
        Which day dates an offence that lasted.
    acts_dated : {"own", "case"}
        Each charged act by its own day, or all by the first act of their case.
    appeal : {"latest_in_time", "latest", "first"}
        Which of a case's decisions stands: the latest by the deadline, the latest of all, or the first.
    tie_order : tuple of str
        What comes first of what falls on one day.
    residence : {"until_emigration", "resident_throughout", "ignored"}
        Whether those who emigrate are followed until then, left out, or followed on as if at home.
    death : {"competes", "censors"}
        Whether death is a competing event.
    clock : {"calendar", "at_risk"}
        Whether time in custody after the index date counts as time.
    immature : {"refuse", "provisional"}
        What is done with persons whose decisions cannot all be in.
    provisional_from : float
        Least expected completeness of a cohort that is provisional and not too early.
    start_populations : tuple of Text
        From what the source starts the clock; information, the study's cohort decides.
    notes : Notes
        Further sentences.
    preset : str, optional
        The preset it began from, when a study changed something.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    title: Text
    source: str
    event: Literal["guilty_decision", "charge", "custody"] = "guilty_decision"
    event_date: EventDate = "offence_date"
    follow_up_months: int = Field(ge=1)
    decision_deadline: Deadline = DecisionDeadline(calendar_years=3)
    decisions: tuple[DecisionClassName, ...] = Field(default=_GUILTY, min_length=1)
    waivers_count: WaiversCount = True
    offences: OffenceList = OffenceList()
    traffic_fines: TrafficFines | None = None
    conferred_cases_count: ConferredCasesCount = True
    cleared_charges_count: ClearedChargesCount = True
    custody_kinds: CustodyKinds = ("remand", "serving")
    index_day_counts: IndexDayCounts = False
    window_end_counts: WindowEndCounts = True
    missing_offence_date: MissingOffenceDate = "decision_date"
    offence_interval: OffenceInterval = "start"
    acts_dated: ActsDated = "own"
    appeal: Appeal = "latest_in_time"
    tie_order: TieOrder = ("event", "death", "censoring")
    residence: Residence = "until_emigration"
    death: Death = "competes"
    clock: Clock = "calendar"
    immature: Immature = "refuse"
    provisional_from: float = Field(default=0.8, gt=0, lt=1)
    start_populations: tuple[Text, ...] = ()
    notes: Notes = Notes()
    preset: str | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        allowed = {
            "guilty_decision": {"offence_date", "decision_date"},
            "charge": {"offence_date", "charge_date"},
            "custody": {"admission_date"},
        }[self.event]
        if self.event_date not in allowed:
            raise ValueError(f"{self.event} is dated by {' or '.join(sorted(allowed))}")
        if sorted(self.tie_order) != ["censoring", "death", "event"]:
            raise ValueError("tie_order names event, death and censoring once each")
        if {"not_guilty", "not_counted"} & set(self.decisions):
            raise ValueError("decisions names a class that is no finding of guilt")
        return self

    @property
    def horizon_days(self) -> int:
        """Days of the longest possible follow-up window, the time at which the risk is read."""
        return max(_days_in_months(start, self.follow_up_months) for start in range(48))

    @property
    def counted_decisions(self) -> tuple[DecisionClassName, ...]:
        """The classes of decisions that count, waivers only where they do."""
        return tuple(name for name in self.decisions if name != "waiver" or self.waivers_count)

    def follow_up_end(self, index_date: date) -> date:
        """Return the last day of follow-up.

        Parameters
        ----------
        index_date : date
            The day that starts the clock.

        Returns
        -------
        date
            The same day of the month, or the month's last.
        """
        return _add_months(index_date, self.follow_up_months)

    def decided_before(self, index_date: date) -> date:
        """Return the first day on which a decision is too late.

        Parameters
        ----------
        index_date : date
            The day that starts the clock.

        Returns
        -------
        date
            The day after the last one that counts.
        """
        deadline, end = self.decision_deadline, self.follow_up_end(index_date)
        if deadline.calendar_years is not None:
            return date(index_date.year + deadline.calendar_years + 1, 1, 1)
        return _add_months(end, deadline.months_after_follow_up or 0) + timedelta(
            1 + (deadline.days_after_follow_up or 0)
        )

    def observed_before(self, vintage: date) -> date:
        """Return the first day on which events are not yet known well enough: the vintage less the wait for decisions.

        Parameters
        ----------
        vintage : date
            The data are complete before this day.

        Returns
        -------
        date
            With a rule of calendar years the wait is the shortest that the rule allows.
        """
        deadline = self.decision_deadline
        months = deadline.months_after_follow_up or 0
        if deadline.calendar_years is not None:
            months = max(12 * deadline.calendar_years - self.follow_up_months, 0)
        return _add_months(vintage, -months) - timedelta(deadline.days_after_follow_up or 0)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _days_in_months(start: int, months: int) -> int:
    """Days of the months after the `start`-th month of a leap-year cycle."""
    first, last = (date(2000 + month // 12, month % 12 + 1, 1) for month in (start, start + months))
    return (last - first).days
