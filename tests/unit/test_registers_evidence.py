"""The evidence as a whole: stored once, judged by limits that change without a new read, told in counts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit.config import parse
from evalkit.errors import ConfigError, ContractError, DeliveryError
from evalkit.registers import Delivery, ExtractSpec, delivery_report, ingest, load_contract, write_delivery_report
from evalkit.registers.deliveries.delivery import remember, remembered
from evalkit.registers.deliveries.views import show
from evalkit.registers.evidence.changes import Change
from evalkit.registers.evidence.report import evidence_lines, summary_lines
from evalkit.registers.evidence.stop import raise_for
from evalkit.registers.evidence.trust import Limits, RegisterLimits, TrustDefinition, Verdict
from evalkit.registers.evidence.weigh import Evidence, weigh
from evalkit.registers.evidence.words import Told, told
from evalkit.warehouse import Warehouse, open_warehouse
from tests.unit.deliveries import deliver

FIRST, SECOND = date(2022, 7, 1), date(2022, 10, 1)
YEARS = (2018, 2019, 2020, 2021)
RULE = """
reads = ["tilbud"]
max_share = 0.1
[text]
da = "Svaret er nej."
en = "The answer is no."
"""
SAID_NO = """
SELECT 'tilbud' AS layout, count(*) AS n_rows, count(*) FILTER (WHERE NOT accepted) AS n_broken FROM staging.tilbud
"""


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "said_no.toml").write_text(RULE)
    (tmp_path / "said_no.sql").write_text(SAID_NO)
    return tmp_path


def offers() -> dict[str, list[Any]]:
    """A hundred offers a year, each to a person of its own; every fourth says no; two municipalities."""
    days = [date(year, 1, 1) + timedelta(days=3 * i) for year in YEARS for i in range(100)]
    return {
        "person_key": list(range(len(days))),
        "TILBUDT_DATO": days,
        "KOMMUNE": ["316" if i % 2 else "615" for i in range(len(days))],
        "SVAR": [i % 4 != 0 for i in range(len(days))],
    }


def without(rows: dict[str, list[Any]], year: int) -> dict[str, list[Any]]:
    kept = [i for i, day in enumerate(rows["TILBUDT_DATO"]) if day.year != year]
    return {name: [values[i] for i in kept] for name, values in rows.items()}


def weighed(
    warehouse: Warehouse, deliveries: list[Delivery], rules: Path, trust: TrustDefinition | None = None
) -> Evidence:
    contracts = {one.layout: load_contract(one.layout) for one in deliveries}
    with warehouse.transaction():
        show(warehouse, deliveries)
        return weigh(warehouse, deliveries, contracts, trust, rules=rules)


def twice(
    warehouse: Warehouse, rules: Path, now: dict[str, list[Any]], trust: TrustDefinition | None = None
) -> Evidence:
    deliver(warehouse, "tilbud", FIRST, offers())
    return weighed(warehouse, [deliver(warehouse, "tilbud", SECOND, now)], rules, trust)


def trust_of(text: str) -> TrustDefinition:
    return parse(TrustDefinition, tomllib.loads(text), source=Path("study.toml"))


MILD = "[checks.said_no]\nmax_share = 0.3\n[layouts.tilbud.rows]\nlook = 0.9\nstop = 1.0"


def test_the_first_delivery_has_nothing_to_be_held_against(warehouse: Warehouse, rules: Path) -> None:
    evidence = weighed(warehouse, [deliver(warehouse, "tilbud", FIRST, offers())], rules)
    assert [(one.before, one.comparison.n_compared) for one in evidence.history] == [(None, 0)]
    assert evidence.there_again == ()
    raise_for(evidence)


def test_an_ordinary_quarter_passes(warehouse: Warehouse, rules: Path) -> None:
    now = offers()
    for name, value in {"person_key": 900, "TILBUDT_DATO": date(2022, 8, 1), "KOMMUNE": "316", "SVAR": True}.items():
        now[name].append(value)
    evidence = twice(warehouse, rules, now)
    assert evidence.history[0].comparison.changes == ()
    assert evidence.history[0].comparison.n_compared > 20
    raise_for(evidence)


def test_the_same_content_at_a_later_vintage_is_said_to_be_the_same(warehouse: Warehouse, rules: Path) -> None:
    one = deliver(warehouse, "tilbud", FIRST, offers())
    again = Delivery(one.number, one.layout, SECOND, one.fingerprint, one.files, one.tables)
    remember(warehouse, again)
    evidence = weighed(warehouse, [again], rules)
    assert [(item.before, item.is_same) for item in evidence.history] == [(FIRST, True)]
    assert "| tilbud | complete before 2022-07-01: the same content | | | |" in delivery_report([again], evidence)


def test_the_newest_of_the_earlier_ones_is_taken_whatever_came_in_last(warehouse: Warehouse, rules: Path) -> None:
    newest = deliver(warehouse, "tilbud", SECOND, offers())
    deliver(warehouse, "tilbud", FIRST, offers())
    deliver(warehouse, "tilbud", date(2022, 4, 1), offers())
    assert weighed(warehouse, [newest], rules).history[0].before == FIRST


def test_a_lost_year_stops_with_figures_and_advice(warehouse: Warehouse, rules: Path) -> None:
    evidence = twice(warehouse, rules, without(offers(), 2019))
    with pytest.raises(DeliveryError) as caught:
        raise_for(evidence)
    assert caught.value.exit_code == 11
    assert str(caught.value) == (
        "extract tilbud: changed since the delivery complete before 2022-07-01: rows in 2019: 0, before 100; "
        "persons in 2019: 0, before 100. Have the extract put right, or say in the study file how much may change: "
        "rows, missing and codes in trust.layouts.tilbud."
    )


def test_a_new_keying_stops_with_figures_and_advice(warehouse: Warehouse, rules: Path) -> None:
    now = {**offers(), "person_key": list(range(5000, 5400))}
    with pytest.raises(DeliveryError) as caught:
        raise_for(twice(warehouse, rules, now))
    assert caught.value.exit_code == 11
    assert str(caught.value) == (
        "extract tilbud: the persons of the delivery before are not there again. tilbud: of 400 persons in the "
        "delivery complete before 2022-07-01 with a row in a year that both hold whole, 400 are gone and 0 have "
        "another first date. Ask the data owner whether the pseudonyms were made with another key: a warehouse cannot "
        "hold two keyings. Or say in the study file how many may be gone: not_there_again in trust.layouts."
    )


def test_a_rule_across_registers_warns_or_stops_as_the_study_says(warehouse: Warehouse, rules: Path) -> None:
    now = deliver(warehouse, "tilbud", FIRST, offers())
    evidence = weighed(warehouse, [now], rules)
    assert [(one.n_rows, one.n_broken, one.verdict) for one in evidence.checks] == [(400, 100, Verdict.LOOK)]
    raise_for(evidence)
    with pytest.raises(ContractError) as caught:
        raise_for(weighed(warehouse, [now], rules, trust_of('[checks.said_no]\nseverity = "fail"')))
    assert str(caught.value) == (
        "extract tilbud: 100 of 400 rows (25.0 %) break the rule said_no, at most 10.0 % may: The answer is no. Have "
        "the extracts put right, or say in the study file what holds: trust.checks.said_no."
    )


def test_persons_outside_the_population_stop_with_figures(warehouse: Warehouse, rules: Path) -> None:
    residents: dict[str, Any] = {"person_key": list(range(5000, 5400)), "REFERENCETID": [date(2021, 12, 31)] * 400}
    deliveries = [deliver(warehouse, "bef", FIRST, residents), deliver(warehouse, "tilbud", FIRST, offers())]
    with pytest.raises(
        DeliveryError, match=r"not in the population register\. tilbud: 400 of 400\. Ask the data owner"
    ):
        raise_for(weighed(warehouse, deliveries, rules))


def test_all_that_stops_is_said_at_once(warehouse: Warehouse, rules: Path) -> None:
    now = {**without(offers(), 2019), "person_key": list(range(5000, 5300))}
    strict = trust_of('[checks.said_no]\nseverity = "fail"')
    with pytest.raises(DeliveryError) as caught:
        raise_for(twice(warehouse, rules, now, strict))
    assert [part in str(caught.value) for part in ("not there again", "rows in 2019", "rule said_no")] == [True] * 3


class Watched:
    """A warehouse that notes what is asked of it."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.asked: list[str] = []

    def fetch(self, sql: str, parameters: dict[str, object] | None = None) -> pl.DataFrame:
        self.asked.append(sql)
        return self.warehouse.fetch(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.warehouse, name)


