"""A bundle made by hand, with every table and every state of a cell, rendered to the page a ministry analyst reads."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit.errors import ReportError
from evalkit.reporting import headlines, open_report, read_bundle, render
from evalkit.shipped import shipped

REGISTER = shipped("reports") / "haandholdt_inklusion" / "report.qmd"
PUBLIC = shipped("reports") / "rossi" / "report.qmd"
STATUSES = ["published", "suppressed_primary", "suppressed_secondary", "not_applicable"]
SMALL, PROTECTS, NONE = STATUSES[1:]
STATES = ["employed", "in_education", "benefit", "no_record", "in_custody", "emigrated", "dead"]

Row = dict[str, Any]


def both(da: str, en: str) -> dict[str, str]:
    return {"da": da, "en": en}


def released(rows: Sequence[Row], *checked: str) -> pl.DataFrame:
    """Give each checked column its status; a value that is one of the statuses is hidden for that reason."""
    made = []
    for row in rows:
        status = {f"{name}_status": row[name] if row[name] in STATUSES else "published" for name in checked}
        made.append({key: None if value in STATUSES else value for key, value in row.items()} | status)
    frame = pl.DataFrame(made, infer_schema_length=None)
    return frame.with_columns(pl.col(f"{name}_status").cast(pl.Enum(STATUSES)) for name in checked)


def interval(estimate: float, width: float) -> Row:
    return {
        "estimate": estimate,
        "std_error": width / 1.96,
        "conf_low": estimate - width,
        "conf_high": estimate + width,
    }


INTERVAL = ("estimate", "std_error", "conf_low", "conf_high")


def risk() -> pl.DataFrame:
    comparison = {"n_persons": 6205, "n_events": 4097, "n_left": 149}
    pilot = {"n_persons": 402, "n_events": 236, "n_left": PROTECTS}
    rows: list[Row] = [
        {"arm": "comparison"} | comparison | interval(0.664, 0.012),
        {"arm": "pilot"} | pilot | interval(0.587, 0.048),
    ]
    return released(rows, "n_persons", "n_events", "n_left", *INTERVAL)


def overall() -> pl.DataFrame:
    row = {"arm": "all", "n_persons": 6607, "n_events": 4333, "n_left": 154, "n_deaths": 91} | interval(0.659, 0.011)
    return released([row], "n_persons", "n_events", "n_left", "n_deaths", *INTERVAL)


def curve(*, causes: Sequence[str]) -> pl.DataFrame:
    rows = []
    for cause in causes or ["survival"]:
        for arm, n, risk_at_end in (("comparison", 6205, 0.664), ("pilot", 402, 0.587)):
            for month in range(25):
                share = risk_at_end * (month / 24) ** 0.5 * (0.02 if cause == "death" else 1.0)
                row = {"arm": arm, "cause": cause, "time": round(731 * month / 24)}
                row |= interval(1 - share if cause == "survival" else share, 0.02)
                hidden = arm == "pilot" and month in {7, 8}
                row |= {
                    "n_at_risk": PROTECTS if hidden else round(n * (1 - share)),
                    "n_events": SMALL if hidden else round(n * share),
                    "n_left": 0,
                }
                rows.append(row)
    frame = released(rows, *INTERVAL, "n_at_risk", "n_events", "n_left")
    return frame if causes else frame.drop("cause")


def contrast() -> pl.DataFrame:
    counts = {"n_persons": 6607, "n_events": 4333}
    rows = [
        {"measure": "risk_difference"} | interval(-0.077, 0.05) | {"statistic": -3.0, "p_value": 0.0026} | counts,
        {"measure": "risk_ratio"} | interval(0.884, 0.07) | {"statistic": -3.1, "p_value": 0.002} | counts,
        {"measure": "rmst_difference"} | interval(41.2, 24.0) | {"statistic": 3.4, "p_value": 0.00002} | counts,
        {"measure": "log_rank"} | dict.fromkeys(INTERVAL, NONE) | {"statistic": 16.7, "p_value": 0.00004} | counts,
    ]
    return released(rows, *INTERVAL, "statistic", "p_value", "n_persons", "n_events")


def attrition() -> pl.DataFrame:
    reasons = ["released_in_window", "municipality_known", "stay_length", "a_rule_of_their_own"]
    rows: list[Row] = [
        {"step": 1, "reason": reasons[0], "arm": "all", "n_persons": 7000, "n_excluded": 0},
        {"step": 2, "reason": reasons[1], "arm": "all", "n_persons": 6900, "n_excluded": 100},
    ]
    for arm, left in (("comparison", (6490, 6300, 6205)), ("pilot", (410, 405, 402))):
        for step, (before, n) in enumerate(zip((left[0], *left), left, strict=False), start=2):
            excluded = SMALL if 0 < before - n < 5 else before - n
            rows.append({"step": step, "reason": reasons[step - 1], "arm": arm, "n_persons": n, "n_excluded": excluded})
    return released(rows, "n_persons", "n_excluded")


def baseline() -> pl.DataFrame:
    rows: list[Row] = []
    for arm, n in (("comparison", 6205), ("pilot", 402)):
        for variable, level, share in (
            ("sex", "man", 0.92),
            ("sex", "woman", 0.08),
            ("age", "50_plus", 0.1),
            ("age", "18_24", 0.9),
        ):
            rows.append(
                {"arm": arm, "variable": variable, "level": level, "n_persons": round(n * share), "share": share}
            )
    return released(rows, "n_persons", "share")


def continuity() -> pl.DataFrame:
    rows: list[Row] = []
    parts = {"completed": 0.1, "not_continued": 0.2, "unknown_end": 0.0, "returned_to_custody": 0.08}
    parts |= {"dead": 0.02, "emigrated": 0.0}
    for arm, n, share in (("comparison", 6205, 0.46), ("pilot", 402, 0.66)):
        for domain in ("any", "housing", "health"):
            for place, checkpoint in enumerate(("resumed", "3", "6", "12")):
                now = share * 0.7**place
                row: Row = {"arm": arm, "domain": domain, "checkpoint": checkpoint, "n_persons": n}
                row |= {"n_no_plan_recorded": n - 300, "n_with_plan": 300, "n_continuing": round(300 * now)}
                row |= {f"n_{state}": round(300 * part) for state, part in parts.items()}
                row |= {"share": now, "conf_low": now - 0.05, "conf_high": now + 0.05}
                if arm == "pilot":
                    row |= {"n_dead": SMALL, "n_emigrated": SMALL}
                if arm == "pilot" and domain == "health":
                    row |= dict.fromkeys(("n_continuing", "share", "conf_low", "conf_high"), SMALL)
                rows.append(row)
    counts = ("n_persons", "n_no_plan_recorded", "n_with_plan", "n_continuing", *(f"n_{state}" for state in parts))
    return released(rows, *counts, "share", "conf_low", "conf_high")


def states(names: Sequence[str], places: Sequence[Row]) -> pl.DataFrame:
    rows: list[Row] = []
    shares = [0.3, 0.1, 0.3, 0.2, 0.08, 0.0, 0.02]
    for arm, n in (("comparison", 6205), ("pilot", 402)):
        for place in places:
            for name, share in zip(names, shares, strict=True):
                hidden = SMALL if name in {"dead", "emigrated"} and arm == "pilot" else None
                persons = {"n_persons": hidden or round(n * share), "share": hidden or share}
                rows.append({"arm": arm} | place | {"state": name} | persons)
    return released(rows, "n_persons", "share")


def delivery() -> pl.DataFrame:
    rows = [
        {"layout": "krin", "n_delivered": 61234, "n_quarantined": 12, "n_out_of_scope": 40},
        {"layout": "dod", "n_delivered": 310, "n_quarantined": SMALL, "n_out_of_scope": 0},
        {"layout": "register_of_their_own", "n_delivered": 5, "n_quarantined": 0, "n_out_of_scope": 0},
    ]
    return released(rows, "n_delivered", "n_quarantined", "n_out_of_scope")


def register_tables() -> dict[str, pl.DataFrame]:
    return {
        "attrition": attrition(),
        "baseline": baseline(),
        "risk": risk(),
        "overall": overall(),
        "curve": curve(causes=("reoffence", "death")),
        "survival": curve(causes=()),
        "contrast": contrast(),
        "continuity": continuity(),
        "status": states(STATES, [{"month": month} for month in (3, 6, 12, 24)]),
        "delivery": delivery(),
    }


def public_tables() -> dict[str, pl.DataFrame]:
    """Figures of the public Rossi data, as published."""
    survival: list[Row] = []
    for arm, at_end, events in (("0", 150 / 216, 66), ("1", 168 / 216, 48)):
        for week in (0, 26, 52):
            row = {"arm": arm, "time": week} | interval(1 - (1 - at_end) * week / 52, 0.05)
            survival.append(row | {"n_at_risk": 216 - week, "n_events": round(events * week / 52), "n_left": 0})
    counts = {"n_left": 0}
    risks = [
        {"arm": "0", "n_persons": 216, "n_events": 66} | counts | interval(66 / 216, 0.06),
        {"arm": "1", "n_persons": 216, "n_events": 48} | counts | interval(48 / 216, 0.06),
    ]
    everyone = [{"arm": "all", "n_persons": 432, "n_events": 114} | counts | interval(114 / 432, 0.04)]
    both_counts = {"n_persons": 432, "n_events": 114}
    log_rank = {"measure": "log_rank"} | dict.fromkeys(INTERVAL, NONE) | {"statistic": 3.837632, "p_value": 0.050116}
    cox = (
        {"term": "fin"}
        | interval(-0.37942, 0.37516)
        | {"std_error": 0.19138, "p_value": 0.0474, "hazard_ratio": 0.6843}
    )
    fit = {"model": "cox_efron", "log_likelihood": -658.74766, "log_likelihood_null": -675.38063, "concordance": 0.6403}
    delivered = {"layout": "time_to_event", "n_delivered": 432, "n_quarantined": 0, "n_out_of_scope": 0}
    checked = ("n_persons", "n_events")
    return {
        "risk": released(risks, *checked, "n_left", *INTERVAL),
        "overall": released(everyone, *checked, "n_left", *INTERVAL),
        "survival": released(survival, *INTERVAL, "n_at_risk", "n_events", "n_left"),
        "contrast": released([log_rank | both_counts], *INTERVAL, "statistic", "p_value", *checked),
        "cox": released([cox | both_counts], *INTERVAL, "p_value", "hazard_ratio", *checked),
        "fit": released([fit | both_counts], "log_likelihood", "log_likelihood_null", "concordance", *checked),
        "delivery": released([delivered], "n_delivered", "n_quarantined", "n_out_of_scope"),
    }


def register_study() -> Row:
    return {
        "name": "pilot_study",
        "title": both("Håndholdt Inklusion: prøve", "Hand-held inclusion: trial"),
        "kind": "register",
        "vintage": "2023-07-01",
        "time_unit": "day",
        "horizon": 731,
        "horizon_label": both("24 måneder", "24 months"),
        "event_label": both("ny kriminalitet", "reoffending"),
        "index_start": "2016-01-01",
        "index_end": "2020-01-01",
        "synthetic": True,
        "arms": [
            {"name": "comparison", "label": both("Andre kommuner", "Other municipalities")},
            {"name": "pilot", "label": both("Pilotkommuner", "Pilot municipalities")},
        ],
        "sources": [{"layout": "krin", "title": both("KRIN", "KRIN"), "sha256": "ab" * 32}],
        "caveats": [both("Kun to kommuner_med_streg.", "Only two municipalities.")],
    }


def public_study() -> Row:
    own = {
        "name": "public_study",
        "title": both("Støtte", "Aid"),
        "kind": "time_to_event",
        "time_unit": "week",
        "horizon": 52,
        "horizon_label": both("52 uger", "52 weeks"),
        "event_label": both("anholdt inden for 52 uger", "arrested within 52 weeks"),
        "index_start": None,
        "index_end": None,
        "synthetic": False,
        "arms": [
            {"name": "0", "label": both("Uden støtte", "No aid")},
            {"name": "1", "label": both("Støtte", "Aid")},
        ],
    }
    return register_study() | own


def make_bundle(folder: Path, tables: dict[str, pl.DataFrame], study: Row, *, min_cell: int) -> Path:
    """Write a bundle as the contract says, without the code that writes real ones."""
    (folder / "tables").mkdir(parents=True)
    listed = {}
    for name, frame in tables.items():
        path = folder / "tables" / f"{name}.parquet"
        frame.write_parquet(path)
        listed[name] = {"rows": frame.height, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    definition = {
        "name": "cohort",
        "fingerprint": "137e16ee4f5e",
        "title": both("Hvem er med", "Who is included"),
        "text": {"da": ["Løsladte *med* stjerner."], "en": ["People released."]},
        "source": "FL § 11.31.03.50",
    }
    manifest = {
        "schema": 1,
        "study": study,
        "definitions": {"cohort": definition},
        "policy": {
            "name": "standard",
            "fingerprint": "0123456789ab",
            "min_cell": min_cell,
            "title": both("Celler", "Cells"),
        },
        "provenance": {
            "version": "0.1.0",
            "vintage": "2023-07-01",
            "models": {"core.person": "00aa11bb22cc"},
            "seed": None,
        },
        "tables": listed,
        "version": "0.1.0",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


class Outline(HTMLParser):
    """What a reader without eyes or mouse meets."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[tuple[str, dict[str, str | None]]]:
        return [(tag, attributes) for tag, attributes in self.tags if tag in names]

    def count(self, name: str) -> int:
        return len(self.all(name))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("register") / "bundle", register_tables(), register_study(), min_cell=5)


