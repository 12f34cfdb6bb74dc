"""The made-up registers through the contracts: exactly the rows that were planted are set aside."""

from __future__ import annotations

from pathlib import Path

from evalkit.registers import ExtractSpec, check_extracts, ingest
from evalkit.synthetic import load_scenario, write_extracts
from evalkit.warehouse import open_warehouse

# What each kind of broken row is to the contracts.
RULES = {
    "missing_pnr": ("person_missing",),
    "release_before_admission": ("release_before_admission",),
    "impossible_date": tuple(
        f"{column}_not_a_date" for column in ("IND_FGSLDTO", "SIG_GER1DTO", "AFG_AFGOEDTO", "DODDATO")
    ),
    "not_a_number": ("AJO_LOENTIMER_not_a_number",),
}


def test_what_was_planted_is_what_is_set_aside(tmp_path: Path) -> None:
    truth = write_extracts(tmp_path, load_scenario("haandholdt_inklusion"), n_persons=2000, seed=5)
    specs = [ExtractSpec(layout=path.stem, path=path.name) for path in sorted(tmp_path.glob("*.csv"))]
    check_extracts(specs, root=tmp_path)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        deliveries = ingest(warehouse, specs, root=tmp_path)
    assert {delivery.layout for delivery in deliveries} == truth.extracts.keys()
    for delivery in deliveries:
        planted = truth.extracts[delivery.layout]
        rules = dict(delivery.rules)
        assert delivery.n_delivered == planted.n_rows
        assert delivery.n_out_of_scope == planted.n_not_followable
        kinds = {kind: sum(rules.pop(rule, 0) for rule in RULES[kind]) for kind in planted.broken_rows}
        assert kinds == planted.broken_rows
        assert rules == {}, delivery.layout
    assert sum(delivery.n_quarantined for delivery in deliveries) > 10
