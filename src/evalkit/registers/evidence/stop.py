"""Stops the run when the evidence speaks against a delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from evalkit.errors import ContractError, DeliveryError
from evalkit.registers.evidence.cross_check import CrossCheck
from evalkit.registers.evidence.persons import InPopulation, ThereAgain
from evalkit.registers.evidence.trust import Verdict
from evalkit.registers.evidence.weigh import Evidence, History
from evalkit.registers.evidence.words import share_in_words, told
from evalkit.registers.intake.header_check import raise_together

__all__ = ["raise_for"]

_Judged = TypeVar("_Judged", ThereAgain, InPopulation, CrossCheck)

_N_TOLD = 5
_REKEYED = "Ask the data owner whether the pseudonyms were made with another key: a warehouse cannot hold two keyings."


def raise_for(evidence: Evidence) -> None:
    """Raise what must stop the run, all of it at once.

    Parameters
    ----------
    evidence : Evidence
        As :func:`evalkit.registers.evidence.weigh.weigh` returns it.

    Raises
    ------
    DeliveryError
        When persons are not found again, or counts changed more than the study lets pass.
    ContractError
        When only rules across registers are broken by too many rows.
    """
    raise_together(
        [
            *_persons_gone(_stopping(evidence.there_again)),
            *_persons_unknown(_stopping(evidence.in_population)),
            *(found for one in evidence.history for found in _changed(one)),
            *(_rule_broken(one) for one in _stopping(evidence.checks)),
        ]
    )


def _stopping(judged: Iterable[_Judged]) -> list[_Judged]:
    return [one for one in judged if one.verdict is Verdict.STOP]


def _persons_gone(several: Sequence[ThereAgain]) -> list[DeliveryError]:
    if not several:
        return []
    said = [
        f"{one.layout}: of {one.n_persons} persons in the delivery complete before {one.before}"
        f"{' with a row in a year that both hold whole' if one.by_year else ''}, {one.n_gone} are gone and "
        f"{one.n_other - one.n_gone} have another first date"
        for one in several
    ]
    names = ", ".join(one.layout for one in several)
    return [
        DeliveryError(
            f"extract {names}: the persons of the delivery before are not there again. {'; '.join(said)}.",
            hint=f"{_REKEYED} Or say in the study file how many may be gone: not_there_again in trust.layouts.",
        )
    ]


def _persons_unknown(several: Sequence[InPopulation]) -> list[DeliveryError]:
    if not several:
        return []
    said = [f"{one.layout}: {one.n_missing} of {one.n_persons}" for one in several]
    names = ", ".join(one.layout for one in several)
    return [
        DeliveryError(
            f"extract {names}: the persons are not in the population register. {'; '.join(said)}.",
            hint=f"{_REKEYED} Or say in the study file how many may be: not_in_population in trust.layouts.",
        )
    ]


def _changed(one: History) -> list[DeliveryError]:
    stops = told(one.layout, (change for change in one.comparison.changes if change.verdict is Verdict.STOP))
    if not stops:
        return []
    listed = [
        f"{it.what} in {it.years}: {it.now}{f' in {it.example}' if it.example else ''}, before {it.before}"
        for it in stops[:_N_TOLD]
    ]
    more = [f"{len(stops) - _N_TOLD} more"] if len(stops) > _N_TOLD else []
    said = "; ".join([*listed, *more])
    return [
        DeliveryError(
            f"extract {one.layout}: changed since the delivery complete before {one.before}: {said}.",
            hint=(
                "Have the extract put right, or say in the study file how much may change: rows, missing and codes in "
                f"trust.layouts.{one.layout}."
            ),
        )
    ]


def _rule_broken(one: CrossCheck) -> ContractError:
    return ContractError(
        f"extract {one.layout}: {one.n_broken} of {one.n_rows} rows ({share_in_words(one.n_broken, one.n_rows)}) break "
        f"the rule {one.name}, at most {100 * one.max_share:.1f} % may: {one.text.en}",
        hint=f"Have the extracts put right, or say in the study file what holds: trust.checks.{one.name}.",
    )