@pytest.fixture(scope="module")
def public_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("public") / "bundle", public_tables(), public_study(), min_cell=0)


@pytest.fixture(scope="module")
def danish(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("da") / "report.html"
    assert render(bundle, REGISTER, path, language="da", engine="builtin") == path
    assert [child.name for child in path.parent.iterdir()] == ["report.html"]
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def english(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = render(bundle, REGISTER, tmp_path_factory.mktemp("en") / "r.html", language="en", engine="builtin")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def public(public_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = render(public_bundle, PUBLIC, tmp_path_factory.mktemp("public") / "r.html", language="en", engine="builtin")
    return path.read_text(encoding="utf-8")


def test_headline_figures_are_said_in_words(danish: str, english: str, bundle: Path) -> None:
    first = "Af hver 100 løsladte i pilotgruppen begik 59 ny kriminalitet inden for 24 måneder, mod 66 i"
    assert first in danish
    assert "Dataene passer med alt fra 13 færre til 3 færre pr. 100." in danish
    assert "Med 402 og 6.205 personer, regnet som uafhængige, skulle forskellen være mindst" in danish
    assert "59 reoffended within 24 months" in english
    assert headlines(read_bundle(bundle), "da")[0].startswith(first)
    assert len(headlines(read_bundle(bundle), "en")) == 3


@pytest.mark.parametrize(
    ("language", "words", "floats"),
    [
        ("da", ["Kort fortalt", "Hvem er fulgt?", "Det kan rapporten sige", "Opdigtede data"], ["Tabel", "Figur"]),
        ("en", ["In short", "Who was followed?", "What it cannot say", "Made-up data"], ["Table", "Figure"]),
    ],
)
def test_one_source_gives_both_languages(
    request: pytest.FixtureRequest, language: str, words: list[str], floats: list[str]
) -> None:
    danish, english = (str(request.getfixturevalue(name)) for name in ("danish", "english"))
    page, other = (danish, english) if language == "da" else (english, danish)
    assert f'<html lang="{language}">' in page
    for word in words:
        assert word in page
        assert word not in other
    assert f"{floats[0]}\N{NO-BREAK SPACE}1." in page
    assert f"{floats[1]}\N{NO-BREAK SPACE}6." in page
    assert "{python}" not in page
    assert "**" not in page


def test_numbers_are_written_as_the_language_writes_them(danish: str, english: str) -> None:
    assert ">6.205<" in danish
    assert ">66,4\N{NO-BREAK SPACE}%<" in danish
    assert ">6,205<" in english
    assert ">66.4%<" in english
    assert "1. juli 2023" in danish
    assert "31 December 2019" in english


def test_a_hidden_cell_is_a_sign_and_never_a_number_or_a_blank(bundle: Path) -> None:
    table = open_report(bundle, "da").table("risk")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", re.split(r"<tr", table)[3])
    assert cells == ["402", "236", "·", "58,7\N{NO-BREAK SPACE}%", "53,9 – 63,5\N{NO-BREAK SPACE}%"]
    assert "&lt;5: for få til at vise. ·: skjult for at beskytte et andet tal." in table
    assert "for få til at vise" not in open_report(bundle, "da").table("baseline")
    flow = open_report(bundle, "da").table("flow")
    assert re.findall(r"<td[^>]*>([^<]*)</td>", re.split(r"<tr", flow)[-1])[-2:] == ["402", "&lt;5"]


def test_a_group_of_rows_and_a_group_of_columns_have_headers_of_their_own(bundle: Path) -> None:
    table = open_report(bundle, "da").table("baseline")
    assert re.search(r'<th[^>]*scope="rowgroup"[^>]*>Køn</th>', table)
    assert len(re.findall(r'<th[^>]*scope="colgroup"', table)) == 2
    assert re.search(r'<th[^>]*scope="row"[^>]*>Mand</th>', table)


def test_an_interval_below_zero_has_a_word_between(bundle: Path) -> None:
    assert "\N{MINUS SIGN}12,7 til \N{MINUS SIGN}2,7" in open_report(bundle, "da").table("contrast")


def test_names_without_words_are_shown_readable_and_escaped(danish: str) -> None:
    assert "A rule of their own" in danish
    assert "Register of their own" in danish
    assert "Løsladte *med* stjerner." in danish
    assert "Kun to kommuner_med_streg." in danish


def test_every_figure_has_words_and_a_table_of_its_numbers(danish: str) -> None:
    drawings = re.findall(r'<svg[^>]*role="img"[^>]*aria-label="([^"]+)"', danish)
    assert len(drawings) == 6
    assert "Pilotkommuner: 58,7\N{NO-BREAK SPACE}% ved det sidste viste punkt (24 måneder)." in drawings[0]
    assert "Helbred, Pilotkommuner: for få til at vise." in drawings[3]
    for words in drawings:
        assert words.endswith("Alle tal står i tabellen under figuren.")
    for drawn in re.findall(r"</svg></div>(.{40})", danish):
        assert drawn.startswith('<details class="data-table"')


def test_figures_hold_no_value_that_the_door_hid(bundle: Path) -> None:
    drawing = open_report(bundle, "da").figure("status")
    assert "Skjult" in drawing
    hidden = open_report(bundle, "da").figure("domains")
    assert "For få til at vise" in hidden


def test_every_claim_of_the_definitions_names_its_fingerprint(danish: str) -> None:
    assert "<code>cohort@137e16ee4f5e</code>" in danish
    assert "FL § 11.31.03.50" in danish
    assert "00aa11bb22cc" in danish
    assert "abababababab" in danish
    assert "<code>standard@0123456789ab</code>" in danish


@pytest.mark.parametrize("which", ["danish", "english", "public"])
def test_the_page_needs_nothing_but_itself(which: str, request: pytest.FixtureRequest) -> None:
    page = str(request.getfixturevalue(which))
    assert not re.search(r"https?:|//[a-z]+\.[a-z]+/", page)
    assert "<script" not in page
    assert "<link" not in page
    assert "default-src 'none'" in page
    assert len(page) < 600_000


@pytest.mark.parametrize("which", ["danish", "english", "public"])
def test_the_page_can_be_used_without_eyes_or_mouse(which: str, request: pytest.FixtureRequest) -> None:
    outline = Outline(str(request.getfixturevalue(which)))
    levels = [int(tag[1]) for tag, _ in outline.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [outline.count(name) for name in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    ids = Counter(value for _, attributes in outline.tags if (value := attributes.get("id")))
    assert [name for name, times in ids.items() if times > 1] == []
    inward = [str(attributes.get("href")) for _, attributes in outline.all("a", "use")]
    assert [link for link in inward if link.startswith("#") and link[1:] not in ids] == []
    assert {attributes.get("scope") for _, attributes in outline.all("th")} <= {"row", "col", "rowgroup", "colgroup"}
    assert outline.count("th") > 20
    scrolling = [a for _, a in outline.tags if (a.get("class") or "") in {"table-scroll", "drawing"}]
    assert scrolling
    assert all(attributes.get("tabindex") == "0" and attributes.get("aria-label") for attributes in scrolling)


def test_public_data_show_the_published_figures_to_four_decimals(public: str) -> None:
    for figure in ("0.6944", "0.7778", "3.8376", "0.3794", "0.1914", "658.7477", "0.7361"):
        assert figure in public, figure
    assert "Arrested within 52 weeks: 22 of every 100 in the group “Aid”, against 31 in the group “No aid”." in public
    assert "Nothing suppressed" in public
    assert "Died" not in public
    assert "Made-up data" not in public


def test_same_bundle_same_bytes(bundle: Path, danish: str, tmp_path: Path) -> None:
    again = render(bundle, REGISTER, tmp_path / "again.html", language="da", engine="builtin")
    assert again.read_text(encoding="utf-8") == danish


def test_a_table_that_is_not_there_is_said_not_to_be(bundle: Path, tmp_path: Path) -> None:
    tables = {name: frame for name, frame in register_tables().items() if name in {"risk", "contrast"}}
    report = open_report(make_bundle(tmp_path / "bundle", tables, register_study(), min_cell=5), "da")
    assert report.table("status") == "Udgivelsen har ingen tal om dette."
    for name in ("incidence", "survival", "continuity", "domains", "plan_states", "status"):
        assert report.figure(name) == "Udgivelsen har ingen tal om dette."
    assert report.box("cards").count("{.headline}") == 1
    with pytest.raises(ReportError, match="There is no figure 'nope'; there are incidence"):
        open_report(bundle, "da").figure("nope")


def test_everything_hidden_still_makes_a_report(tmp_path: Path) -> None:
    tables = register_tables()
    for name, frame in tables.items():
        checked = [column.removesuffix("_status") for column in frame.columns if column.endswith("_status")]
        tables[name] = frame.with_columns(
            *(pl.lit(None, frame.schema[column]).alias(column) for column in checked),
            *(pl.lit(SMALL).cast(pl.Enum(STATUSES)).alias(f"{column}_status") for column in checked),
        )
    bundle = make_bundle(tmp_path / "bundle", tables, register_study(), min_cell=5)
    page = render(bundle, REGISTER, tmp_path / "r.html", language="da", engine="builtin").read_text(encoding="utf-8")
    assert "Der er for få personer til at vise, hvor mange det drejer sig om." in page
    assert "Forskellen kan ikke vises, fordi der er for få personer." in page
    assert page.count("for få til at vise") > 6
    assert "None" not in page


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.qmd"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_failing_cell_is_named_without_its_values_and_leaves_the_old_report(bundle: Path, tmp_path: Path) -> None:
    template = written(
        tmp_path / "own", "Fine.\n\n```{python}\n#| label: divide\nsecret = 4711\n{}[f'p{secret}']\n```\n"
    )
    output = tmp_path / "out" / "report.html"
    output.parent.mkdir()
    output.write_text("the old report", encoding="utf-8")
    with pytest.raises(ReportError, match=r"report\.qmd: divide failed: KeyError\.") as caught:
        render(bundle, template, output, language="da", engine="builtin")
    assert "4711" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert output.read_text(encoding="utf-8") == "the old report"
    assert [path.name for path in output.parent.iterdir()] == ["report.html"]


def test_a_page_that_cannot_be_written_leaves_nothing_behind(bundle: Path, tmp_path: Path) -> None:
    template = written(tmp_path / "own", "Fine.\n")
    taken = tmp_path / "out" / "report.html"
    taken.mkdir(parents=True)
    with pytest.raises(ReportError, match=r"report\.html: could not be written"):
        render(bundle, template, taken, language="da", engine="builtin")
    assert list(taken.parent.iterdir()) == [taken]


def test_a_kernel_that_dies_is_one_clear_line(bundle: Path, tmp_path: Path) -> None:
    template = written(tmp_path / "own", "```{python}\nimport os\nos._exit(3)\n```\n")
    with pytest.raises(ReportError, match="The report's Python kernel stopped: DeadKernelError"):
        render(bundle, template, tmp_path / "r.html", language="da", engine="builtin")


def test_a_document_far_from_any_project_gets_the_shipped_style(bundle: Path, tmp_path: Path) -> None:
    template = written(tmp_path / "far" / "away", "---\ntitle: x\n---\n\n```{python}\n1\n```\n")
    page = render(bundle, template, tmp_path / "r.html", language="da", engine="builtin").read_text(encoding="utf-8")
    assert "--accent" in page
    assert "<h1>Håndholdt Inklusion: prøve</h1>" in page
    assert not [path for path in template.parent.iterdir() if path != template]


def test_the_kernel_writes_nothing_in_the_home_folder(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    template = written(tmp_path / "own", "```{python}\nfrom evalkit.reporting import open_report\n```\n")
    render(bundle, template, tmp_path / "r.html", language="da", engine="builtin")
    assert list(home.iterdir()) == []


Break = Callable[[Path], object]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "there is no release bundle here"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "this is not a JSON file"),
        (
            lambda folder: (folder / "manifest.json").write_text('{"schema": 2}'),
            "schema version 2; this evalkit reads 1",
        ),
        (lambda folder: (folder / "manifest.json").write_text('{"schema": 1}'), "the manifest lists no tables"),
        (lambda folder: (folder / "tables" / "risk.parquet").unlink(), r"risk\.parquet: the manifest lists this table"),
        (
            lambda folder: shutil.copy(folder / "tables" / "overall.parquet", folder / "tables" / "risk.parquet"),
            "this is not the table that was released",
        ),
    ],
)
def test_a_broken_bundle_is_refused_and_nothing_is_written(
    bundle: Path, tmp_path: Path, spoil: Break, said: str
) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(bundle, copy)
    spoil(copy)
    with pytest.raises(ReportError, match=said):
        render(copy, REGISTER, tmp_path / "out" / "r.html", language="da")
    assert not (tmp_path / "out").exists()


def test_a_bundle_is_frozen_and_names_what_it_has(bundle: Path) -> None:
    opened = read_bundle(bundle)
    assert opened.has("risk")
    assert not opened.has("nope")
    with pytest.raises(ReportError, match="no table 'nope'; it has: attrition"):
        opened.table("nope")
    with pytest.raises(AttributeError):
        opened.folder = Path()  # type: ignore[misc]  # that is the point


QUARTO = """#!{python}
import os, pathlib, sys, yaml
arguments = sys.argv[1:]
here = pathlib.Path.cwd()
document = here / arguments[1]
front = yaml.safe_load(document.read_text(encoding="utf-8").split("---")[1])
shared = (here.parent / "_quarto.yml").is_file() and (here.parent / "theme.css").is_file()
said = [*arguments, front["title"], front["lang"], os.environ["QUARTO_PYTHON"], f"shared={{shared}}"]
if "{fail}":
    print("a value: 4711", file=sys.stderr)
    sys.exit(1)
document.with_suffix(".html").write_text("<html>" + "|".join(said) + "</html>", encoding="utf-8")
"""


@pytest.fixture
def fake_quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    if os.name != "posix":
        pytest.skip("the stand-in for Quarto is a script with a first line")

    def install(fail: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        script = folder / "quarto"
        script.write_text(QUARTO.format(python=sys.executable, fail=fail), encoding="utf-8")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return install


def test_quarto_is_taken_when_it_is_on_the_path(
    bundle: Path, tmp_path: Path, fake_quarto: Callable[[str], None]
) -> None:
    fake_quarto("")
    before = sorted(path.name for path in REGISTER.parent.iterdir())
    page = render(bundle, REGISTER, tmp_path / "r.html", language="en").read_text(encoding="utf-8")
    assert "render|report.qmd|--to|html|--no-execute-daemon|-P|bundle:" in page
    assert (
        f"|-P|bundle:{bundle.as_posix()}|-P|lang:en|Hand-held inclusion: trial|en|{sys.executable}|shared=True" in page
    )
    assert sorted(path.name for path in REGISTER.parent.iterdir()) == before
    builtin = render(bundle, REGISTER, tmp_path / "b.html", language="en", engine="builtin")
    assert "--no-execute-daemon" not in builtin.read_text(encoding="utf-8")


def test_a_failing_quarto_is_one_clear_line_without_values(
    bundle: Path, tmp_path: Path, fake_quarto: Callable[[str], None]
) -> None:
    fake_quarto("yes")
    with pytest.raises(ReportError, match=r"report\.qmd: quarto render failed with exit code 1\.") as caught:
        render(bundle, REGISTER, tmp_path / "out" / "r.html", language="en", engine="quarto")
    assert "4711" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_quarto_that_is_not_there_is_said_not_to_be(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReportError, match="Quarto is not on the path"):
        render(bundle, REGISTER, tmp_path / "r.html", language="da", engine="quarto")
