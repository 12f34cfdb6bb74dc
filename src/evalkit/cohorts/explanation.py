"""What a cohort's definition says, in sentences for readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.cohorts.require import Age, ReleaseTypeCounts, Resident, StayLength
from evalkit.config import Explanation, Text, date_in_words
from evalkit.judgement import judgement_calls

if TYPE_CHECKING:
    from evalkit.cohorts.definition import CohortDefinition

__all__ = ["explain_cohort"]

_STARTS = {
    "release": Text(da="Løsladte", en="Releases"),
    "admission": Text(da="Indsatte", en="Admissions"),
    "offer": Text(da="Tilbud om indsatsen", en="Offers of the programme"),
    "programme_start": Text(da="Begyndt i indsatsen", en="Starts of the programme"),
    "programme_end": Text(da="Afsluttet i indsatsen", en="Ends of the programme"),
}
_DAYS = {
    "release": Text(da="løsladelsesdagen", en="the day of release"),
    "admission": Text(da="indsættelsesdagen", en="the day of admission"),
    "offer": Text(da="dagen for tilbuddet", en="the day of the offer"),
    "programme_start": Text(da="dagen for begyndelsen", en="the day of the start"),
    "programme_end": Text(da="dagen for afslutningen", en="the day of the end"),
}
_RESIDENCE = {
    "admission": Text(da="ved indsættelsen", en="at admission"),
    "index_date": Text(da="på startdagen", en="on the index date"),
}
_OFFERED = {
    "offered": Text(
        da="og fik tilbuddet under opholdet, også hvis de sagde nej",
        en="and was offered the programme during the stay, including those who declined",
    ),
    "took_part": Text(
        da="og havde deltaget i mindst {days} dage, da uret startede",
        en="and had taken part for at least {days} days when the clock started",
    ),
    "resident": Text(da="hvad enten de fik tilbuddet eller ej", en="whether they were offered the programme or not"),
}

_NOT_OFFERED = Text(
    da=" De, der boede i en pilotkommune og ikke fik tilbuddet, er ikke med.",
    en=" Those who lived in a pilot municipality and were not offered it are left out.",
)


def explain_cohort(cohort: CohortDefinition) -> Explanation:
    """Say a cohort's definition in plain words.

    Parameters
    ----------
    cohort : CohortDefinition
        The definition.

    Returns
    -------
    Explanation
        One sentence or two for each part, the judgement calls that somebody changed last.
    """
    said = tuple(_sentences(cohort))
    return Explanation(
        title=Text(da="Hvem er med", en="Who is included"),
        da=tuple(text.da for text in said),
        en=tuple(text.en for text in said),
        source=_SOURCE if cohort.comparison == "other_municipalities" else "evalkit",
    )


def _sentences(cohort: CohortDefinition) -> Iterator[Text]:
    yield _window(cohort)
    yield _stays(cohort)
    types = cohort.step(ReleaseTypeCounts)
    if types and not {"fine", "home", "to_home"} & set(types.types):
        yield Text(
            da="Afsoning af bøder og ophold, der slutter hjemme med fodlænke, tæller ikke.",
            en="Serving a fine does not count, nor does a stay that ends at home with an electronic tag.",
        )
    yield _persons(cohort)
    yield _episodes(cohort)
    yield _arms(cohort)
    for step in cohort.steps:
        if step.sentence:
            yield step.sentence
    for call in judgement_calls(cohort):
        if not call.is_default and call.field not in _SAID_ABOVE:
            label = call.judgement.label
            yield Text(da=f"{label.da}: {call.value}.", en=f"{label.en}: {call.value}.")


_SOURCE = "Håndholdt Inklusion, FL § 11.31.03.50; REU Alm.del 2024-25 bilag 110"
_SAID_ABOVE = frozenset(
    {
        "merge_gap_days",
        "arrest_is_stay",
        "index_event",
        "residence_at",
        "exposure",
        "min_participation_days",
        "min_age_years",
        "comparison",
        "episodes",
    }
)


def _window(cohort: CohortDefinition) -> Text:
    types, event = cohort.step(ReleaseTypeCounts), _STARTS[cohort.index_event]
    start, end = cohort.index_start, cohort.index_end
    kinds = {language: f": {types.in_words(language)}" if types else "" for language in ("da", "en")}
    return Text(
        da=f"{event.da} fra {date_in_words(start, 'da')} til (men ikke med) {date_in_words(end, 'da')}{kinds['da']}.",
        en=(
            f"{event.en} from {date_in_words(start, 'en')} up to (not including) {date_in_words(end, 'en')}"
            f"{kinds['en']}."
        ),
    )


def _stays(cohort: CohortDefinition) -> Text:
    length, gap = cohort.step(StayLength), cohort.merge_gap_days
    least = length.min_days if length else 0
    arrests = ("regnes med", "count") if cohort.arrest_is_stay else ("regnes ikke med", "do not count")
    return Text(
        da=(
            f"Mindst {least} dage i fængsel eller arresthus. Overførsler og pauser på højst {gap} "
            f"{'dag' if gap == 1 else 'dage'} mellem to ophold regnes som ét ophold. Anholdelser {arrests[0]}."
        ),
        en=(
            f"At least {least} days in prison or remand. Transfers, and gaps of at most {gap} "
            f"{'day' if gap == 1 else 'days'} between two stays, count as one stay. Arrests {arrests[1]}."
        ),
    )


def _persons(cohort: CohortDefinition) -> Text:
    age, day, where = cohort.step(Age), _DAYS[cohort.index_event], _RESIDENCE[cohort.residence_at]
    resident = cohort.step(Resident) is not None
    da = [f"Fyldt {age.min_years} år"] if age else []
    en = [f"Aged {age.min_years} or more"] if age else []
    if resident:
        da.append("bosat i Danmark")
        en.append("resident in Denmark")
    if da:
        return Text(
            da=(
                f"{_capital(' og '.join(da))} på {day.da}, med kendt bopælskommune {where.da}. Mindste antal dage og "
                "alder er valgt i denne undersøgelse."
            ),
            en=(
                f"{_capital(' and '.join(en))} on {day.en}, with a known municipality of residence {where.en}. The "
                "least number of days and the age are this study's choice."
            ),
        )
    return Text(da=f"Med kendt bopælskommune {where.da}.", en=f"With a known municipality of residence {where.en}.")


def _episodes(cohort: CohortDefinition) -> Text:
    if cohort.episodes == "all":
        return Text(
            da=(
                "Alle en persons løsladelser i perioden, der opfylder dette, tæller, og usikkerheden regnes på "
                "personer; en person er kun i den gruppe, den første hører til."
            ),
            en=(
                "All of a person's releases in the period that meet this count, and uncertainty is computed from "
                "persons; a person is only in the group that the first belongs to."
            ),
        )
    if cohort.index_event != "release":
        return Text(
            da="Kun den første i perioden, der opfylder dette, tæller for hver person.",
            en="Only each person's first in the period that meets this counts.",
        )
    return Text(
        da="Kun den første løsladelse i perioden, der opfylder dette, tæller for hver person.",
        en="Only each person's first release in the period that meets this counts.",
    )


def _arms(cohort: CohortDefinition) -> Text:
    if cohort.comparison == "none":
        return _one_arm(cohort)
    where, exposure = _RESIDENCE[cohort.residence_at], _OFFERED[cohort.exposure]
    days = cohort.min_participation_days
    if cohort.comparison == "other_municipalities":
        da, en = "boede i en anden kommune", "lived in another municipality"
    else:
        da, en = "boede i en pilotkommune før perioden", "lived in a pilot municipality before the period"
    released = cohort.index_event == "release"
    by = Text(
        da="da de blev løsladt" if released else "da uret startede",
        en="the day of release" if released else "the index date",
    )
    left_out = _NOT_OFFERED if cohort.exposure != "resident" else Text(da="", en="")
    return Text(
        da=(
            f"Pilotgruppen boede {where.da} i en pilotkommune {exposure.da.format(days=days)}. "
            f"Sammenligningsgruppen {da} og havde ikke fået tilbuddet, {by.da}.{left_out.da}"
        ),
        en=(
            f"The pilot group lived in a pilot municipality {where.en} {exposure.en.format(days=days)}. "
            f"The comparison group {en} and had not been offered it by {by.en}.{left_out.en}"
        ),
    )


def _one_arm(cohort: CohortDefinition) -> Text:
    where, exposure = _RESIDENCE[cohort.residence_at], _OFFERED[cohort.exposure]
    days, n_places = cohort.min_participation_days, len(cohort.pilot_municipalities)
    offered = cohort.exposure != "resident"
    home = Text(
        da=f"De boede {where.da} i {'en af kommunerne' if n_places > 1 else 'kommunen'}" if n_places else "De",
        en=f"They lived in {'one of the municipalities' if n_places > 1 else 'the municipality'} {where.en}"
        if n_places
        else "They",
    )
    alone = Text(da="Der er ingen at sammenligne med.", en="There is nobody to compare with.")
    if not offered:
        return Text(da=f"{home.da}. {alone.da}", en=f"{home.en}. {alone.en}") if n_places else alone
    da = exposure.da if n_places else exposure.da.removeprefix("og ")
    en = exposure.en.replace("and was offered", "and were offered")
    en = en if n_places else en.removeprefix("and ")
    return Text(da=f"{home.da} {da.format(days=days)}. {alone.da}", en=f"{home.en} {en.format(days=days)}. {alone.en}")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
