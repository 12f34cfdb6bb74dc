"""Writes docs/programmes from the programmes' files: ``python -m tests.unit.programme_pages``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from evalkit.config import Text
from evalkit.programmes import PROGRAMMES, ProgrammeDefinition, collaboration_models, load_programme
from evalkit.programmes.course import ContactRule, Span
from evalkit.programmes.indicator import CLOCKS, IndicatorDefinition
from evalkit.programmes.quotes import Quote, Remark
from evalkit.registers import layout_title

__all__ = ["FOLDER", "pages"]

FOLDER = Path(__file__).parents[2] / "docs" / "programmes"

_WORDS: dict[str, dict[str, str]] = {
    "da": {
        "made": "Lavet af `src/evalkit/programmes` med `python -m tests.unit.programme_pages`; ret dem, ikke siden.",
        "index": "Programmer",
        "models": "Samarbejdsmodeller",
        "sources": "Kilder",
        "target_group": "Målgruppe",
        "age": "Alder",
        "residence": "Bopæl",
        "all_of": "Alle skal være opfyldt",
        "any_of": "Én er nok",
        "not_if": "Én er nok til ikke at være med",
        "measured": "Det måles programmet på",
        "formula": "Formel",
        "denominator": "Nævner",
        "clock": "Uret starter ved",
        "window": "Vindue",
        "no_window": "ikke i kilden",
        "months": "måneder",
        "threshold": "Mål",
        "no_threshold": "intet i kilden, og intet er opfundet",
        "at_least": "mindst",
        "at_most": "højst",
        "more": "flere er bedre",
        "fewer": "færre er bedre",
        "data": "Data",
        "no_data": "ingen udtræk",
        "long_term": "Kilden selv om lang sigt",
        "yes": "måles",
        "no": "måles ikke",
        "undefined": "Kilden nævner det uden at definere det.",
        "open": "Kilden lader stå åbent",
        "course": "Forløb",
        "phase": "fase",
        "time": "varighed",
        "contact": "kontakt",
        "words": "kildens ord",
        "dose": "Vejledningsintensitet",
        "discretion": "skøn",
        "capacity": "Kapacitet",
        "budget": "Penge",
        "part": "heraf",
        "year": "år",
        "millions": "mio.",
        "figures": "Tal, som kilden oplyser",
        "contradictions": "Det, der ikke passer sammen",
        "week": "uger",
        "month": "måneder",
        "day": "dage",
        "least": "mindst",
        "mean": "i gennemsnit",
        "most": "højst",
        "every": "hver",
        "rule": "Afledes sådan",
        "sum": "I alt",
    },
    "en": {
        "made": "Made from `src/evalkit/programmes` by `python -m tests.unit.programme_pages`; change those files.",
        "index": "Programmes",
        "models": "Models of collaboration",
        "sources": "Sources",
        "target_group": "Target group",
        "age": "Age",
        "residence": "Residence",
        "all_of": "All must hold",
        "any_of": "One is enough",
        "not_if": "One is enough to be left out",
        "measured": "What it is measured on",
        "formula": "Formula",
        "denominator": "Divided by",
        "clock": "The clock starts at",
        "window": "Window",
        "no_window": "not in the source",
        "months": "months",
        "threshold": "Target",
        "no_threshold": "none in the source, and none is invented",
        "at_least": "at least",
        "at_most": "at most",
        "more": "more is better",
        "fewer": "fewer is better",
        "data": "Data",
        "no_data": "no extract",
        "long_term": "The source itself about the long term",
        "yes": "measured",
        "no": "not measured",
        "undefined": "The source mentions it without defining it.",
        "open": "What the source leaves open",
        "course": "Course",
        "phase": "phase",
        "time": "time",
        "contact": "contact",
        "words": "the source's words",
        "dose": "Guidance intensity",
        "discretion": "judgement",
        "capacity": "Capacity",
        "budget": "Money",
        "part": "of which",
        "year": "year",
        "millions": "m",
        "figures": "Numbers that the source reports",
        "contradictions": "What does not fit together",
        "week": "weeks",
        "month": "months",
        "day": "days",
        "least": "at least",
        "mean": "on average",
        "most": "at most",
        "every": "every",
        "rule": "Told like this",
        "sum": "In all",
    },
}
_DENOMINATORS: dict[str, Text] = {
    "referred": Text(da="alle henviste", en="all who were referred"),
    "offered": Text(da="alle, der fik tilbuddet", en="all who were offered the programme"),
    "offered_employment": Text(da="alle med et beskæftigelsestilbud", en="all with an offer of employment"),
    "enrolled": Text(da="alle indskrevne", en="all enrolled"),
    "finished": Text(da="alle afsluttede", en="all who finished"),
    "completers": Text(da="alle, der gennemførte", en="all who completed"),
    "released": Text(da="alle løsladte", en="all who were released"),
}


def pages() -> dict[str, str]:
    """Return file name to text: an index, and each programme and the models in both languages."""
    made = {"README.md": _index()}
    for language in ("da", "en"):
        for name in PROGRAMMES:
            made[f"{name}.{language}.md"] = _Page(load_programme(name), language).text()
        made[f"collaboration_models.{language}.md"] = _models(language)
    return made


def _index() -> str:
    lines = [f"# {_WORDS['en']['index']}", "", _WORDS["en"]["made"], ""]
    for name in PROGRAMMES:
        title = load_programme(name).title
        lines.append(f"- `{name}`: [{title.da}]({name}.da.md) · [{title.en}]({name}.en.md)")
    words = (_WORDS["da"]["models"], _WORDS["en"]["models"])
    lines.append(f"- [{words[0]}](collaboration_models.da.md) · [{words[1]}](collaboration_models.en.md)")
    return "\n".join(lines) + "\n"


def _models(language: str) -> str:
    models, words = collaboration_models(), _WORDS[language]
    parts = [f"# {words['models']}", words["made"], models.caveat.in_language(language)]
    for model in models.models:
        parts.append(f"## {model.number}. {model.label.in_language(language)}")
        parts.append(f"> {model.quote.text}\n>\n> {models.source.title}, {model.quote.place}")
        parts.append(f"{words['rule']}: {model.rule.in_language(language)}")
    return "\n\n".join(parts) + "\n"


class _Page:
    """One programme in one language."""

    def __init__(self, programme: ProgrammeDefinition, language: str) -> None:
        self.programme, self.language, self.words = programme, language, _WORDS[language]

    def text(self) -> str:
        one = self.programme
        parts = [f"# {self.say(one.title)}", self.words["made"], self.say(one.summary), *self.sources()]
        parts += [*self.target_group(), f"## {self.words['measured']}"]
        for indicator in one.indicators:
            parts += self.indicator(indicator)
        parts += [*self.course(), *self.dose(), *self.capacity(), *self.budget(), *self.figures()]
        parts += [*self.remarks("contradictions", one.contradictions), *self.remarks("open", one.left_open)]
        return "\n\n".join(parts) + "\n"

    def say(self, text: Text) -> str:
        return text.in_language(self.language)

    def quoted(self, quote: Quote) -> str:
        return f"> {quote.text}\n>\n> {self.programme.source_of(quote).title}, {quote.place}"

    def inline(self, quote: Quote) -> str:
        return f"\N{LEFT DOUBLE QUOTATION MARK}{quote.text}\N{RIGHT DOUBLE QUOTATION MARK} ({quote.place})"

    def sources(self) -> Iterator[str]:
        yield f"## {self.words['sources']}"
        yield "\n".join(
            f"- {one.title}. {one.publisher}{f', {one.published}' if one.published else ''}."
            for one in self.programme.sources
        )

    def target_group(self) -> Iterator[str]:
        group = self.programme.target_group
        yield f"## {self.words['target_group']}"
        yield self.quoted(group.quote)
        if group.age_min is not None:
            yield f"{self.words['age']}: {group.age_min}–{group.age_max}."
        if group.residence is not None:
            yield f"{self.words['residence']}: {self.say(group.residence)}."
        for key, criteria in (("all_of", group.all_of), ("any_of", group.any_of), ("not_if", group.not_if)):
            if criteria:
                field = [f" `{one.field}`" if one.field else "" for one in criteria]
                lines = [f"- {self.say(one.label)}{at}" for one, at in zip(criteria, field, strict=True)]
                yield f"{self.words[key]}:\n\n" + "\n".join(lines)

    def indicator(self, one: IndicatorDefinition) -> Iterator[str]:
        yield f"### {self.say(one.label)} (`{one.id}`)"
        yield self.quoted(one.quote)
        yield "\n".join(f"- {self.words[key]}: {said}" for key, said in self.facts(one))
        if not one.defined_in_source:
            yield self.words["undefined"]
        if one.open:
            yield f"{self.words['open']}:\n\n" + "\n".join(f"- {self.say(text)}" for text in one.open)

    def facts(self, one: IndicatorDefinition) -> Iterator[tuple[str, str]]:
        yield "formula", self.say(one.formula)
        yield "denominator", self.say(_DENOMINATORS[one.denominator])
        if one.kind != "qualitative":
            yield "clock", self.say(CLOCKS[one.clock_origin or self.programme.clock_origin])
            months = one.horizon_months
            yield "window", f"{months} {self.words['months']}" if months else self.words["no_window"]
            yield "threshold", self.threshold(one)
        yield "data", self.data(one.layouts)
        if one.measurable_long_term is not None:
            yield "long_term", self.words["yes" if one.measurable_long_term else "no"]

    def threshold(self, one: IndicatorDefinition) -> str:
        if one.threshold is None:
            way = f" ({self.words[one.direction]})" if one.direction else ""
            return self.words["no_threshold"] + way
        return f"{self.words[str(one.direction)]} {100 * one.threshold:g} %"

    def data(self, layouts: Iterable[str]) -> str:
        named = [f"`{layout}` ({self.say(layout_title(layout))})" for layout in layouts]
        return ", ".join(named) or self.words["no_data"]

    def course(self) -> Iterator[str]:
        if not self.programme.phases:
            return
        yield f"## {self.words['course']}"
        rows = [
            [
                self.say(one.label),
                self.span(one.span),
                "; ".join(map(self.contact, one.contacts)),
                self.inline(one.quote),
            ]
            for one in self.programme.phases
        ]
        yield _table([self.words[key] for key in ("phase", "time", "contact", "words")], rows)

    def span(self, span: Span | None) -> str:
        if span is None:
            return ""
        given = [(key, getattr(span, key)) for key in ("least", "mean", "most")]
        said = [f"{self.words[key]} {value:g}" for key, value in given if value is not None]
        return f"{', '.join(said)} {self.words[span.unit]}"

    def contacts(self, rules: Iterable[ContactRule]) -> str:
        return "; ".join(map(self.contact, rules))

    def contact(self, rule: ContactRule) -> str:
        every = f"{rule.every[0]}" if rule.every[0] == rule.every[1] else f"{rule.every[0]}–{rule.every[1]}"
        until = f" (≤ {rule.until_month})" if rule.until_month else ""
        since = f" (> {rule.from_month})" if rule.from_month else ""
        return f"{self.words['every']} {every} {self.words[rule.unit]}{until}{since}"

    def dose(self) -> Iterator[str]:
        if self.programme.dose_weights:
            yield f"## {self.words['dose']}"
            rows = [
                [
                    self.say(one.label),
                    self.words["discretion"] if one.weight is None else f"{100 * one.weight:g} %",
                    self.inline(one.quote),
                ]
                for one in self.programme.dose_weights
            ]
            yield _table(["", self.words["dose"], self.words["words"]], rows)

    def capacity(self) -> Iterator[str]:
        one = self.programme.capacity
        if one is not None:
            year, longer = 12 * one.places, one.months + one.extension_months
            yield f"## {self.words['capacity']}"
            yield self.quoted(one.quote)
            sums = [f"- {one.places:g} × 12 / {by:g} = {year / by:.1f}" for by in (one.months, longer)]
            yield "\n".join(
                [*sums, f"- {one.places:g} × 12 / {one.persons_per_year:g} = {year / one.persons_per_year:.2f}"]
            )

    def budget(self) -> Iterator[str]:
        budget = self.programme.budget
        if budget is None:
            return
        yield f"## {self.words['budget']}"
        rows = []
        for line in budget.lines:
            times = f" = {line.units} × {line.millions:g}" if line.units > 1 else ""
            of = f"{self.words['part']} " if line.part_of else ""
            year = "" if line.year is None else str(line.year)
            rows.append([self.say(line.label), year, f"{of}{line.total_millions:g}{times}", self.inline(line.quote)])
        rows.append([self.words["sum"], "", f"{budget.total_millions:g}", self.inline(budget.quote)])
        amount = f"{self.words['millions']} {budget.currency}"
        yield _table(["", self.words["year"], amount, self.words["words"]], rows)

    def figures(self) -> Iterator[str]:
        if self.programme.figures:
            yield f"## {self.words['figures']}"
            rows = [
                [self.say(one.label), f"{one.value:g}{' %' if one.unit == 'percent' else ''}", self.inline(one.quote)]
                for one in self.programme.figures
            ]
            yield _table(["", "", self.words["words"]], rows)

    def remarks(self, key: str, remarks: Sequence[Remark]) -> Iterator[str]:
        if remarks:
            yield f"## {self.words[key]}"
            yield "\n".join(
                f"- {self.say(one.text)} {' '.join(map(self.inline, one.quotes))}".rstrip() for one in remarks
            )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
