"""Are the persons of a register those of the other registers, and of the delivery before?

Pseudonyms that were made with another key find nobody again. Their overlap alone does not show it where pseudonyms are
numbers from 1 on, which every keying uses, so a person counts as there again only with the same first date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from evalkit.registers.contracts.contract import Contract
from evalkit.registers.deliveries.delivery import Delivery
from evalkit.registers.evidence.dating import dating_column, year_sql
from evalkit.registers.evidence.kept_counts import KeptCounts
from evalkit.registers.evidence.least_change import least_share
from evalkit.registers.evidence.trust import Limits, Verdict
from evalkit.registers.sql_text import quoted

__all__ = ["POPULATION", "InPopulation", "ThereAgain", "in_population", "there_again"]

POPULATION = "bef"
"""The layout of the population register."""

_NEARLY_ALL = 0.9
"""Where nobody must be there again, this many of the persons are gone before it is put down to another keying."""


@dataclass(frozen=True, slots=True)
class InPopulation:
    """How many of a register's persons are in the population register.

    Parameters
    ----------
    layout : str
        The register.
    n_persons, n_missing : int
        Its persons, and those of them who are not in the population register.
    verdict : Verdict
        What it comes to.
    """

    layout: str
    n_persons: int
    n_missing: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ThereAgain:
    """How many persons of the delivery before are in a delivery again.

    Parameters
    ----------
    layout : str
        The register.
    before : date
        The vintage of the delivery before.
    by_year : bool
        True when persons are those with a row in a year that both deliveries hold whole, who should all be there again;
        False when there is no such year and all persons are looked at, of whom some may be gone.
    n_persons : int
        Persons of the delivery before.
    n_gone : int
        Those of them who have no row in the new one.
    n_other : int
        Those who are gone or have another first date than before, in the years that both hold whole.
    verdict : Verdict
        What it comes to.
    """

    layout: str
    before: date
    by_year: bool
    n_persons: int
    n_gone: int
    n_other: int
    verdict: Verdict


def in_population(counts: KeptCounts, delivery: Delivery, population: Delivery, limits: Limits) -> InPopulation:
    """Count and judge how many of a register's persons are in the population register.

    Parameters
    ----------
    counts : KeptCounts
        Where counts are kept.
    delivery, population : Delivery
        The register and the population register.
    limits : Limits
        How large a share of the persons may be missing there.

    Returns
    -------
    InPopulation
        The counts and the verdict.
    """
    sql = (
        "SELECT 'persons' AS item, count(*) AS n, count(*) - count(resident.person_key) AS n_broken "  # noqa: S608 - identifiers
        f"FROM (SELECT DISTINCT person_key {_rows(delivery)}) AS here "
        f"LEFT JOIN (SELECT DISTINCT person_key {_rows(population)}) AS resident "
        "ON here.person_key = resident.person_key"
    )
    found = counts.of("in_population", [delivery.fingerprint, population.fingerprint, sql], lambda: sql)[0]
    verdict = limits.verdict(_least(found.n_broken, found.n))
    return InPopulation(delivery.layout, found.n, found.n_broken, verdict)


def there_again(
    counts: KeptCounts,
    deliveries: tuple[Delivery, Delivery],
    contract: Contract,
    tables: Mapping[str, Collection[str]],
    years: Sequence[int],
    limits: Limits,
) -> ThereAgain:
    """Count and judge how many persons of the delivery before are there again.

    Registers keep their past, so whoever has a row in a year that both deliveries hold whole should be there again. A
    register that is delivered without its past has no such year; most of its persons are there again in practice, but
    none must, and only a delivery in which hardly anybody is stops.

    Parameters
    ----------
    counts : KeptCounts
        Where counts are kept.
    deliveries : tuple of Delivery
        The delivery before, and this one.
    contract : Contract
        Their layout's contract.
    tables : mapping of str to collection of str
        The tables in ``delivered`` and their columns.
    years : sequence of int
        Years that both deliveries hold whole and have rows in.
    limits : Limits
        How large a share of the persons may be gone.

    Returns
    -------
    ThereAgain
        The counts and the verdict.
    """
    before, now = deliveries
    there = [set(tables[f"{one.layout}_{one.number}"]) for one in deliveries]
    dating = dating_column(contract)
    dated = dating is not None and dating in there[0]
    by_year = bool(years) or not dated
    due = f"{year_sql(contract, dating)} IN ({', '.join(str(year) for year in years)})" if dated and years else "TRUE"
    # Of a year that only one of them holds, no date can be there again.
    columns = [name for name, one in contract.columns.items() if one.type == "date" and one.filled and by_year]
    sql = _again_sql(before, now, due, [name for name in columns if name in there[0] & there[1]])
    gone, other = counts.of("there_again", [before.fingerprint, now.fingerprint, sql], lambda: sql)
    held_to = limits if by_year else Limits(look=limits.stop, stop=max(limits.stop, _NEARLY_ALL))
    verdict = held_to.verdict(_least(other.n_broken, other.n))
    return ThereAgain(now.layout, before.vintage, by_year, gone.n, gone.n_broken, other.n_broken, verdict)


def _rows(delivery: Delivery) -> str:
    return f"FROM delivered.{quoted(f'{delivery.layout}_{delivery.number}')} WHERE _rule IS NULL"


def _again_sql(before: Delivery, now: Delivery, due: str, dates: Sequence[str]) -> str:
    names = [quoted(name) for name in dates]
    firsts = "".join(f", min({name}) FILTER (WHERE {due}) AS {name}" for name in names)
    is_other = " OR ".join(["is_gone", *(f"due.{name} IS DISTINCT FROM again.{name}" for name in names)])
    return (
        f"WITH due AS (SELECT person_key{firsts} {_rows(before)} AND {due} GROUP BY person_key), "  # noqa: S608 - identifiers
        f"again AS (SELECT person_key{firsts} {_rows(now)} GROUP BY person_key), "
        f"person AS (SELECT again.person_key IS NULL AS is_gone, {is_other} AS is_other "
        "FROM due LEFT JOIN again ON due.person_key = again.person_key) "
        "SELECT 'gone' AS item, count(*) AS n, count(*) FILTER (WHERE is_gone) AS n_broken FROM person UNION ALL "
        "SELECT 'other' AS item, count(*) AS n, count(*) FILTER (WHERE is_other) AS n_broken FROM person"
    )


def _least(n: int, of: int) -> float:
    """Return the least that the share can be taken for; of nobody it is 0."""
    return float(pl.select(least_share(pl.lit(n), pl.lit(of))).item()) if of else 0.0
