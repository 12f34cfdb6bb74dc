"""The evidence that deliveries can be trusted: against their own past, against each other, and against the population.

All of it is counts that the warehouse keeps; limits are held against them anew each time, and no file is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.registers.contracts.contract import Contract, typed_columns
from evalkit.registers.deliveries.delivery import Delivery, remembered
from evalkit.registers.evidence.changes import Comparison, judged
from evalkit.registers.evidence.cross_check import CrossCheck, cross_checks, load_cross_rules
from evalkit.registers.evidence.kept_counts import KeptCounts
from evalkit.registers.evidence.kept_history import differing_counts
from evalkit.registers.evidence.persons import POPULATION, InPopulation, ThereAgain, in_population, there_again
from evalkit.registers.evidence.profile import delivered_tables, store_profiles, whole_years_of_both
from evalkit.registers.evidence.trust import RegisterLimits, TrustDefinition
from evalkit.shipped import shipped
from evalkit.warehouse import Warehouse

__all__ = ["Evidence", "History", "weigh"]


@dataclass(frozen=True, slots=True)
class History:
    """A delivery against the one before.

    Parameters
    ----------
    layout : str
        The register.
    before : date, optional
        The vintage of the delivery before; None when the warehouse holds none.
    is_same : bool
        Both have the same content, and there was nothing to compare.
    comparison : Comparison
        How many counts were compared, and which changed.
    """

    layout: str
    before: date | None
    is_same: bool
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a study's deliveries.

    Parameters
    ----------
    history : tuple of History
        One a register.
    there_again : tuple of ThereAgain
        One a register with an earlier delivery of other content.
    in_population : tuple of InPopulation
        One a register but the population register; empty when the study has none.
    checks : tuple of CrossCheck
        One a rule across registers, and register.
    """

    history: tuple[History, ...] = ()
    there_again: tuple[ThereAgain, ...] = ()
    in_population: tuple[InPopulation, ...] = ()
    checks: tuple[CrossCheck, ...] = ()


def weigh(
    warehouse: Warehouse,
    deliveries: Sequence[Delivery],
    contracts: Mapping[str, Contract],
    trust: TrustDefinition | None = None,
    *,
    rules: Path | None = None,
) -> Evidence:
    """Gather the evidence on the deliveries that ``staging`` shows.

    What was counted for the same content before is not counted again.

    Parameters
    ----------
    warehouse : Warehouse
        Where the deliveries are shown.
    deliveries : sequence of Delivery
        One a layout.
    contracts : mapping of str to Contract
        Their layouts' contracts.
    trust : TrustDefinition, optional
        What the study holds them to; the defaults when absent.
    rules : Path, optional
        The folder of the rules across registers; the shipped one when absent.

    Returns
    -------
    Evidence
        Counts and verdicts; :func:`evalkit.registers.evidence.stop.raise_for` raises what must stop the run.

    Raises
    ------
    ConfigError
        When the study's limits name a register or a rule that there is not.
    """
    held_to = trust or TrustDefinition()
    _refuse_unknown(held_to, [one.layout for one in deliveries])
    stored = remembered(warehouse)
    earlier = {one.layout: _earlier(one, stored) for one in deliveries}
    tables = delivered_tables(warehouse)
    store_profiles(warehouse, [*deliveries, *(one for one in earlier.values() if one)], contracts, tables)
    counts = KeptCounts(warehouse)
    history, again = [], []
    for one in deliveries:
        before, limits = earlier[one.layout], held_to.of(one.layout)
        history.append(_against(warehouse, before, one, contracts[one.layout], limits))
        if before and before.number != one.number:
            years = whole_years_of_both(warehouse, before, one)
            pair, contract = (before, one), contracts[one.layout]
            again.append(there_again(counts, pair, contract, tables, years, limits.not_there_again))
    checks = cross_checks(counts, load_cross_rules(rules or shipped("sql") / "checks"), deliveries, held_to.checks)
    return Evidence(tuple(history), tuple(again), _in_population(counts, deliveries, held_to), checks)


def _refuse_unknown(trust: TrustDefinition, layouts: Sequence[str]) -> None:
    unknown = sorted(trust.layouts.keys() - set(layouts))
    if unknown:
        raise ConfigError(
            f"trust.layouts: the study has no extract {', '.join(unknown)}.", hint=f"It has {', '.join(layouts)}."
        )


def _earlier(delivery: Delivery, stored: Sequence[Delivery]) -> Delivery | None:
    before = [one for one in stored if one.layout == delivery.layout and one.vintage < delivery.vintage]
    return max(before, key=lambda one: one.vintage, default=None)


def _against(
    warehouse: Warehouse, before: Delivery | None, now: Delivery, contract: Contract, limits: RegisterLimits
) -> History:
    if before is None:
        return History(now.layout, None, is_same=False, comparison=Comparison(0, ()))
    if before.number == now.number:
        return History(now.layout, before.vintage, is_same=True, comparison=Comparison(0, ()))
    dates = [name for name, column in typed_columns(contract).items() if column.type == "date"]
    n_compared, differing = differing_counts(warehouse, before, now, dates)
    return History(now.layout, before.vintage, is_same=False, comparison=judged(n_compared, differing, limits))


def _in_population(
    counts: KeptCounts, deliveries: Sequence[Delivery], trust: TrustDefinition
) -> tuple[InPopulation, ...]:
    population = next((one for one in deliveries if one.layout == POPULATION), None)
    if population is None:
        return ()
    return tuple(
        in_population(counts, one, population, trust.of(one.layout).not_in_population)
        for one in deliveries
        if one is not population
    )