def test_a_limit_changes_without_a_row_being_looked_at_again(warehouse: Warehouse, rules: Path) -> None:
    deliver(warehouse, "tilbud", FIRST, offers())
    now = deliver(warehouse, "tilbud", SECOND, without(offers(), 2019))
    strict = weighed(warehouse, [now], rules)
    watched: Any = Watched(warehouse)
    mild = weigh(watched, [now], {"tilbud": load_contract("tilbud")}, trust_of(MILD), rules=rules)
    assert [one.verdict for one in strict.checks] == [Verdict.LOOK]
    assert [one.verdict for one in mild.checks] == [Verdict.AS_EXPECTED]
    assert [one.verdict for one in strict.history[0].comparison.changes] == [Verdict.STOP, Verdict.STOP]
    assert mild.history[0].comparison.changes == ()
    assert mild.history[0].comparison.n_compared == strict.history[0].comparison.n_compared
    assert not [sql for sql in watched.asked if "delivered." in sql.replace("meta.delivered", "")]
    assert not [sql for sql in watched.asked if "staging." in sql]
    assert warehouse.count("meta.compared") == 1


def as_csv(rows: dict[str, list[Any]]) -> str:
    frame = pl.DataFrame(rows).with_columns(pl.format("p{}", "person_key").alias("PNR")).drop("person_key")
    return frame.with_columns(INDSKREVET_DATO=pl.lit("")).write_csv()


