"""Takes in the extracts of a study: each register whole or not at all, and only what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from evalkit.errors import DeliveryError
from evalkit.registers.check import refuse_twice
from evalkit.registers.contracts.contract import Contract, load_contract
from evalkit.registers.contracts.extract import ExtractSpec
from evalkit.registers.contracts.study_contract import contract_for
from evalkit.registers.deliveries.delivery import DeliveredFile, Delivery, forget, remember, remembered
from evalkit.registers.deliveries.judgement import findings
from evalkit.registers.deliveries.seal import is_sealed, refuse_sealed
from evalkit.registers.deliveries.views import show
from evalkit.registers.evidence.stop import raise_for
from evalkit.registers.evidence.trust import TrustDefinition
from evalkit.registers.evidence.weigh import weigh
from evalkit.registers.intake.header_check import RegisterAtHand, at_hand, each, raise_together
from evalkit.registers.intake.person_keys import PersonKeys
from evalkit.registers.intake.source import file_digest, locate
from evalkit.registers.intake.take_in import drop_tables, take_in_files
from evalkit.warehouse import Warehouse

__all__ = ["ingest"]

Progress = Callable[[str], None]

NO_VINTAGE = date.max
"""The vintage of deliveries that are not versioned: the newest there can be."""


def ingest(  # noqa: PLR0913 - what a study says of its deliveries
    warehouse: Warehouse,
    specs: Sequence[ExtractSpec],
    *,
    root: Path,
    vintage: date | None = None,
    as_of: date | None = None,
    trust: TrustDefinition | None = None,
    progress: Progress | None = None,
) -> tuple[Delivery, ...]:
    """Take in all extracts of a study and show them as ``staging``.

    For every file, rows delivered (counted without reading it as a table) = rows staged + rows quarantined + rows out
    of scope; a row that breaks two rules counts under the first. A register whose files, contract and settings have not
    changed is not read again. A register is taken in whole or not at all; what was taken in well is kept when another
    register fails, and ``staging`` stays as it was.

    Parameters
    ----------
    warehouse : Warehouse
        Where ``delivered``, ``vault``, ``quarantine`` and the views ``typed`` and ``staging`` are made.
    specs : sequence of ExtractSpec
        The study's extracts.
    root : Path
        The folder that their paths are relative to.
    vintage : date, optional
        The vintage of extracts that do not say their own; without it they count as the newest.
    as_of : date, optional
        Show what was known then: of each layout the newest delivery with a vintage up to this day, among the extracts
        and among what the warehouse has kept.
    trust : TrustDefinition, optional
        What the study holds the deliveries to, against their past, each other and the population; the defaults when
        absent.
    progress : callable, optional
        Called with each layout's name before its files are read.

    Returns
    -------
    tuple of Delivery
        One a layout, in the order of the extracts.

    Raises
    ------
    ConfigError
        When a layout is given twice for one vintage, or an extract renames a column that its layout does not have.
    DeliveryError
        When a layout is unknown, an extract is wrong, none of a layout was known at `as_of`, or the deliveries cannot
        be trusted: their persons or counts are suddenly others, or they contradict each other.
    """
    refuse_twice(specs)
    if not is_sealed(warehouse):
        _make_tables(warehouse)
    dated = [spec.model_copy(update={"vintage": spec.vintage or vintage or NO_VINTAGE}) for spec in specs]
    chosen = _chosen(dated, remembered(warehouse), as_of or NO_VINTAGE)
    known = each(chosen, lambda one: one if isinstance(one, Delivery) else _known_or_at_hand(warehouse, one, root))
    persons = PersonKeys(warehouse)
    deliveries = each(known, lambda one: _taken_in(warehouse, one, persons, progress or _quiet))
    contracts = {spec.layout: contract_for(spec, root) for spec in dated}
    raise_together([found for one in deliveries for found in findings(warehouse, one, contracts[one.layout])])
    with warehouse.transaction():
        show(warehouse, deliveries)
        raise_for(weigh(warehouse, deliveries, contracts, trust))
    return tuple(deliveries)


def _quiet(_: str) -> None:
    pass


def _make_tables(warehouse: Warehouse) -> None:
    warehouse.execute("CREATE TABLE IF NOT EXISTS vault.person (person_id VARCHAR, person_key BIGINT)")
    warehouse.execute(
        "CREATE TABLE IF NOT EXISTS vault.set_aside "
        "(delivery INTEGER, file_number INTEGER, row_number BIGINT, text VARCHAR)"
    )
    warehouse.execute(
        "CREATE TABLE IF NOT EXISTS quarantine.row "
        "(delivery INTEGER, layout VARCHAR, file_number INTEGER, file VARCHAR, row_number BIGINT, rule VARCHAR)"
    )


def _chosen(specs: Sequence[ExtractSpec], stored: Sequence[Delivery], as_of: date) -> list[ExtractSpec | Delivery]:
    """Of each layout, what is newest as of a day: an extract at hand, or a delivery that the warehouse has kept."""
    return each(dict.fromkeys(spec.layout for spec in specs), lambda layout: _newest(layout, specs, stored, as_of))


def _newest(
    layout: str, specs: Sequence[ExtractSpec], stored: Sequence[Delivery], as_of: date
) -> ExtractSpec | Delivery:
    at_hand_then = [spec for spec in specs if spec.layout == layout and _vintage(spec) <= as_of]
    if at_hand_then:
        return max(at_hand_then, key=_vintage)
    kept = [one for one in stored if one.layout == layout and one.vintage <= as_of]
    if not kept:
        raise DeliveryError(
            f"extract {layout}: no delivery was known on {as_of}.",
            hint="Name an older one in the study file, with its vintage.",
        )
    return max(kept, key=lambda one: one.vintage)


def _vintage(spec: ExtractSpec) -> date:
    return spec.vintage or NO_VINTAGE


def _known_or_at_hand(warehouse: Warehouse, spec: ExtractSpec, root: Path) -> Delivery | RegisterAtHand:
    """Find the delivery that is the same as the files at hand, else look at the files."""
    contract = contract_for(spec, root)
    paths = locate(spec, root)
    stored = [one for one in remembered(warehouse) if one.layout == spec.layout]
    digests = _known_digests(paths, [file for one in stored for file in one.files], spec.layout)
    if digests is not None:
        wanted = _fingerprint(spec, contract, zip((path.name for path in paths), digests, strict=True))
        same = next((one for one in stored if one.fingerprint == wanted), None)
        if same is not None:
            return _under_vintage(warehouse, same, _vintage(spec))
    return at_hand(spec, root)


def _under_vintage(warehouse: Warehouse, same: Delivery, vintage: date) -> Delivery:
    if same.vintage == vintage:
        return same
    again = Delivery(same.number, same.layout, vintage, same.fingerprint, same.files, same.tables)
    with warehouse.transaction():
        remember(warehouse, again)
    return again


def _known_digests(paths: Sequence[Path], known: Sequence[DeliveredFile], layout: str) -> list[str] | None:
    """Digests of files that were seen before; None when one was not.

    A file of the same size and time of writing is the same file; one of the same size only is read to be sure.
    """
    by_state = {(file.n_bytes, file.modified_ns): file.sha256 for file in known}
    by_digest, sizes = {file.sha256 for file in known}, {file.n_bytes for file in known}
    digests = []
    for path in paths:
        state = path.stat()
        digest = by_state.get((state.st_size, state.st_mtime_ns))
        if digest is None and state.st_size in sizes:
            digest = file_digest(path, layout)
        if digest is None or digest not in by_digest:
            return None
        digests.append(digest)
    return digests


def _taken_in(warehouse: Warehouse, one: Delivery | RegisterAtHand, persons: PersonKeys, say: Progress) -> Delivery:
    if isinstance(one, Delivery):
        return one
    spec, contract = one.spec, one.contract
    refuse_sealed(warehouse, spec.layout)
    say(spec.layout)
    with persons.kept_together(), warehouse.transaction():
        stored = remembered(warehouse)
        number = max((delivery.number for delivery in stored), default=0) + 1
        files = take_in_files(warehouse, one, number, persons)
        fingerprint = _fingerprint(spec, contract, ((file.name, file.sha256) for file in files))
        tables = tuple(f"staging.{table}" for table in (spec.layout, *contract.tables))
        delivery = Delivery(number, spec.layout, _vintage(spec), fingerprint, files, tables)
        _drop_replaced(warehouse, stored, delivery)
        remember(warehouse, delivery)
    return delivery


def _drop_replaced(warehouse: Warehouse, stored: Sequence[Delivery], new: Delivery) -> None:
    """Drop the tables of the delivery that this one takes the place of, unless another vintage has the same content."""
    replaced = [one for one in stored if (one.layout, one.vintage) == (new.layout, new.vintage)]
    kept = {one.number for one in stored if one not in replaced}
    for one in replaced:
        forget(warehouse, one.layout, one.vintage)
        if one.number not in kept:
            show(warehouse, [])  # views must not outlive their tables
            drop_tables(warehouse, load_contract(one.layout), one.layout, one.number)


def _fingerprint(spec: ExtractSpec, contract: Contract, files: Iterable[tuple[str, str]]) -> str:
    """Fingerprint all that decides what is stored: content, reading and settings, but no limits, paths and vintage."""
    reading = contract.model_copy(
        update={
            "rules": tuple(
                rule.model_copy(
                    update={"max_share": None, "severity": "warn" if rule.severity == "warn" else "quarantine"}
                )
                for rule in contract.rules
            ),
            "max_quarantined_share": 0.0,
        }
    )
    said = spec.model_dump_json(exclude={"path", "vintage", "rules", "code_lists"})
    content = [f"{digest} {json.dumps(spec.values_of(name))}" for name, digest in files]
    stored = reading.model_dump_json(exclude={"workplaces"})
    return hashlib.sha256("\0".join([said, stored, *content]).encode()).hexdigest()[:12]
