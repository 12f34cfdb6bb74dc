"""The rules of a contract in the order in which a row is held against them; the first one broken counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evalkit.registers.contract import Contract, Rule, typed_columns
from evalkit.registers.matching import Matching
from evalkit.registers.sql_text import quoted
from evalkit.registers.typed_value import is_wrong, wrong_name

__all__ = ["SMALL_FILE", "Check", "rule_book"]

SMALL_FILE = 20
"""In a file with fewer rows a share of rows says nothing, and no limit on it holds."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule as it is run.

    Parameters
    ----------
    name : str
        The rule's name.
    broken : str
        Boolean SQL that is true for a row that breaks it; empty when it is found in another way.
    max_share : float
        Most of a file's rows that may break it.
    fails : bool
        One row that breaks it stops the delivery.
    """

    name: str
    broken: str
    max_share: float
    fails: bool = False


def rule_book(contract: Contract, matching: Matching) -> tuple[Check, ...]:
    """List a file's checks.

    Parameters
    ----------
    contract : Contract
        The layout's contract.
    matching : Matching
        The columns that the file has.

    Returns
    -------
    tuple of Check
        Scope first, then the pseudonym, each column's type and blanks, the contract's rules, its key, and the cells
        of columns that become rows.
    """
    share = contract.max_quarantined_share
    return (
        *_own(contract.scope, share),
        Check("person_missing", "person_key IS NULL", share),
        *_columns(contract, matching),
        *_own(contract.rules, share),
        *((Check("duplicate_key", "", share),) if contract.key else ()),
        *_cells(contract, matching),
    )


def _own(rules: Sequence[Rule], share: float) -> list[Check]:
    return [
        Check(
            rule.name,
            f"NOT coalesce({rule.holds}, TRUE)",
            share if rule.max_share is None else rule.max_share,
            fails=rule.severity == "fail",
        )
        for rule in rules
    ]


def _columns(contract: Contract, matching: Matching) -> list[Check]:
    checks = []
    for name, column in typed_columns(contract).items():
        if name not in matching.declared:
            continue
        wrong = is_wrong(column, quoted(f"text {name}"), quoted(name), contract.no_date)
        if wrong:
            checks.append(Check(wrong_name(name, column), wrong, contract.max_quarantined_share))
        if column.filled:
            checks.append(Check(f"{name}_blank", f"{quoted(name)} IS NULL", contract.max_quarantined_share))
    return checks


def _cells(contract: Contract, matching: Matching) -> list[Check]:
    if contract.unpivot is None or contract.unpivot.type != "number":
        return []
    return [Check(f"{name}_not_a_number", "", contract.max_quarantined_share) for name in matching.unpivoted]
