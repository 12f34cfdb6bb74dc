"""Norway in a scenario: prisons, the qualification programme and what is in place on the day of release."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from evalkit.config import Definition
from evalkit.synthetic.models import Calendar, LogNormal, Share

__all__ = ["DOMAINS", "EXIT_STATES", "GROUNDS", "SENTENCE_EXITS", "NorwayPlan"]

Domain = Literal["bolig", "uddannelse", "beskaeftigelse", "behandling", "helbred", "oekonomi", "netvaerk"]
ExitState = Literal[
    "AVSL_ORDINAERTARB",
    "AVSL_ARBLONNSTILS",
    "AVSL_ARBMARK",
    "AVSL_SKOLE",
    "AVSL_UFORE",
    "AVSL_AAP",
    "AVSL_OK_AVKLAR",
    "AVSL_UTEN_OK_AVKLAR",
    "AVSL_ANNET",
    "AVSL_UKJENT",
]
Ground = Literal["remand", "remand_sentence", "sentence", "fine"]
SentenceExit = Literal["proveloslatelse", "endt_straff", "hjemmesoning", "dod"]
State = Literal["1", "2", "3", "4", "14"]
Status = Literal["3", "4", "5", "7"]
Municipality = Annotated[str, Field(pattern=r"^\d{4}$")]

DOMAINS: Final[tuple[Domain, ...]] = get_args(Domain)
"""Areas of plans."""
EXIT_STATES: Final[tuple[ExitState, ...]] = get_args(ExitState)
"""What a programme can end in, in the order of form 11CF."""
GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)
"""What a stay is for."""
SENTENCE_EXITS: Final[tuple[SentenceExit, ...]] = get_args(SentenceExit)
"""How a sentence ends."""


class NorwayPlan(Definition):
    """What happens in Norway: stays in prison, and what people come out to.

    Parameters
    ----------
    calendar : Calendar
        The registers' period and the window of releases.
    municipalities : dict
        Codes of the municipalities that people come from, with shares.
    prisons : dict
        Names of prisons to their level of security.
    women : float
        Share of women.
    further_stays_mean : float
        Stays in prison after the first, a person.
    free_days : tuple
        Between two stays: median in days, and sigma of the logarithm.
    grounds : dict
        What a stay is for, with shares: remand, remand and then a sentence, a sentence, a fine.
    remand_days, sentence_days : tuple
        Lengths: median in days, and sigma of the logarithm.
    exits : dict
        How sentences end, with shares.
    transfers_mean : float
        Transfers in a stay, besides the one from remand to the sentence.
    state_at_release : dict
        Main state at NAV on the day of release, with shares; what is left has none.
    kvp_before, kvp_within_days, kvp_later : float
        Releases with a programme begun on the day of release or before, in the days after it, and later still.
    kvp_days : tuple
        Length of a programme: median in days, and sigma of the logarithm; at most two years.
    kvp_states : dict
        STATUS of programmes that ended, with shares.
    kvp_exits : dict
        What people went to from a programme that ended, with shares.
    within_days : int
        The days after release that `kvp_within_days` means.
    needs, met : dict
        Areas of the plan: releases with an activity in it, and of them those whose need is met on the day of release.
    municipal_plan : float
        Releases with a municipal plan that is open on the day.
    """

    calendar: Calendar
    municipalities: dict[Municipality, PositiveFloat] = Field(min_length=1)
    prisons: dict[str, Literal["hoyt", "lavt", "overgangsbolig"]] = Field(min_length=2)
    women: Share
    further_stays_mean: float = Field(ge=0)
    free_days: LogNormal
    grounds: dict[Ground, Share]
    remand_days: LogNormal
    sentence_days: LogNormal
    exits: dict[SentenceExit, Share]
    transfers_mean: float = Field(ge=0)
    state_at_release: dict[State, Share]
    kvp_before: Share
    kvp_within_days: Share
    kvp_later: Share
    kvp_days: LogNormal
    kvp_states: dict[Status, Share]
    kvp_exits: dict[ExitState, Share]
    within_days: PositiveInt
    needs: dict[Domain, Share]
    met: dict[Domain, Share]
    municipal_plan: Share

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if sum(self.state_at_release.values()) > 1 or self.kvp_before + self.kvp_within_days + self.kvp_later > 1:
            raise ValueError("the shares of one release add up to more than 1")
        if set(self.needs) != set(self.met):
            raise ValueError("needs and met must name the same areas")
        return self
