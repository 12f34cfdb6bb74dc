"""Sets aside the rows that break a rule, and stops the delivery when too many do or a code is unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evalkit.errors import ContractError
from evalkit.registers.codes import CodeList
from evalkit.registers.contract import Contract
from evalkit.registers.inspection import Inspection
from evalkit.registers.raw import MALFORMED
from evalkit.registers.rule_book import SMALL_FILE, Check
from evalkit.registers.sql_text import quoted
from evalkit.registers.typed_value import code
from evalkit.registers.typing_pass import scratch
from evalkit.warehouse import Warehouse

__all__ = ["broken_rules", "contract_findings", "quarantine_rows"]

_SHORT_CODE = re.compile(r"[A-Za-z0-9-]{1,4}")
_N_SHOWN = 5


def broken_rules(warehouse: Warehouse, inspection: Inspection, checks: Sequence[Check]) -> dict[str, int]:
    """Count the rows that break each rule; a row counts under the first one.

    Parameters
    ----------
    warehouse : Warehouse
        Where the typed rows are.
    inspection : Inspection
        The extract.
    checks : sequence of Check
        Its checks.

    Returns
    -------
    dict of str to int
        Rows by rule, in rule order, without the rules that all rows keep.
    """
    found = warehouse.fetch(
        f"SELECT _rule, count(*) AS n FROM {scratch(inspection.spec.layout)} "  # noqa: S608 - an identifier
        "WHERE _rule IS NOT NULL GROUP BY _rule ORDER BY _rule"
    )
    malformed = {MALFORMED: inspection.n_malformed} if inspection.n_malformed else {}
    return malformed | {checks[number - 1].name: n for number, n in found.iter_rows()}


def contract_findings(
    warehouse: Warehouse, inspection: Inspection, checks: Sequence[Check], broken: Mapping[str, int]
) -> list[ContractError]:
    """Find what stops the delivery.

    Parameters
    ----------
    warehouse : Warehouse
        Where the typed rows are.
    inspection : Inspection
        The extract.
    checks : sequence of Check
        Its checks.
    broken : mapping of str to int
        Rows by rule.

    Returns
    -------
    list of ContractError
        At most one, which says everything.
    """
    findings = [
        *_too_many(inspection, checks, broken),
        *_unknown_codes(warehouse, inspection),
        *_unknown_cells(warehouse, inspection),
    ]
    if not findings:
        return []
    where = f"extract {inspection.spec.layout}: {inspection.path.name}"
    return [
        ContractError(
            f"{where}: {'; '.join(findings)}.",
            hint=f"Put the extract right, or the contract sql/staging/{inspection.spec.layout}.toml.",
        )
    ]


def quarantine_rows(warehouse: Warehouse, inspection: Inspection, checks: Sequence[Check]) -> None:
    """Move the rows that broke a rule from the typed rows to ``quarantine.row``; their text stays in ``raw``.

    Parameters
    ----------
    warehouse : Warehouse
        Where the tables are.
    inspection : Inspection
        The extract.
    checks : sequence of Check
        Its checks.
    """
    table = scratch(inspection.spec.layout)
    warehouse.execute(
        "INSERT INTO quarantine.row SELECT $layout, $file, _row, list_extract($rules, CAST(_rule AS INTEGER)), NULL "  # noqa: S608
        f"FROM {table} WHERE _rule IS NOT NULL ORDER BY _row",  # an identifier
        {
            "layout": inspection.spec.layout,
            "file": inspection.path.name,
            "rules": [check.name for check in checks],
        },
    )
    warehouse.execute(f"DELETE FROM {table} WHERE _rule IS NOT NULL")  # noqa: S608 - an identifier


def _too_many(inspection: Inspection, checks: Sequence[Check], broken: Mapping[str, int]) -> list[str]:
    by_name = {check.name: check for check in checks}
    default = Check(MALFORMED, "", inspection.contract.max_quarantined_share)
    findings = []
    for name, n_rows in broken.items():
        check = by_name.get(name, default)
        of = f"{n_rows} of {inspection.n_rows} rows break the rule {name}"
        if check.fails:
            findings.append(of)
        elif inspection.n_rows >= SMALL_FILE and n_rows > check.max_share * inspection.n_rows:
            findings.append(f"{of} (at most {check.max_share:.0%} may)")
    return findings


def _unknown_codes(warehouse: Warehouse, inspection: Inspection) -> list[str]:
    contract, findings = inspection.contract, []
    for name, column in contract.columns.items():
        if column.codes and name in inspection.matching.declared:
            table, listed = scratch(inspection.spec.layout), quoted(name)
            found = warehouse.fetch(
                f"SELECT {listed} AS value, count(*) AS n FROM {table} "  # noqa: S608 - identifiers
                f"WHERE _rule IS NULL AND {listed} IS NOT NULL GROUP BY {listed}"
            )
            findings += _unknown(f"of {name}", contract.codes[column.codes], dict(found.iter_rows()))
    return findings


def _unknown_cells(warehouse: Warehouse, inspection: Inspection) -> list[str]:
    contract = inspection.contract
    codes = _cell_codes(contract)
    if codes is None or contract.unpivot is None:
        return []
    cells, rows = quoted(contract.unpivot.into), scratch(inspection.spec.layout)
    found = warehouse.fetch(
        f"SELECT {code('trim(value)')} AS value, count(*) AS n FROM raw.{cells} "  # noqa: S608 - identifiers
        f"WHERE trim(value) <> '' AND _row IN (SELECT _row FROM {rows} WHERE _rule IS NULL) GROUP BY ALL"
    )
    return _unknown(f"in the columns {contract.unpivot.columns}", codes, dict(found.iter_rows()), what="cells")


def _cell_codes(contract: Contract) -> CodeList | None:
    if contract.unpivot is None or contract.unpivot.codes is None:
        return None
    return contract.codes[contract.unpivot.codes]


def _unknown(where: str, codes: CodeList, counts: Mapping[str, int], *, what: str = "rows") -> list[str]:
    unknown = codes.unknown(set(counts))
    if not unknown:
        return []
    n_rows = sum(counts[value] for value in unknown)
    # A short code is no person's value; anything longer may have slipped in from another column.
    short = sorted(value for value in unknown if _SHORT_CODE.fullmatch(value))
    shown = f" ({', '.join(short[:_N_SHOWN])}{', …' if len(unknown) > len(short[:_N_SHOWN]) else ''})" if short else ""
    noun = "value" if len(unknown) == 1 else "values"
    return [f"{len(unknown)} unknown {noun}{shown} {where} in {n_rows} {what}"]
