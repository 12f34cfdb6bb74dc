"""A definition in plain words, made from its fields, so that the words cannot say anything else than the rules."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.config import Explanation, Text
from evalkit.judgement import judgement_calls
from evalkit.outcomes.answers import answer, length
from evalkit.outcomes.decision_classes import decision_classes
from evalkit.outcomes.definition import OutcomeDefinition
from evalkit.outcomes.shipped_presets import load_outcome

__all__ = ["applicable_calls", "explained"]

_ONLY_FOR = {
    "decision_deadline": ("guilty_decision", "charge"),
    "custody_kinds": ("custody",),
    "waivers_count": ("guilty_decision",),
    "conferred_cases_count": ("guilty_decision",),
    "cleared_charges_count": ("charge",),
    "missing_offence_date": ("guilty_decision", "charge"),
    "offence_interval": ("guilty_decision", "charge"),
    "acts_dated": ("guilty_decision", "charge"),
    "appeal": ("guilty_decision",),
}
"""Judgement calls that mean something for some events only."""
_BY_OFFENCE = ("missing_offence_date", "offence_interval", "acts_dated")


def applicable_calls(outcome: OutcomeDefinition) -> tuple[str, ...]:
    """Name the judgement calls that can change what a definition counts.

    Parameters
    ----------
    outcome : OutcomeDefinition
        The definition.

    Returns
    -------
    tuple of str
        Fields, in their order.
    """
    names = (call.field for call in judgement_calls(outcome))
    return tuple(
        name
        for name in names
        if outcome.event in _ONLY_FOR.get(name, (outcome.event,))
        and (name not in _BY_OFFENCE or outcome.event_date == "offence_date")
        and (name != "waivers_count" or "waiver" in outcome.decisions)
    )


def explained(outcome: OutcomeDefinition) -> Explanation:
    """Say what a definition says, and where a study differs from the preset that it began from.

    Parameters
    ----------
    outcome : OutcomeDefinition
        The definition.

    Returns
    -------
    Explanation
        In Danish and English.
    """
    official = load_outcome(outcome.preset) if outcome.preset else None
    texts = [*_sentences(outcome), *(_differences(outcome, official) if official else ())]
    notes = outcome.notes
    return Explanation(
        title=outcome.title,
        da=(*(text.da for text in texts), *notes.da),
        en=(*(text.en for text in texts), *notes.en),
        source=outcome.source,
    )


def _sentences(outcome: OutcomeDefinition) -> Iterator[Text]:
    yield _what(outcome)
    if outcome.event == "guilty_decision":
        yield _which_decisions(outcome)
    yield from _which_offences(outcome)
    for field in applicable_calls(outcome):
        yield answer(field, getattr(outcome, field))
    if outcome.start_populations:
        starts = {one: "; ".join(text.in_language(one) for text in outcome.start_populations) for one in ("da", "en")}
        yield Text(
            da=f"Kilden begynder fra: {starts['da']}. Her begynder undersøgelsen, hvor den selv siger.",
            en=f"The source starts from: {starts['en']}. Here the study starts where it says.",
        )


def _what(outcome: OutcomeDefinition) -> Text:
    within = length(outcome.follow_up_months)
    start = Text(
        da="startdagen (løsladelsen, eller hvad undersøgelsen ellers begynder fra)",
        en="the index day (the release, or what else the study starts from)",
    )
    what = {
        ("guilty_decision", "offence_date"): Text(
            da=f"en lovovertrædelse er begået inden for {within.da} efter {start.da} og fører til en afgørelse, hvor "
            "personen findes skyldig",
            en=f"an offence was committed within {within.en} of {start.en} and led to a decision that found the person "
            "guilty",
        ),
        ("guilty_decision", "decision_date"): Text(
            da=f"en afgørelse inden for {within.da} efter {start.da} finder personen skyldig",
            en=f"a decision within {within.en} of {start.en} found the person guilty",
        ),
        ("charge", "offence_date"): Text(
            da=f"politiet sigter for en lovovertrædelse begået inden for {within.da} efter {start.da}",
            en=f"the police charge the person with an offence committed within {within.en} of {start.en}",
        ),
        ("charge", "charge_date"): Text(
            da=f"politiet rejser en sigtelse inden for {within.da} efter {start.da}",
            en=f"the police bring a charge within {within.en} of {start.en}",
        ),
        ("custody", "admission_date"): Text(
            da=f"personen indsættes igen inden for {within.da} efter {start.da}",
            en=f"the person is taken into custody again within {within.en} of {start.en}",
        ),
    }[(outcome.event, outcome.event_date)]
    return Text(da=f"Hændelsen er, at {what.da}.", en=f"The event is that {what.en}.")


def _which_decisions(outcome: OutcomeDefinition) -> Text:
    counts = {one: one.name in outcome.counted_decisions for one in decision_classes()}
    counted, others = ([one.label for one, does in counts.items() if does is side] for side in (True, False))
    da, en = (
        [", ".join(text.in_language(code) for text in side) for side in (counted, others)] for code in ("da", "en")
    )
    return Text(
        da=f"Disse afgørelser tæller: {da[0]}. Disse tæller ikke: {da[1]}.",
        en=f"These decisions count: {en[0]}. These do not: {en[1]}.",
    )


def _which_offences(outcome: OutcomeDefinition) -> Iterator[Text]:
    offences, fines = outcome.offences, outcome.traffic_fines
    if outcome.event == "custody":
        return
    if offences.include:
        unknown = (
            Text(da="tæller", en="counts") if offences.unknown_counts else Text(da="tæller ikke", en="does not count")
        )
        codes = ", ".join(offences.include)
        yield Text(
            da=f"Kun lovovertrædelser med disse gerningskoder tæller: {codes}. En uden gerningskode {unknown.da}.",
            en=f"Only offences with these codes count: {codes}. One without a code {unknown.en}.",
        )
    if offences.exclude:
        codes = ", ".join(offences.exclude)
        yield Text(da=f"Disse gerningskoder tæller ikke: {codes}.", en=f"These offence codes do not count: {codes}.")
    if fines and outcome.event == "guilty_decision":
        yield Text(
            da=(
                f"Færdselsbøder under {_kroner(fines.limit_dkk, '.')} kr. (afgjort før {fines.from_year}: "
                f"{_kroner(fines.limit_dkk_before, '.')} kr.) tæller ikke. En uden oplyst beløb tæller."
            ),
            en=(
                f"Traffic fines under DKK {_kroner(fines.limit_dkk, ',')} (decided before {fines.from_year}: DKK "
                f"{_kroner(fines.limit_dkk_before, ',')}) do not count. One whose amount is not stated does."
            ),
        )


def _differences(outcome: OutcomeDefinition, official: OutcomeDefinition) -> Iterator[Text]:
    labels = {call.field: call.judgement.label for call in judgement_calls(outcome)}
    told = {"name", "label", "title", "source", "notes", "preset", "start_populations"}
    for field in type(outcome).model_fields:
        mine, theirs = getattr(outcome, field), getattr(official, field)
        if field in told or mine == theirs:
            continue
        name = official.title
        if field in labels:
            label, said = labels[field], answer(field, theirs)
            yield Text(
                da=f"Afviger fra »{name.da}« – {label.da}. Dér: {said.da}",
                en=f"Differs from “{name.en}” – {label.en}. There: {said.en}",
            )
        else:
            yield Text(da=f"Afviger fra »{name.da}«: {field}.", en=f"Differs from “{name.en}”: {field}.")


def _kroner(amount: float, separator: str) -> str:
    return f"{amount:,.0f}".replace(",", separator)
