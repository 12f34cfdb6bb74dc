"""The rules of a contract in the order in which a row is held against them; the first one broken counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evalkit.registers.contracts.codes import CodeList
from evalkit.registers.contracts.contract import Contract, Rule, typed_columns
from evalkit.registers.contracts.matching import Matching
from evalkit.registers.sql_text import literals, quoted
from evalkit.registers.typed.typed_value import is_wrong, wrong_name

__all__ = ["DUPLICATE_KEY", "MALFORMED", "PERSON_MISSING", "Check", "rule_book"]

MALFORMED = "malformed_row"
"""The rule that a record with the wrong number of fields breaks."""
PERSON_MISSING = "person_missing"
DUPLICATE_KEY = "duplicate_key"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule as it is run.

    Parameters
    ----------
    name : str
        The rule's name.
    broken : str
        Boolean SQL that is true for a row that breaks it; empty when it is found in another way.
    kind : {"scope", "warn", "quarantine", "fail"}
        What becomes of the row: not this study's, counted only, set aside, or set aside and the delivery stops.
    max_share : float, optional
        Most of a file's rows that may break it; the contract's limit when None.
    """

    name: str
    broken: str
    kind: Literal["scope", "warn", "quarantine", "fail"] = "quarantine"
    max_share: float | None = None


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
        Scope first, then the pseudonym, each column's type, blanks and codes, the contract's rules, its key, and the
        cells of columns that become rows; last the rules that only warn.
    """
    own = [_own(rule, rule.severity) for rule in contract.rules]
    return (
        *(_own(rule, "scope") for rule in contract.scope),
        Check(PERSON_MISSING, "person_key IS NULL"),
        *_columns(contract, matching),
        *(check for check in own if check.kind != "warn"),
        *((Check(DUPLICATE_KEY, ""),) if contract.key else ()),
        *_cells(contract, matching),
        *(check for check in own if check.kind == "warn"),
    )


def _own(rule: Rule, kind: Literal["scope", "warn", "quarantine", "fail"]) -> Check:
    return Check(rule.name, f"NOT coalesce({rule.holds}, TRUE)", kind, rule.max_share)


def _columns(contract: Contract, matching: Matching) -> list[Check]:
    checks = []
    for name, column in typed_columns(contract).items():
        if name not in matching.declared:
            continue
        wrong = is_wrong(column, quoted(f"text {name}"), quoted(name), contract.no_date)
        if wrong:
            checks.append(Check(wrong_name(name, column), wrong))
        if column.filled:
            checks.append(Check(f"{name}_blank", f"{quoted(name)} IS NULL"))
        if column.codes and column.unknown == "quarantine":
            checks.append(Check(f"{name}_unknown_code", _outside(quoted(name), contract.codes[column.codes])))
    return checks


def _outside(value: str, codes: CodeList) -> str:
    """Return SQL that is true for a value that a code list does not have."""
    known = [f"{value} IN ({literals(codes.single)})"] if codes.single else []
    known += [f"TRY_CAST({value} AS BIGINT) BETWEEN {low} AND {high}" for low, high in codes.ranges]
    return f"NOT coalesce({' OR '.join(known)}, FALSE) AND {value} IS NOT NULL"


def _cells(contract: Contract, matching: Matching) -> Sequence[Check]:
    return [
        Check(f"{name}_not_a_number", "")
        for one in contract.unpivot
        if one.type == "number"
        for name in matching.unpivoted[one.into]
    ]