def test_a_limit_changes_when_the_files_are_gone(warehouse: Warehouse, rules: Path, tmp_path: Path) -> None:
    file, spec = tmp_path / "offers.csv", ExtractSpec(layout="tilbud", path=("offers.csv",))
    file.write_text(as_csv(offers()))
    ingest(warehouse, [spec], root=tmp_path, vintage=FIRST)
    file.write_text(as_csv(without(offers(), 2019)))
    with pytest.raises(DeliveryError, match="rows in 2019: 0, before 100"):
        ingest(warehouse, [spec], root=tmp_path, vintage=SECOND)
    file.unlink()
    newest = [one for one in remembered(warehouse) if one.vintage == SECOND]
    evidence = weighed(warehouse, newest, rules, trust_of(MILD))
    raise_for(evidence)
    assert [(one.n_persons, one.n_gone) for one in evidence.there_again] == [(300, 0)]


def test_what_was_rolled_back_is_counted_again(warehouse: Warehouse, rules: Path) -> None:
    deliver(warehouse, "tilbud", FIRST, offers())
    now = deliver(warehouse, "tilbud", SECOND, without(offers(), 2019))
    contracts = {"tilbud": load_contract("tilbud")}

    def stopped() -> None:
        with warehouse.transaction():
            show(warehouse, [now])
            raise_for(weigh(warehouse, [now], contracts, rules=rules))

    for _ in range(2):
        with pytest.raises(DeliveryError, match="rows in 2019"):
            stopped()
    assert not warehouse.has_table("meta.profile")
    raise_for(weighed(warehouse, [now], rules, trust_of(MILD)))


def test_a_limit_for_a_register_that_the_study_does_not_have_is_refused(warehouse: Warehouse, rules: Path) -> None:
    now = deliver(warehouse, "tilbud", FIRST, offers())
    with pytest.raises(ConfigError, match=r"trust\.layouts: the study has no extract krinn\. It has tilbud\."):
        weighed(warehouse, [now], rules, trust_of("[layouts.krinn.rows]\nlook = 0.1\nstop = 0.2"))


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("[rows]\nlook = 0.5\nstop = 0.4", "look is larger than stop"),
        ("[rows]\nlook = 0.5", "rows.stop: this key is required"),
        ("[layouts.krin.row]\nlook = 0.1\nstop = 0.2", "layouts.krin.row"),
        ("[rows]\nlook = 0.1\nstop = 1.1", "less than or equal to 1"),
        ('[checks.a]\nseverity = "quarantine"', "checks.a.severity"),
    ],
)
def test_what_a_study_file_must_not_say(text: str, finding: str) -> None:
    with pytest.raises(ConfigError) as caught:
        trust_of(text)
    assert finding in str(caught.value)


def test_a_registers_own_limits_stand_before_those_for_all() -> None:
    trust = trust_of("[rows]\nlook = 0.2\nstop = 0.6\n[layouts.krin.codes]\nlook = 0.3\nstop = 0.9")
    assert (trust.of("krin").rows.stop, trust.of("krin").codes.stop, trust.of("kraf").codes.stop) == (0.6, 0.9, 0.3)
    assert trust.of("kraf").missing == RegisterLimits().missing


