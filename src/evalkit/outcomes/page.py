"""A definition as a page of plain text: what it says, and each judgement call with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from evalkit.judgement import JudgementCall, judgement_calls
from evalkit.outcomes.answers import answer
from evalkit.outcomes.definition import OutcomeDefinition
from evalkit.outcomes.sentences import applicable_calls, explained
from evalkit.outcomes.shipped_presets import load_outcome

__all__ = ["outcome_calls", "outcome_page"]

_WIDTH = 100
_WORDS = {
    "da": {
        "source": "Kilde",
        "calls": "Valg, som en anden kunne have truffet anderledes (nøglen i [outcome] står i parentes)",
        "changed": "afviger fra evalkits standard",
        "official": "afviger fra forlægget",
    },
    "en": {
        "source": "Source",
        "calls": "Choices that somebody else could have made otherwise (the key in [outcome] stands in brackets)",
        "changed": "not evalkit's default",
        "official": "not as in the preset",
    },
}


def outcome_calls(outcome: OutcomeDefinition) -> tuple[JudgementCall, ...]:
    """List the judgement calls that can change what a definition counts.

    Parameters
    ----------
    outcome : OutcomeDefinition
        The definition.

    Returns
    -------
    tuple of JudgementCall
        In the order of the fields.
    """
    applicable = applicable_calls(outcome)
    return tuple(call for call in judgement_calls(outcome) if call.field in applicable)


def outcome_page(outcome: OutcomeDefinition, language: str) -> str:
    """Say a definition in plain words.

    Parameters
    ----------
    outcome : OutcomeDefinition
        The definition.
    language : {"da", "en"}
        The language's code.

    Returns
    -------
    str
        Title, sentences, source and judgement calls with their reasons.
    """
    words, said = _WORDS[language], explained(outcome)
    sentences = said.da if language == "da" else said.en
    parts = [
        f"{said.title.in_language(language)} ({outcome.name}@{outcome.fingerprint})",
        "\n".join(_wrapped(sentence) for sentence in sentences),
        f"{words['source']}: {said.source}",
        f"{words['calls']}:",
        "\n".join(_calls(outcome, language)),
    ]
    return "\n\n".join(parts)


def _calls(outcome: OutcomeDefinition, language: str) -> Iterator[str]:
    official = load_outcome(outcome.preset) if outcome.preset else outcome
    for call in outcome_calls(outcome):
        label, reason = (text.in_language(language) for text in (call.judgement.label, call.judgement.reason))
        marks = [] if call.is_default else [_WORDS[language]["changed"]]
        marks += [] if call.value == getattr(official, call.field) else [_WORDS[language]["official"]]
        mark = f" [{', '.join(marks)}]" if marks else ""
        chosen = answer(call.field, call.value).in_language(language)
        yield _wrapped(f"{label} ({call.field}){mark}: {chosen} – {reason}")


def _wrapped(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False)
