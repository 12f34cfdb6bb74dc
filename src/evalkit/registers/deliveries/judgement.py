"""Judges a delivery by what was stored of it: too many rows that broke a rule, or codes that nobody knows.

Nothing is read again, so a limit or a code list can change without a new read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from evalkit.errors import ContractError
from evalkit.registers.contracts.codes import CodeList
from evalkit.registers.contracts.contract import Contract
from evalkit.registers.deliveries.delivery import DeliveredFile, Delivery
from evalkit.registers.sql_text import quoted
from evalkit.warehouse import Warehouse

__all__ = ["SMALL_FILE", "findings"]

SMALL_FILE = 20
"""In a file with fewer rows a share of rows says nothing, and no limit on it holds."""

_SHORT_CODE = re.compile(r"[A-Za-z0-9-]{1,4}")
_N_SHOWN = 5


def findings(warehouse: Warehouse, delivery: Delivery, contract: Contract) -> list[ContractError]:
    """Find what speaks against a delivery.

    Parameters
    ----------
    warehouse : Warehouse
        Where its rows are.
    delivery : Delivery
        The delivery.
    contract : Contract
        Its contract, with what the study decides.

    Returns
    -------
    list of ContractError
        At most one, which says everything.
    """
    said = [text for file in delivery.files for text in _too_many(file, contract)]
    said += [*_unknown_codes(warehouse, delivery, contract), *_unknown_cells(warehouse, delivery, contract)]
    if not said:
        return []
    files = delivery.files[0].name if len(delivery.files) == 1 else f"{len(delivery.files)} files"
    return [
        ContractError(
            f"extract {delivery.layout}: {files}: {'; '.join(said)}.",
            hint=(
                "Put the extract right, or say in the study file what holds: [extract.rules] for a limit, "
                "[extract.code_lists] for codes."
            ),
        )
    ]


def _too_many(file: DeliveredFile, contract: Contract) -> list[str]:
    limits = {rule.name: rule.max_share for rule in (*contract.scope, *contract.rules)}
    fails = {rule.name for rule in contract.rules if rule.severity == "fail"}
    counts = {**file.rules, **file.warnings}
    if file.n_out_of_scope:
        counts[contract.scope[0].name] = file.n_out_of_scope
    said = []
    for name, n_rows in counts.items():
        limit = limits.get(name)
        limit = contract.max_quarantined_share if limit is None else limit
        of = f"{n_rows} of {file.n_delivered} rows break the rule {name}"
        if name in fails:
            said.append(of)
        elif file.n_delivered >= SMALL_FILE and n_rows > limit * file.n_delivered:
            said.append(f"{of} (at most {limit:.0%} may)")
    return said


def _unknown_codes(warehouse: Warehouse, delivery: Delivery, contract: Contract) -> list[str]:
    table, said = f"delivered.{quoted(f'{delivery.layout}_{delivery.number}')}", []
    for name, column in contract.columns.items():
        if column.codes and column.unknown == "fail":
            listed = quoted(name)
            found = warehouse.fetch(
                f"SELECT {listed} AS value, count(*) AS n FROM {table} "  # noqa: S608 - identifiers
                f"WHERE _rule IS NULL AND {listed} IS NOT NULL GROUP BY {listed}"
            )
            said += _unknown(f"of {name}", contract.codes[column.codes], dict(found.iter_rows()))
    return said


def _unknown_cells(warehouse: Warehouse, delivery: Delivery, contract: Contract) -> list[str]:
    said = []
    for one in contract.unpivot:
        if one.codes is None:
            continue
        table = f"delivered.{quoted(f'{one.into}_{delivery.number}')}"
        cells = {
            "iso_week": "sum(stop_date - start_date) // 7",
            "month": "sum(date_diff('month', start_date, stop_date))",
        }
        found = warehouse.fetch(
            f"SELECT value, CAST({cells.get(one.names, 'count(*)')} AS BIGINT) AS n FROM {table} GROUP BY value"  # noqa: S608 - an identifier
        )
        said += _unknown(
            f"in the columns {one.columns}", contract.codes[one.codes], dict(found.iter_rows()), what="cells"
        )
    return said


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