def test_the_report_tells_it_all(warehouse: Warehouse, rules: Path, tmp_path: Path) -> None:
    before, now = offers(), without(offers(), 2019)
    now["SVAR"] = [
        None if day.year == 2021 else said for day, said in zip(now["TILBUDT_DATO"], now["SVAR"], strict=True)
    ]
    deliver(warehouse, "tilbud", FIRST, before)
    residents: dict[str, Any] = {"person_key": list(range(1, 400)), "REFERENCETID": [date(2021, 12, 31)] * 399}
    deliveries = [deliver(warehouse, "tilbud", SECOND, now), deliver(warehouse, "bef", SECOND, residents)]
    evidence = weighed(warehouse, deliveries, rules)
    write_delivery_report(tmp_path / "delivery.md", deliveries, evidence)
    lines = (tmp_path / "delivery.md").read_text(encoding="utf-8").splitlines()
    start = lines.index("## In short")
    assert lines[start + 2] == "- Stops the run: changed since the delivery before: tilbud."
    assert lines[start + 3] == "- To look at: rules across registers: said_no in tilbud."
    assert "## Against the delivery before" in lines
    n_compared = evidence.history[0].comparison.n_compared
    assert f"| tilbud | complete before 2022-07-01 | {n_compared} | 0 | 3 |" in lines
    assert "| bef | nothing: there is no earlier delivery | | | |" in lines
    assert "| rows | 2019 | 100 | 0 | stop |" in lines
    assert "| SVAR blank | 2021 | 0.0 % (0 of 100) | 100.0 % (100 of 100) | stop |" in lines
    assert "| tilbud | complete before 2022-07-01 | 300 | 0 | 0 | as expected |" in lines
    assert "| tilbud | 300 | 1 | 0.3 % | as expected |" in lines
    # Of the years 2018 and 2020 a quarter said no; of 2021 nobody said anything.
    assert "| said_no | tilbud | 300 | 50 | 16.7 % | 10.0 % | look | The answer is no. |" in lines


def test_no_evidence_no_lines() -> None:
    assert evidence_lines(Evidence()) == summary_lines(Evidence()) == []


def test_the_report_without_evidence_has_no_such_sections(warehouse: Warehouse) -> None:
    text = delivery_report([deliver(warehouse, "tilbud", FIRST, offers())])
    assert not [heading for heading in ("In short", "Against", "Persons", "Across") if f"## {heading}" in text]


def test_a_share_that_is_the_limit_is_within_it() -> None:
    assert Limits(look=0.25, stop=0.5).verdict(0.5) is Verdict.LOOK
    assert Limits(look=0.25, stop=0.5).verdict(0.25) is Verdict.AS_EXPECTED


def test_the_figures_are_those_of_the_year_that_changed_most() -> None:
    def lost(year: int, n_now: int, size: float) -> Change:
        return Change("tilbud", "rows", "", "", year, year, 100, 0, n_now, 0, size, Verdict.STOP)

    said = told("tilbud", [lost(2018, 50, 0.4), lost(2019, 0, 0.8), lost(2020, 40, 0.5)])
    assert said == [Told("rows", "2018-2020", "2019", "100", "0", Verdict.STOP)]


def test_several_years_stop_with_the_worst_as_example(warehouse: Warehouse, rules: Path) -> None:
    with pytest.raises(DeliveryError, match="rows in 2018-2019: 0 in 2018, before 100; persons in 2018-2019"):
        raise_for(twice(warehouse, rules, without(without(offers(), 2019), 2018)))


def test_years_are_told_together(warehouse: Warehouse, rules: Path) -> None:
    now = offers()
    now["KOMMUNE"] = [
        "851" if day.year != 2019 else said for day, said in zip(now["TILBUDT_DATO"], now["KOMMUNE"], strict=True)
    ]
    evidence = twice(warehouse, rules, now)
    said = {
        (one.what, one.years, one.before, one.now, str(one.verdict))
        for one in told("tilbud", evidence.history[0].comparison.changes)
    }
    half, none, all_of = "50.0 % (50 of 100)", "0.0 % (0 of 100)", "100.0 % (100 of 100)"
    assert said == {
        ("KOMMUNE = 316", "2018, 2020-2021", half, none, "stop"),
        ("KOMMUNE = 615", "2018, 2020-2021", half, none, "stop"),
        ("KOMMUNE = 851", "2018, 2020-2021", none, all_of, "stop"),
        ("KOMMUNE = 851, not there before", "all whole years", "0.0 % (0 of 400)", "75.0 % (300 of 400)", "look"),
    }
