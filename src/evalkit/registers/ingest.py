"""Takes in the extracts of a study: file → raw → vault → staging, and what does not fit → quarantine."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evalkit.errors import ContractError, DeliveryError
from evalkit.registers.check import inspect_all, raise_together
from evalkit.registers.contract import contract_fingerprint
from evalkit.registers.delivery import Delivery, store_deliveries, stored_deliveries
from evalkit.registers.extract import ExtractSpec
from evalkit.registers.inspection import Inspection
from evalkit.registers.raw import load_raw
from evalkit.registers.rule_book import rule_book
from evalkit.registers.screening import broken_rules, contract_findings
from evalkit.registers.source import file_digest, locate
from evalkit.registers.sql_text import literals, quoted
from evalkit.registers.staging import drop_scratch, stage
from evalkit.registers.typing_pass import type_rows
from evalkit.warehouse import Warehouse

__all__ = ["ingest"]

Progress = Callable[[str], None]


def ingest(
    warehouse: Warehouse, specs: Sequence[ExtractSpec], *, root: Path, progress: Progress | None = None
) -> tuple[Delivery, ...]:
    """Take in all extracts of a study, or none.

    For every file, rows delivered (counted without the database) = rows staged + rows quarantined; a row that breaks
    two rules counts under the first. When no file, contract or setting has changed since the last time, nothing is
    done. When any has, everything is taken in anew, because the person keys are made over all files.

    Parameters
    ----------
    warehouse : Warehouse
        Where ``raw``, ``vault``, ``staging``, ``quarantine`` and ``meta.delivery`` are made.
    specs : sequence of ExtractSpec
        The study's extracts.
    root : Path
        The folder that their paths are relative to.
    progress : callable, optional
        Called with each layout's name before its file is read, and again before it is staged.

    Returns
    -------
    tuple of Delivery
        One an extract, in the same order.

    Raises
    ------
    ConfigError
        When a layout is given twice, or an extract renames a column that its layout does not have.
    DeliveryError
        When a layout is unknown or an extract is wrong; the warehouse is then as it was.
    """
    say = progress or _quiet
    digests = _digests(specs, root)
    stored = {delivery.layout: delivery for delivery in stored_deliveries(warehouse)}
    fingerprints = _fingerprints(specs, digests) if digests else {}
    if digests and {layout: known.fingerprint for layout, known in stored.items()} == fingerprints:
        return tuple(stored[spec.layout] for spec in specs)
    inspections = inspect_all(specs, root)
    with warehouse.transaction():
        _start_anew(warehouse)
        _load_all(warehouse, inspections, say)
        _make_person_keys(warehouse, inspections)
        staged = _stage_all(warehouse, inspections, say)
        deliveries = tuple(
            replace(one, sha256=digests[one.layout], fingerprint=fingerprints[one.layout]) for one in staged
        )
        store_deliveries(warehouse, deliveries)
    return deliveries


def _quiet(_: str) -> None:
    pass


def _digests(specs: Sequence[ExtractSpec], root: Path) -> dict[str, str]:
    """Digest the files; empty when one is not there, which the inspection then says in full."""
    try:
        return {spec.layout: file_digest(locate(spec, root), spec.layout) for spec in specs}
    except DeliveryError:
        return {}


def _fingerprints(specs: Sequence[ExtractSpec], digests: Mapping[str, str]) -> dict[str, str]:
    # Without the path: a study that is moved is the same study.
    own = {
        spec.layout: (
            spec.layout,
            digests[spec.layout],
            contract_fingerprint(spec.layout),
            spec.model_dump_json(exclude={"path"}),
        )
        for spec in specs
    }
    everything = [part for layout in sorted(own) for part in own[layout]]
    return {layout: _hash(layout, *everything) for layout in own}


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _start_anew(warehouse: Warehouse) -> None:
    for schema in ("raw", "vault", "staging", "quarantine"):
        warehouse.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        warehouse.execute(f"CREATE SCHEMA {schema}")
    warehouse.execute(
        "CREATE TABLE quarantine.row (layout VARCHAR, file VARCHAR, row_number BIGINT, rule VARCHAR, raw_line VARCHAR)"
    )


def _load_all(warehouse: Warehouse, inspections: Sequence[Inspection], say: Progress) -> None:
    with tempfile.TemporaryDirectory(prefix="evalkit-", dir=_folder_of(warehouse)) as folder:
        for inspection in inspections:
            say(inspection.spec.layout)
            load_raw(warehouse, inspection, Path(folder))


def _folder_of(warehouse: Warehouse) -> Path | None:
    """Name the warehouse's folder: a copy of a person's data must not lie anywhere else."""
    path = warehouse.fetch("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").item()
    return Path(path).parent if path else None


def _make_person_keys(warehouse: Warehouse, inspections: Sequence[Inspection]) -> None:
    """Make `vault.person`; keys follow the pseudonyms' digests, so that no order of delivery shows in them."""
    ids = []
    for inspection in inspections:
        person = inspection.contract.person
        column, table = quoted(person.column), quoted(inspection.spec.layout)
        missing = literals(("", *person.missing))
        ids.append(f"SELECT trim({column}) AS person_id FROM raw.{table} WHERE trim({column}) NOT IN ({missing})")  # noqa: S608 - identifiers
    warehouse.execute(
        "CREATE TABLE vault.person AS SELECT person_id, "  # noqa: S608 - identifiers
        "row_number() OVER (ORDER BY sha256(person_id), person_id) AS person_key "
        f"FROM (SELECT DISTINCT person_id FROM ({' UNION ALL '.join(ids)}) AS ids) AS persons ORDER BY person_key"
    )


def _stage_all(warehouse: Warehouse, inspections: Sequence[Inspection], say: Progress) -> tuple[Delivery, ...]:
    deliveries: list[Delivery] = []
    findings: list[ContractError] = []
    for inspection in inspections:
        layout = inspection.spec.layout
        say(layout)
        checks = rule_book(inspection.contract, inspection.matching)
        type_rows(warehouse, inspection, checks)
        broken = broken_rules(warehouse, inspection, checks)
        findings += contract_findings(warehouse, inspection, checks, broken)
        if not findings:
            n_staged, n_quarantined = stage(warehouse, inspection, checks)
            deliveries.append(_delivery(inspection, n_staged, n_quarantined, broken))
        drop_scratch(warehouse, inspection)
    raise_together(findings)
    return tuple(deliveries)


def _delivery(inspection: Inspection, n_staged: int, n_quarantined: int, broken: Mapping[str, int]) -> Delivery:
    spec, file = inspection.spec, inspection.path.name
    if not inspection.n_rows == n_staged + n_quarantined == n_staged + sum(broken.values()):
        raise DeliveryError(
            f"extract {spec.layout}: {file}: {inspection.n_rows} rows delivered, {n_staged} staged and "
            f"{n_quarantined} quarantined, which does not add up.",
            hint="Nothing was taken in. This is a bug in evalkit; please report it.",
        )
    return Delivery(
        spec.layout,
        file,
        sha256="",
        fingerprint="",
        n_delivered=inspection.n_rows,
        n_staged=n_staged,
        n_quarantined=n_quarantined,
        rules=broken,
        tables=tuple(f"staging.{table}" for table in (spec.layout, *inspection.contract.tables)),
        extra_columns=tuple(inspection.matching.extra),
    )
