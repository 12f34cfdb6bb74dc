"""The parts of a scenario: each is one topic of the made-up world, every number with its source in the TOML file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from evalkit.config import Definition
from evalkit.synthetic.days import Bools, Floats

__all__ = [
    "BrokenKind",
    "ByOffer",
    "Calendar",
    "Courts",
    "Custody",
    "Geography",
    "JobUpdate",
    "Labour",
    "Offending",
    "People",
    "Plans",
    "Programme",
    "ReleaseWork",
    "Reoffending",
    "Share",
    "Traps",
]

Share = Annotated[float, Field(ge=0, le=1)]
LogNormal = tuple[PositiveFloat, PositiveFloat]
"""Median in days, and sigma of the logarithm."""
BrokenKind = Literal["impossible_date", "release_before_admission", "missing_pnr", "not_a_number"]


class ByOffer(Definition):
    """A share among those who were offered the programme, and among all others.

    Parameters
    ----------
    offered, other : float
        Shares.
    """

    offered: Share
    other: Share

    def chance(self, is_offered: Bools) -> Floats:
        """Return each one's share.

        Parameters
        ----------
        is_offered : bool array, shape (n,)
            Who was offered the programme.

        Returns
        -------
        float array, shape (n,)
            Shares.
        """
        return np.where(is_offered, self.offered, self.other)


class Calendar(Definition):
    """The registers' period and the window of releases that the programme covers.

    Parameters
    ----------
    register_start, vintage : date
        First day of the registers; the day before which they are complete.
    window_start, window_end : date
        Releases that may be offered the programme, half-open.
    """

    register_start: date
    vintage: date
    window_start: date
    window_end: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.register_start < self.window_start < self.window_end < self.vintage:
            raise ValueError("register_start, window_start, window_end, vintage must follow each other")
        return self


class Geography(Definition):
    """Where people live and move.

    Parameters
    ----------
    pilots : tuple of str
        The pilot municipalities' codes; none where the programme is for the whole country.
    pilot_share : float
        Share of the persons in each pilot; the others share the rest by inhabitants.
    first_move_share, second_move_share : float
        Persons who move at least once, and of those again.
    """

    pilots: tuple[str, ...]
    pilot_share: Share
    first_move_share: Share
    second_move_share: Share


class People(Definition):
    """Who is in the registers: sex, age, origin, history, and how people leave them. Ages in years."""

    custody_share: Share
    women_custody: Share
    women_other: Share
    youngest_age: PositiveFloat
    age_shape: PositiveFloat
    age_scale: PositiveFloat
    origin_shares: tuple[Share, Share, Share]
    without_youth_education: Share
    without_bef_share: Share
    yearly_mortality: Share
    prior_convictions_mean: PositiveFloat
    first_offence_until: date
    first_fine_until: date
    emigration_share: Share
    return_share: Share


class Reoffending(Definition):
    """Log-normal time to the next offence, in years, and what moves it.

    Parameters
    ----------
    published_months, published_risk : tuple
        The published share with a new offence by so many months, which the comparison arm must come out at.
    location, sigma : float
        Mean and standard deviation of the logarithm of the years, for a person of mean covariates.
    per_decade_of_age, per_log_prior, works, continues_plan, takes_part, not_from_custody, fined_only : float
        What is added to the logarithm of the years.
    """

    published_months: tuple[PositiveInt, ...]
    published_risk: tuple[Share, ...]
    location: float
    sigma: PositiveFloat
    per_decade_of_age: float
    per_log_prior: float
    works: float
    continues_plan: float
    takes_part: float
    not_from_custody: float
    fined_only: float


class Offending(Definition):
    """Series of offences and whether they end in custody."""

    single_share: Share
    further_mean: PositiveFloat
    further_mean_fined: PositiveFloat
    days_between_mean: PositiveFloat
    most: PositiveInt
    custody_again_share: Share
    most_series: PositiveInt


class Courts(Definition):
    """From offence to charge to decision; decision types are AFG_AFGTYPKO codes with shares."""

    charge_delay_median_days: PositiveFloat
    charge_delay_sigma: PositiveFloat
    decision_delay_median_days: PositiveFloat
    decision_delay_sigma: PositiveFloat
    missing_charge_share: Share
    appeal_share: Share
    appeal_turned_share: Share
    guilty_codes: dict[str, Share]
    not_guilty_codes: dict[str, Share]
    not_guilty_share: Share
    offences: dict[str, Share]


class Custody(Definition):
    """Stays in custody: their kinds, lengths in days (median, sigma) and how they end."""

    kinds: dict[Literal["remand", "remand_serving", "serving", "home"], Share]
    remand_only: LogNormal
    remand_before_serving: LogNormal
    serving_after_remand: LogNormal
    serving: LogNormal
    home: LogNormal
    summons_days: LogNormal
    parole_share: Share
    parole_min_days: PositiveInt
    strict_parole_share: Share
    transfers_mean: float = Field(ge=0)
    other_case_share: Share
    arrest_share: Share
    fine_stays_share: Share
    hjem_share: Share


StayName = Literal["remand", "remand_serving", "serving"]


class Programme(Definition):
    """Whom a programme is for, its offers in the pilot municipalities, and what comes of them.

    Parameters
    ----------
    compares : bool
        The truth has the arms ``pilot`` (offered) and ``comparison`` (from other municipalities); else one arm,
        ``pilot``, of all who were released.
    stays : tuple of str
        The stays that it is for.
    age_years : tuple of int
        The youngest and the oldest whom it is for, in completed years on the day of release.
    offer_share : float
        Of the pilots' residents released from such stays of at least `offer_min_days`.
    offer_min_days : int
        Days of a stay.
    accept_share : float
        Of those offered.
    contacts_per_week_in_custody, contacts_per_week_after_release : float
        Of those enrolled, with the programme's consultants.
    days_after_release_median : float
        Of the courses that are completed.
    discharge : dict
        How courses end to shares.
    """

    compares: bool = True
    stays: tuple[StayName, ...] = ("remand", "remand_serving", "serving")
    age_years: tuple[int, int] = (18, 120)
    offer_share: Share
    offer_min_days: PositiveInt
    accept_share: Share
    contacts_per_week_in_custody: float = Field(ge=0)
    contacts_per_week_after_release: float = Field(ge=0)
    days_after_release_median: PositiveFloat
    discharge: dict[Literal["gennemfoert", "afbrudt", "flyttet"], Share]


class ReleaseWork(Definition):
    """What the prison service and the municipality do before a release, for the offered and for all others.

    Parameters
    ----------
    three_party, talks : ByOffer
        Stays with a three-party meeting agreed; with two or three talks agreed, besides those with consultants.
    missed_share : float
        Meetings and talks that the person does not come to.
    told_of_admission, told_of_transfer : ByOffer
        Stays, and moves to another facility, of which the municipality is told within days.
    signed : ByOffer
        Plans of the prison service that are signed in custody.
    case_at_admission : float
        Stays of persons whom the municipality has a case on.
    case_kept_open : ByOffer
        Of those, cases that stay open until release.
    shared_area : ByOffer
        Municipal plans made before release that take up an area of the prison service's plan.
    settled : ByOffer
        Activities of municipal plans that are completed by release.
    benefit_in_release_week : ByOffer
        Those on benefits after release who get it for the week of release already.
    """

    three_party: ByOffer
    talks: ByOffer
    missed_share: Share
    told_of_admission: ByOffer
    told_of_transfer: ByOffer
    signed: ByOffer
    case_at_admission: Share
    case_kept_open: ByOffer
    shared_area: ByOffer
    settled: ByOffer
    benefit_in_release_week: ByOffer


class Plans(Definition):
    """Plans made in custody, their activities, and what goes on after release; times in days."""

    recorded_offered: Share
    recorded_other: Share
    continues_offered: Share
    continues_other: Share
    resume_within_days: PositiveInt
    late_until_days: PositiveInt
    kept_days_median_offered: PositiveFloat
    kept_days_median_other: PositiveFloat
    kept_days_sigma: PositiveFloat
    municipal_plan_offered: Share
    municipal_plan_other: Share
    domains: dict[str, Share]


class Labour(Definition):
    """Work, education and benefits; benefits are DREAM codes with shares."""

    start_monthly: Share
    stop_monthly: Share
    work_after_release_other: Share
    work_after_release_offered: Share
    start_monthly_works: Share
    zero_hours_share: Share
    second_job_share: Share
    study_after_release_other: Share
    study_after_release_offered: Share
    study_share: Share
    student_grant_share: Share
    no_benefit_share: Share
    benefits: dict[str, Share]
    disability_pension_share: Share
    flexjob_share: Share
    supplementary_share: Share


class Traps(Definition):
    """What real extracts hold that an evaluation must not fall into."""

    minor_traffic_mean: float = Field(ge=0)
    lone_acquittal_share: Share
    late_decision_share: Share
    not_cpr_rows: Share
    broken_rows: dict[Literal["krin", "krsi", "kraf", "dod", "bfl"], dict[BrokenKind, int]]

    def broken_of(self, layout: str) -> dict[BrokenKind, int]:
        """Return how many rows of a layout are broken, by kind.

        Parameters
        ----------
        layout : str
            The register.

        Returns
        -------
        dict
            Empty where none are.
        """
        return next((kinds for name, kinds in self.broken_rows.items() if name == layout), {})


class JobUpdate(Definition):
    """JobUpdate's list of referrals, in counts.

    Parameters
    ----------
    ends : dict
        Result and, for ``andet``, its reason, as ``"result"`` or ``"result/reason"``, to persons.
    n_open : int
        Persons for whom it goes on.
    n_match_group_2_3, n_transfer_income, n_returners : int
        Of all those referred.
    days_to_end : tuple
        From the fourteenth day to the end: median, and sigma of the logarithm.
    """

    ends: dict[str, PositiveInt]
    n_open: NonNegativeInt
    n_match_group_2_3: NonNegativeInt
    n_transfer_income: NonNegativeInt
    n_returners: NonNegativeInt
    days_to_end: LogNormal

    @property
    def n_referred(self) -> int:
        """All who were referred."""
        return sum(self.ends.values()) + self.n_open
