"""Rules across registers: a release without an admission, a decision before its offence.

A rule is two files in ``sql/checks``: a SELECT over ``staging`` with the columns layout, n_rows and n_broken, and a
TOML file that says what it means and how many rows may break it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import Field

from evalkit.config import Definition, Text, parse, read_toml
from evalkit.errors import ConfigError, ModelError
from evalkit.registers.contracts.contract import staging_fingerprint
from evalkit.registers.deliveries.delivery import Delivery
from evalkit.registers.deliveries.judgement import SMALL_FILE
from evalkit.registers.evidence.kept_counts import Count, KeptCounts
from evalkit.registers.evidence.trust import CheckChoice, Verdict
from evalkit.registers.evidence.undelivered import without_undelivered

__all__ = ["CrossCheck", "CrossRule", "cross_checks", "load_cross_rules"]


class CrossRule(Definition):
    """What the TOML file of a rule says.

    Parameters
    ----------
    reads : tuple of str
        The layouts that it looks at.
    severity : {"warn", "fail"}
        What happens when too many rows break it: it stands in the delivery report, or the run stops.
    max_share : float
        Most rows of a register that may break it.
    text : Text
        What is wrong with a row that breaks it.
    """

    reads: tuple[str, ...] = Field(min_length=1)
    severity: Literal["warn", "fail"] = "warn"
    max_share: float = Field(default=0.0, ge=0.0, le=1.0)
    text: Text


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What a rule came to in one register.

    Parameters
    ----------
    name : str
        The rule's name.
    layout : str
        The register.
    n_rows, n_broken : int
        Rows that were looked at, and those of them that break the rule.
    max_share : float
        Most that may.
    text : Text
        What is wrong with them.
    verdict : Verdict
        What it comes to.
    """

    name: str
    layout: str
    n_rows: int
    n_broken: int
    max_share: float
    text: Text
    verdict: Verdict


def load_cross_rules(folder: Path) -> dict[str, tuple[CrossRule, str]]:
    """Read all rules of a folder.

    Parameters
    ----------
    folder : Path
        It may not be there; there are no rules then.

    Returns
    -------
    dict of str to tuple
        Name to the rule and its SELECT, by name.

    Raises
    ------
    ConfigError
        When a TOML file is wrong.
    """
    return {
        path.stem: (parse(CrossRule, read_toml(path), source=path), path.with_suffix(".sql").read_text("utf-8"))
        for path in sorted(folder.glob("*.toml"))
    }


def cross_checks(
    counts: KeptCounts,
    rules: Mapping[str, tuple[CrossRule, str]],
    deliveries: Sequence[Delivery],
    choices: Mapping[str, CheckChoice],
) -> tuple[CrossCheck, ...]:
    """Count and judge the rules that can be run on a study's registers.

    Parameters
    ----------
    counts : KeptCounts
        Where counts are kept.
    rules : mapping of str to tuple
        As :func:`load_cross_rules` returns them.
    deliveries : sequence of Delivery
        What ``staging`` shows.
    choices : mapping of str to CheckChoice
        What the study decides about rules.

    Returns
    -------
    tuple of CrossCheck
        One a rule and register with rows to look at. A rule is run without the registers that it only puts beside
        others, and not at all without one that it cannot do without.

    Raises
    ------
    ConfigError
        When the study decides about a rule that there is not.
    ModelError
        When a rule's SELECT is wrong.
    """
    unknown = sorted(choices.keys() - rules.keys())
    if unknown:
        raise ConfigError(
            f"trust.checks: there is no rule {', '.join(unknown)}.", hint=f"There are {', '.join(rules) or 'none'}."
        )
    tables = {table for one in deliveries for table in one.tables}
    checks = []
    for name, (rule, sql) in rules.items():
        made_of = [sql, *_sources(one for one in deliveries if one.layout in rule.reads)]
        found = _counted(counts, name, made_of, partial(_query, sql, tables))
        checks += [_judged(name, rule, choices.get(name), (one.item, one.n, one.n_broken)) for one in found if one.n]
    return tuple(checks)


def _counted(
    counts: KeptCounts, name: str, made_of: Sequence[str], query: Callable[[], str | None]
) -> tuple[Count, ...]:
    try:
        return counts.of(name, made_of, query)
    except ModelError as error:
        raise ModelError(f"sql/checks/{name}.sql: {error}") from None


def _sources(deliveries: Iterable[Delivery]) -> list[str]:
    return [f"{one.fingerprint} {table} {staging_fingerprint(table)}" for one in deliveries for table in one.tables]


def _query(sql: str, tables: set[str]) -> str | None:
    runnable = without_undelivered(sql, tables)
    return runnable and f"SELECT layout AS item, n_rows AS n, n_broken FROM ({runnable}) ORDER BY layout"  # noqa: S608 - our own SQL


def _judged(name: str, rule: CrossRule, choice: CheckChoice | None, counted: tuple[str, int, int]) -> CrossCheck:
    layout, n_rows, n_broken = counted
    chosen = choice or CheckChoice()
    max_share = rule.max_share if chosen.max_share is None else chosen.max_share
    too_many = n_broken > max_share * n_rows and (n_rows >= SMALL_FILE or max_share == 0)
    grave = Verdict.STOP if (chosen.severity or rule.severity) == "fail" else Verdict.LOOK
    verdict = grave if too_many else Verdict.AS_EXPECTED
    return CrossCheck(name, layout, n_rows, n_broken, max_share, rule.text, verdict)
