"""The headline figures as plain sentences, for a terminal or a message."""

from __future__ import annotations

from evalkit.reporting.bundle import Bundle
from evalkit.reporting.edition import open_edition
from evalkit.reporting.programme_wording import ends_sentence, process_sentences, target_sentences
from evalkit.reporting.wording import difference_sentences, plan_sentence, risk_sentence, status_sentence

__all__ = ["headlines"]


def headlines(bundle: Bundle, language: str) -> tuple[str, ...]:
    """Return the headline figures of a release, as the report says them.

    Parameters
    ----------
    bundle : Bundle
        The release bundle.
    language : {"da", "en"}
        The language.

    Returns
    -------
    tuple of str
        For a register study the risk, plan continuity and status; for a list of cases how they ended; otherwise the
        risk and the difference.

    Raises
    ------
    ReportError
        When evalkit does not write the language.
    """
    edition = open_edition(bundle, language)
    if edition.is_programme:
        said = (ends_sentence(edition), target_sentences(edition), process_sentences(edition))
        return tuple(one for one in said if one)
    if not edition.is_register:
        return (risk_sentence(edition), difference_sentences(edition))
    return (risk_sentence(edition), plan_sentence(edition), status_sentence(edition))
