"""When the clock starts, and who stands in which arm."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalkit.cohorts.stays import StayChoices
from evalkit.config import Text
from evalkit.judgement import Judgement

__all__ = ["ArmChoices", "IndexEvent"]

IndexEvent = Literal["release", "admission", "offer", "programme_start", "programme_end"]

_PROGRAMME_EVENTS = ("offer", "programme_start", "programme_end")


class ArmChoices(StayChoices):
    """The judgement calls about time zero and about the arms; every one is a key of ``[cohort]`` in the study file.

    Parameters
    ----------
    index_event : {"release", "admission", "offer", "programme_start", "programme_end"}
        What starts the clock. Comparison persons have no offer: for the last three, `comparison_index_day` stands in.
    landmark_days : int
        The index date is so many days after the index event, in both arms. What happened by then may decide the arm;
        who died or left the country by then is not in the study.
    index_start, index_end : date
        Index dates in ``[index_start, index_end)``.
    pilot_municipalities : tuple of str
        Municipality codes; none, wherever people live, only without a comparison.
    residence_at : {"admission", "index_date"}
        When residence is read: it decides the arm.
    exposure : {"offered", "took_part", "resident"}
        Who is in the pilot arm of those who live in a pilot municipality: all who were offered the programme, those who
        took part, or everybody.
    min_participation_days : int
        For `took_part`: least days enrolled by the index date.
    participation_from : {"enrolment", "release"}
        For `took_part`: whether days before the release count. Days after release lie after time zero unless
        `landmark_days` moves it.
    comparison : {"other_municipalities", "pre_period", "none"}
        Where the comparison arm comes from: other municipalities at the same time, or the pilot municipalities before.
        Without one the study has the pilot arm alone, and says nothing about what the programme changed.
    comparison_start, comparison_end : date, optional
        For `pre_period`: index dates in ``[comparison_start, comparison_end)``, before `index_start`.
    comparison_index_day : int, optional
        For an index event of the programme: the day of the stay, counted from admission, that stands in for it in the
        comparison arm, who must still be inside; for `programme_end` the day after release.
    episodes : {"first", "all"}
        Each person's first eligible index event, or all of them; the cluster is then the person.
    """

    index_event: Annotated[
        IndexEvent,
        Judgement(
            label=Text(da="Hvad der starter uret", en="What starts the clock"),
            reason=Text(
                da="Løsladelsen har begge grupper, og først da er der tid i frihed at følge.",
                en="Both groups have a release, and only then is there time at liberty to follow.",
            ),
        ),
    ] = "release"
    landmark_days: Annotated[
        int,
        Judgement(
            label=Text(da="Dage fra hændelsen til uret starter", en="Days from the event until the clock starts"),
            reason=Text(
                da="Uden udskydelse tæller alt fra første dag.",
                en="Without delay everything counts from the first day.",
            ),
        ),
    ] = Field(default=0, ge=0)
    index_start: date
    index_end: date
    pilot_municipalities: tuple[str, ...] = ()
    residence_at: Annotated[
        Literal["admission", "index_date"],
        Judgement(
            label=Text(da="Hvornår bopælskommunen aflæses", en="When the municipality of residence is read"),
            reason=Text(
                da="Indsatsen kan selv flytte folk; før indsættelsen kunne den ikke.",
                en="The programme can itself move people; before admission it could not.",
            ),
        ),
    ] = "admission"
    exposure: Annotated[
        Literal["offered", "took_part", "resident"],
        Judgement(
            label=Text(da="Hvem pilotgruppen er", en="Who the pilot group is"),
            reason=Text(
                da="Tilbuddet er det, en kommune bestemmer; hvem der tager imod det, er ikke tilfældigt.",
                en="The offer is what a municipality decides; who takes it up is not by chance.",
            ),
        ),
    ] = "offered"
    min_participation_days: Annotated[
        int,
        Judgement(
            label=Text(da="Dage i indsatsen, der er deltagelse", en="Days in the programme that are taking part"),
            reason=Text(da="Kortere er en prøve på den.", en="Less is a trial of it."),
        ),
    ] = Field(default=30, ge=1)
    participation_from: Annotated[
        Literal["enrolment", "release"],
        Judgement(
            label=Text(da="Hvilke dage i indsatsen, der tæller", en="Which days in the programme count"),
            reason=Text(
                da="Dage før løsladelsen er kendt, når uret starter.",
                en="Days before release are known when the clock starts.",
            ),
        ),
    ] = "enrolment"
    comparison: Annotated[
        Literal["other_municipalities", "pre_period", "none"],
        Judgement(
            label=Text(da="Hvem der sammenlignes med", en="Who the comparison is"),
            reason=Text(da="Samme kalendertid, samme reformer.", en="The same calendar time, the same reforms."),
        ),
    ] = "other_municipalities"
    comparison_start: date | None = None
    comparison_end: date | None = None
    comparison_index_day: int | None = Field(default=None, ge=0)
    episodes: Annotated[
        Literal["first", "all"],
        Judgement(
            label=Text(da="Første løsladelse eller alle", en="First release or all"),
            reason=Text(
                da="Én række pr. person er den enkleste optælling; gengangere fylder ikke mere end andre.",
                en="One row a person is the plainest count; those who return do not weigh more than others.",
            ),
        ),
    ] = "first"

    @model_validator(mode="after")
    def _window_is_forward(self) -> ArmChoices:
        if self.index_start >= self.index_end:
            raise ValueError("index_start must lie before index_end")
        return self

    @model_validator(mode="after")
    def _offers_lie_before_time_zero(self) -> ArmChoices:
        if self.index_event == "admission" and self.exposure != "resident" and not self.landmark_days:
            raise ValueError(
                f'exposure = "{self.exposure}" reads offers made after admission, which is time zero: move it with '
                'landmark_days, or let exposure be "resident"'
            )
        return self

    @model_validator(mode="after")
    def _participation_lies_before_time_zero(self) -> ArmChoices:
        if self.exposure != "took_part" or self.landmark_days >= self.min_participation_days:
            return self
        if self.participation_from == "release":
            raise ValueError(
                "taking part after release is known only after time zero (immortal time): let landmark_days be at "
                f"least {self.min_participation_days}, or count the days from enrolment"
            )
        if self.index_event in {"offer", "programme_start"}:
            raise ValueError(
                f"nobody has taken part for {self.min_participation_days} days when the programme is offered or "
                f"starts (immortal time): let landmark_days be at least {self.min_participation_days}"
            )
        return self

    @model_validator(mode="after")
    def _comparison_has_its_dates(self) -> ArmChoices:
        if self.comparison != "none" and not self.pilot_municipalities:
            raise ValueError("pilot_municipalities: a comparison needs at least one")
        if self.comparison != "pre_period":
            if self.comparison_start or self.comparison_end:
                raise ValueError('comparison_start and comparison_end go with comparison = "pre_period"')
        elif self.comparison_start is None or self.comparison_end is None:
            raise ValueError('comparison = "pre_period" needs comparison_start and comparison_end')
        elif not self.comparison_start < self.comparison_end <= self.index_start:
            raise ValueError("comparison_start, comparison_end and index_start must follow each other")
        return self

    @model_validator(mode="after")
    def _comparison_has_its_day(self) -> ArmChoices:
        needed = self.index_event in _PROGRAMME_EVENTS and self.comparison != "none"
        if needed != (self.comparison_index_day is not None):
            raise ValueError(
                "comparison_index_day goes with the index events offer, programme_start and programme_end, which "
                "comparison persons do not have"
            )
        return self
