"""What is one stay in custody, and what is a release from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalkit.config import Definition, Text
from evalkit.judgement import Judgement

__all__ = ["RELEASE_TYPES", "ReleaseType", "StayChoices"]

ReleaseType = Literal[
    "parole", "full_term", "remand_end", "fine", "home", "to_home", "arrest_end", "escape", "death", "other"
]

RELEASE_TYPES: dict[str, Text] = {
    "parole": Text(da="prøveløsladelse", en="parole"),
    "full_term": Text(da="løsladelse efter endt straf", en="release after the full term"),
    "remand_end": Text(da="løsladelse fra varetægt", en="release from remand"),
    "fine": Text(da="løsladelse efter bødeafsoning", en="release after serving a fine"),
    "home": Text(da="ophør af afsoning med fodlænke", en="end of serving at home with an electronic tag"),
    "to_home": Text(da="fra fængsel til fodlænke", en="from prison to an electronic tag at home"),
    "arrest_end": Text(da="løsladelse efter anholdelse", en="release after arrest"),
    "escape": Text(da="undvigelse", en="escape"),
    "death": Text(da="død i fængsel", en="death in custody"),
    "other": Text(da="anden afgang", en="another way out"),
}
"""Every typed way out of custody, in words."""


class StayChoices(Definition):
    """The judgement calls about custody stays; every one is a key of ``[cohort]`` in the study file.

    Parameters
    ----------
    merge_gap_days : int
        Stays with at most so many days between them are one stay.
    rearrest : {"same_stay", "new_stay"}
        What it is when somebody is released and taken in again, arrested or remanded, within the merge gap.
    arrest_is_stay : bool
        Whether an arrest alone is a stay.
    home_detention : {"custody", "liberty"}
        Whether serving at home with an electronic tag is custody; if not, a stay ends where it begins.
    home_facilities : tuple of str
        Facilities of the register that mean serving at home.
    longest_bridge_days : int
        An unclosed record goes on to the next admission if that is at most so many days after the last day on which
        the person is known to have been inside.
    """

    merge_gap_days: Annotated[
        int,
        Judgement(
            label=Text(
                da="Antal dage mellem to ophold, der regnes som ét", en="Days between two stays that make them one stay"
            ),
            reason=Text(
                da="En overførsel kan være registreret med en nat imellem; en længere pause er en løsladelse.",
                en="A transfer can be registered with a night in between; a longer gap is a release.",
            ),
        ),
    ] = Field(default=1, ge=0)
    rearrest: Annotated[
        Literal["same_stay", "new_stay"],
        Judgement(
            label=Text(
                da="Løsladt og anholdt igen samme dag eller inden for pausen",
                en="Released and re-arrested on one day or within the gap",
            ),
            reason=Text(
                da="Uden en dag i frihed er der intet at følge op på, og registret kan have delt ét ophold i to.",
                en="Without a day at liberty there is nothing to follow; the register may have cut one stay in two.",
            ),
        ),
    ] = "same_stay"
    arrest_is_stay: Annotated[
        bool,
        Judgement(
            label=Text(da="Om en anholdelse alene er et ophold", en="Whether an arrest alone is a stay"),
            reason=Text(
                da="En anholdelse varer højst et døgn uden dommer og er ikke afsoning eller varetægt.",
                en="An arrest lasts at most a day without a judge, and is neither serving nor remand.",
            ),
        ),
    ] = False
    home_detention: Annotated[
        Literal["custody", "liberty"],
        Judgement(
            label=Text(da="Om afsoning på bopælen er fængsel", en="Whether serving at home is custody"),
            reason=Text(
                da="Straffen afsones stadig; ophøret er en løsladelse af sin egen slags.",
                en="The sentence is still being served; its end is a release of its own kind.",
            ),
        ),
    ] = "custody"
    home_facilities: Annotated[
        tuple[str, ...],
        Judgement(
            label=Text(da="Steder, der betyder afsoning på bopælen", en="Facilities that mean serving at home"),
            reason=Text(
                da="Danmarks Statistiks koder for IND_FGSLSTED.", en="Statistics Denmark's codes of IND_FGSLSTED."
            ),
        ),
    ] = ("HJEM", "9050")
    longest_bridge_days: Annotated[
        int,
        Judgement(
            label=Text(
                da="Længste tid, en uafsluttet registrering føres videre til næste indsættelse",
                en="Longest time that an unclosed record is carried on to the next admission",
            ),
            reason=Text(
                da=(
                    "Varetægt over to år uden ny registrering ses næsten ikke; en ældre uafsluttet registrering "
                    "mangler snarere en løsladelse."
                ),
                en=(
                    "Remand of more than two years without a new record is hardly seen; an unclosed record older than "
                    "that rather lacks a release."
                ),
            ),
        ),
    ] = Field(default=730, ge=0)
