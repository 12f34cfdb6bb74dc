"""What each answer to a judgement call of an outcome means, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from evalkit.config import Text
from evalkit.outcomes.deadline import DecisionDeadline

__all__ = ["ANSWERS", "answer", "length"]

_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "da": ("", "et", "to", "tre", "fire", "fem"),
    "en": ("", "one", "two", "three", "four", "five"),
}
_KINDS: Mapping[str, Text] = {
    "remand": Text(da="varetægt", en="remand"),
    "serving": Text(da="afsoning", en="serving"),
    "home": Text(da="afsoning på bopælen", en="serving at home"),
    "fine": Text(da="afsoning af bøde", en="serving a fine"),
}
_TIES: Mapping[str, Text] = {
    "event": Text(da="ny kriminalitet", en="reoffending"),
    "death": Text(da="dødsfald", en="death"),
    "censoring": Text(da="udvandring", en="emigration"),
}

ANSWERS: Mapping[str, Mapping[object, Text]] = {
    "event_date": {
        "offence_date": Text(
            da="Gerningsdagen tæller. Gammel kriminalitet tæller ikke, heller ikke når afgørelsen kommer bagefter.",
            en="The day of the offence counts. Old offences do not, even when the decision comes afterwards.",
        ),
        "decision_date": Text(
            da="Afgørelsens dag tæller. Gammel kriminalitet tæller også, når afgørelsen kommer bagefter.",
            en="The day of the decision counts. Old offences count too when the decision comes afterwards.",
        ),
        "charge_date": Text(
            da="Sigtelsens dag tæller. Gammel kriminalitet tæller også, når sigtelsen kommer bagefter.",
            en="The day of the charge counts. Old offences count too when the charge comes afterwards.",
        ),
        "admission_date": Text(da="Indsættelsens dag tæller.", en="The day of admission counts."),
    },
    "waivers_count": {
        True: Text(da="Tiltalefrafald tæller.", en="A waived prosecution (tiltalefrafald) counts."),
        False: Text(da="Tiltalefrafald tæller ikke.", en="A waived prosecution (tiltalefrafald) does not count."),
    },
    "conferred_cases_count": {
        True: Text(
            da="Sager, der er afgjort sammen med en anden sag (konfererede sager), tæller, hvor KRKO er leveret.",
            en="Cases that were decided together with another case count where KRKO is delivered.",
        ),
        False: Text(
            da="Sager, der er afgjort sammen med en anden sag (konfererede sager, KRKO), tæller ikke.",
            en="Cases that were decided together with another case (KRKO) do not count.",
        ),
    },
    "cleared_charges_count": {
        True: Text(
            da="En sigtelse tæller, hvad enten personen findes skyldig eller ikke.",
            en="A charge counts whether or not the person is found guilty.",
        ),
        False: Text(
            da="En sigtelse, der ender, uden at personen findes skyldig, tæller ikke.",
            en="A charge that ends without a finding of guilt does not count.",
        ),
    },
    "index_day_counts": {
        True: Text(da="En hændelse på startdagen tæller.", en="An event on the index day counts."),
        False: Text(da="En hændelse på startdagen tæller ikke.", en="An event on the index day does not count."),
    },
    "window_end_counts": {
        True: Text(
            da="Den sidste dag tæller: samme dag i måneden som startdagen.",
            en="The last day counts: the same day of the month as the index day.",
        ),
        False: Text(
            da="Den sidste dag, samme dag i måneden som startdagen, tæller ikke.",
            en="The last day, the same day of the month as the index day, does not count.",
        ),
    },
    "missing_offence_date": {
        "decision_date": Text(
            da="Hvor sigtelsen eller dens gerningsdag mangler, bruges afgørelsens dato.",
            en="Where the charge or its day of the offence is missing, the date of the decision is used.",
        ),
        "charge_date": Text(
            da="Hvor gerningsdagen mangler, bruges sigtelsens dato, og uden sigtelse afgørelsens.",
            en=(
                "Where the day of the offence is missing, the date of the charge is used, and without one the "
                "decision's."
            ),
        ),
        "leave_out": Text(
            da="Hvor gerningsdagen mangler, tæller sagen ikke.",
            en="Where the day of the offence is missing, the case does not count.",
        ),
    },
    "offence_interval": {
        "start": Text(
            da="En gerning over flere dage dateres ved den første.",
            en="An act over several days is dated by the first.",
        ),
        "end": Text(
            da="En gerning over flere dage dateres ved den sidste.", en="An act over several days is dated by the last."
        ),
    },
    "acts_dated": {
        "own": Text(
            da="Flere gerninger i én sag dateres hver for sig.",
            en="Several acts in one case are each dated on their own.",
        ),
        "case": Text(
            da="Flere gerninger i én sag dateres alle ved den første.",
            en="Several acts in one case are all dated by the first.",
        ),
    },
    "appeal": {
        "latest_in_time": Text(
            da="Er der flere afgørelser i samme sag, fx efter anke, gælder den seneste, der falder inden fristen.",
            en=(
                "Where a case has several decisions, for instance after an appeal, the latest within the "
                "deadline stands."
            ),
        ),
        "latest": Text(
            da="Er der flere afgørelser i samme sag, fx efter anke, gælder den seneste, også når den falder for sent.",
            en=(
                "Where a case has several decisions, for instance after an appeal, the latest stands, even "
                "when it is late."
            ),
        ),
        "first": Text(
            da="Er der flere afgørelser i samme sag, fx efter anke, gælder den første.",
            en="Where a case has several decisions, for instance after an appeal, the first stands.",
        ),
    },
    "residence": {
        "until_emigration": Text(
            da="Den, der udvandrer, følges til udvandringen.",
            en="A person who emigrates is followed until emigration.",
        ),
        "resident_throughout": Text(
            da=(
                "Den, der udvandrer i perioden, er ikke med. Det betinger på fremtiden og kan skævvride en "
                "sammenligning."
            ),
            en=(
                "A person who emigrates in the window is left out. That conditions on the future and can bias "
                "a comparison."
            ),
        ),
        "ignored": Text(
            da="Udvandring ses der bort fra: den, der udvandrer, følges, som om intet var sket.",
            en="Emigration is ignored: a person who emigrates is followed as if nothing had happened.",
        ),
    },
    "death": {
        "competes": Text(
            da="Dødsfald er en konkurrerende hændelse: den, der dør, kan ikke længere begå ny kriminalitet.",
            en="Death competes: a person who has died can no longer reoffend.",
        ),
        "censors": Text(
            da="Den, der dør, følges til dødsfaldet, som om ny kriminalitet kunne være kommet bagefter.",
            en="A person who dies is followed until death, as if reoffending could have come afterwards.",
        ),
    },
    "clock": {
        "calendar": Text(
            da="Ny indsættelse stopper ikke opfølgningen, og tiden i fængsel tæller med.",
            en="A return to custody does not end follow-up, and time in custody counts.",
        ),
        "at_risk": Text(
            da="Tiden i fængsel efter startdagen trækkes fra.", en="Time in custody after the index day is taken out."
        ),
    },
    "immature": {
        "refuse": Text(
            da="Undersøgelsen afvises, hvis afgørelserne ikke alle kan være faldet.",
            en="The study is refused when the decisions cannot all have fallen.",
        ),
        "provisional": Text(
            da="De nyeste følges til den dag, som afgørelserne er kendt nogenlunde til, og tallene er foreløbige.",
            en=(
                "The newest are followed to the day up to which decisions are known well enough; figures are "
                "provisional."
            ),
        ),
    },
}
"""Field to value to what it means. What is made of parts is put together by :func:`answer`."""


def answer(field: str, value: object) -> Text:
    """Say what a field's value means.

    Parameters
    ----------
    field : str
        A judgement call of the outcome.
    value : object
        Its value.

    Returns
    -------
    Text
        One or two sentences.
    """
    if isinstance(value, DecisionDeadline):
        return _by_when(value)
    if not isinstance(value, tuple):
        return ANSWERS[field][value]
    words = _TIES if field == "tie_order" else _KINDS
    da, en = (", ".join(words[str(one)].in_language(language) for one in value) for language in ("da", "en"))
    if field == "tie_order":
        return Text(da=f"På samme dag kommer i denne rækkefølge: {da}.", en=f"On one day the order is: {en}.")
    return Text(da=f"Disse ophold tæller: {da}.", en=f"These stays count: {en}.")


def _by_when(deadline: DecisionDeadline) -> Text:
    if (years := deadline.calendar_years) is not None:
        da, en = _number(years, "da"), _number(years, "en")
        return Text(
            da=f"Afgørelsen skal falde i startåret eller senest 31. december {da} kalenderår efter det.",
            en=f"The decision must fall in the index year or by 31 December {en} calendar years after it.",
        )
    wait = Text(da="", en="")
    if deadline.months_after_follow_up:
        wait = length(deadline.months_after_follow_up)
    elif days := deadline.days_after_follow_up:
        wait = Text(da=f"{days} dage", en=f"{days} days")
    if not wait.da:
        return Text(
            da="Afgørelsen (eller sigtelsen) skal falde inden opfølgningens slutning.",
            en="The decision (or the charge) must fall before follow-up ends.",
        )
    return Text(
        da=f"Afgørelsen (eller sigtelsen) skal falde senest {wait.da} efter opfølgningens slutning.",
        en=f"The decision (or the charge) must fall at most {wait.en} after follow-up ends.",
    )


def length(months: int) -> Text:
    """Say a number of months, in years where it is whole years.

    Parameters
    ----------
    months : int
        Months.

    Returns
    -------
    Text
        ``"two years"``.
    """
    if months % 12:
        return Text(da=f"{months} måneder", en=f"{months} months")
    years = months // 12
    return Text(da=f"{_number(years, 'da')} år", en=f"{_number(years, 'en')} year{'s' * (years != 1)}")


def _number(value: int, language: str) -> str:
    words = _NUMBERS[language]
    return words[value] if 0 < value < len(words) else str(value)
