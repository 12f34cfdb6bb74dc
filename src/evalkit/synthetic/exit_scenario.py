"""The Exit programme in a scenario: who is referred, how the phases run, and what is planted in them."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, Self, get_args

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from evalkit.config import Definition
from evalkit.synthetic.models import Share

__all__ = ["COMPASS", "DECISIONS", "DISCHARGES", "ExitPlan", "Span"]

Dimension = Literal[
    "vold",
    "familie_netvaerk",
    "beskaeftigelse_uddannelse",
    "interesser_fritid",
    "bolig",
    "kriminalitet",
    "oekonomi",
    "fysisk_helbred",
    "psykisk_helbred",
    "rusmidler",
]
COMPASS: Final[tuple[Dimension, ...]] = get_args(Dimension)
"""The ten dimensions, in the programme's order."""


Decision = Literal["indskrevet", "afvist", "henvist_videre", "afslaaet"]
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
"""What visitation comes to."""

Discharge = Literal["gennemfoert", "afbrudt_frivilligt", "afbrudt_ufrivilligt"]
DISCHARGES: Final[tuple[Discharge, ...]] = get_args(Discharge)
"""How a course ends that nothing comes between."""


class Span(Definition):
    """How long something takes, in days.

    Parameters
    ----------
    least, mean, most : float
        Drawn between the first and the last, with the mean between them.
    """

    least: PositiveFloat
    mean: PositiveFloat
    most: PositiveFloat

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.least < self.mean < self.most:
            raise ValueError("least, mean and most must follow each other")
        return self


class ExitPlan(Definition):
    """What happens in the Exit programme.

    Parameters
    ----------
    referred_from, referred_until : date
        When people are referred, half-open.
    youngest, oldest : int
        Completed years at referral.
    referral_share : float
        Of those who live in a pilot municipality at such an age, and have a case in the registers.
    elsewhere_share : float
        The same of those who live in another municipality, which must promise to pay.
    decisions : dict
        What visitation comes to, with shares.
    blank_criteria : float
        Criteria that nobody answered.
    visitation, intro, guidance, outro : Span
        The phases that end with discharge.
    longest_days : int
        From enrolment to discharge at most; guidance gives way.
    discharge : dict
        How a course ends if nothing comes between, with shares.
    again_share : float
        Of those who broke off and were released from a sentence later, while young enough: enrolled again.
    offer_share, offer_ended_share : float
        Enrolled with an offer of the act on active employment; of the offers, those with a day on which they ended.
    compass_start : float
        Mean of the first measurement, on a scale from 1 to 10.
    compass_change : dict
        Planted change of each dimension over a completed course, before rounding and the ends of the scale.
    compass_missing : float
        Measurements of a dimension that are not there or blank.
    psychology_share : float
        Of those who reach guidance, who begin the course in life psychology.
    psychology_change : float
        Planted change of each theme and of the test.
    cadence_kept, follow_up_kept : float
        Persons met as often as the programme says: in intro and guidance, and after discharge.
    missed_share : float
        Appointments that were not kept, of all before discharge: they are no contacts.
    plan_share : float
        Enrolled with a plan.
    work_plan_share : float
        Plans with an activity for education or employment.
    plan_goes_on : float
        Of completers' activities for education or employment, those that go on for at least 30 days after discharge.
    """

    referred_from: date
    referred_until: date
    youngest: PositiveInt
    oldest: PositiveInt
    referral_share: Share
    elsewhere_share: Share
    decisions: dict[Decision, Share]
    blank_criteria: Share
    visitation: Span
    intro: Span
    guidance: Span
    outro: Span
    longest_days: PositiveInt
    discharge: dict[Discharge, Share]
    again_share: Share
    offer_share: Share
    offer_ended_share: Share
    compass_start: float = Field(ge=1, le=10)
    compass_change: dict[Dimension, float] = Field(min_length=10)
    compass_missing: Share
    psychology_share: Share
    psychology_change: float
    cadence_kept: Share
    follow_up_kept: Share
    missed_share: Share
    plan_share: Share
    work_plan_share: Share
    plan_goes_on: Share
