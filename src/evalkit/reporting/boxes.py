"""Parts of the page that are more than a sentence: headline cards, definitions, limits, provenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.markdown import Markdown, escaped, raw_html
from evalkit.reporting.tables.grid import Grid, to_html_table
from evalkit.reporting.wording import (
    difference_sentences,
    plan_sentence,
    plan_shares,
    risk_sentence,
    risk_shares,
    status_sentence,
    status_shares,
)

__all__ = [
    "cards",
    "definitions_box",
    "limits_box",
    "provenance_box",
    "provisional_box",
    "reading_box",
    "synthetic_box",
]

_SHORT_HASH = 12
_REGISTER_LIMITS = (
    ("can_followed", "can_everyone", "can_definition"),
    ("cannot_cause", "cannot_zero", "cannot_registers"),
)
_OTHER_LIMITS = (("can_followed", "can_definition"), ("cannot_cause_other", "cannot_zero"))
_PROGRAMME_LIMITS = (("can_cases", "can_definition"), ("cannot_without", "cannot_recorded"))


def cards(edition: Edition) -> Markdown:
    """Make the headline cards: the risk, and in a register study plan continuity and status.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    Markdown
        One div a card: two numbers of every hundred, and what they mean.
    """
    text = edition.language.text
    title = text("card.reoffending") if edition.follows_release else edition.event[:1].upper() + edition.event[1:]
    said = f"{risk_sentence(edition)} {difference_sentences(edition)}"
    made = [_card(edition, title, risk_shares(edition), said)]
    if edition.bundle.has("continuity"):
        made.append(_card(edition, text("card.plans"), plan_shares(edition), plan_sentence(edition)))
    if edition.bundle.has("status"):
        made.append(_card(edition, text("card.status"), status_shares(edition), status_sentence(edition)))
    return Markdown("::::: {.headlines}\n" + "\n".join(made) + "\n:::::\n")


def _card(edition: Edition, title: str, shares: Mapping[str, float | None], sentence: str) -> str:
    numbers = "\n".join(_number(edition, arm, shares.get(arm)) for arm in reversed(edition.arms))
    return (
        f":::: {{.headline}}\n### {escaped(title)} {{.unnumbered .unlisted}}\n\n"
        f"::: {{.numbers}}\n{numbers}\n:::\n\n{escaped(sentence)}\n::::\n"
    )


def _number(edition: Edition, arm: str, share: float | None) -> str:
    text = edition.language.text
    if share is None:
        what = f"[{text('card.hidden')}]{{.hidden-value}}"
    else:
        what = f"[{edition.language.per_hundred(share)}]{{.value}} [{text('card.of_hundred')}]{{.unit}}"
    return f"[[{escaped(edition.arm_short(arm))}]{{.who}} {what}]{{.number .arm-{edition.arms.index(arm)}}}"


def synthetic_box(edition: Edition) -> Markdown:
    """Say at the top that nobody is real, when nobody is.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    Markdown
        A callout; empty for real data.
    """
    if not edition.bundle.study.get("synthetic"):
        return Markdown("")
    title, text = (edition.language.text(f"synthetic.{key}") for key in ("title", "text"))
    return Markdown(f'::: {{.callout-warning title="{title}"}}\n{text}\n:::\n')


def provisional_box(edition: Edition) -> Markdown:
    """Say at the top that the figures will change, when some of the decisions cannot be in yet.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``maturity``.

    Returns
    -------
    Markdown
        A callout; empty when every quarter is final.
    """
    open_ones = [str(row["quarter"]) for row in edition.rows("maturity") if row["stamp"] != "final"]
    if not open_ones:
        return Markdown("")
    title = edition.language.text("provisional.title")
    text = edition.language.text("provisional.text", first=open_ones[0], last=open_ones[-1])
    return Markdown(f'::: {{.callout-warning title="{title}"}}\n{text}\n:::\n')


def reading_box(edition: Edition) -> Markdown:
    """Say how the numbers are read.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    Markdown
        A callout with a short list.
    """
    text = edition.language.text
    hidden = "reading.suppressed" if edition.hides else "reading.public"
    points = [
        text(key, min_cell=edition.min_cell) for key in ("reading.hundred", "reading.interval", hidden, "reading.cause")
    ]
    lines = "\n".join(f"- {point}" for point in points)
    return Markdown(f'::: {{.callout-note title="{text("headings.reading")}"}}\n{lines}\n:::\n')


def definitions_box(edition: Edition) -> Markdown:
    """Say what every word means: each definition in plain words, with its name, fingerprint and source.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    Markdown
        One div a definition.
    """
    return Markdown("\n".join(_definition(edition, entry) for entry in edition.bundle.definitions.values()))


def _definition(edition: Edition, entry: Mapping[str, Any]) -> str:
    language = edition.language
    sentences = entry.get("text", {}).get(language.code, [])
    lines = "\n".join(f"- {escaped(str(sentence))}" for sentence in sentences)
    named = f"`{entry.get('name', '')}@{entry.get('fingerprint', '')}`"
    source = f"{language.text('definition.source')}: {escaped(str(entry['source']))}" if entry.get("source") else ""
    footer = ". ".join(part for part in (f"{language.text('definition.fingerprint')} {named}", source) if part)
    title = escaped(language.choose(entry.get("title")))
    return f"::: {{.definition}}\n### {title} {{.unnumbered .unlisted}}\n\n{lines}\n\n[{footer}]{{.fine-print}}\n:::\n"


def limits_box(edition: Edition) -> Markdown:
    """Say what the report can and cannot say, and what is particular to this study.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    Markdown
        Three lists under headings.
    """
    language = edition.language
    caveats = [escaped(language.choose(caveat)) for caveat in edition.bundle.study.get("caveats", ())]
    can, cannot = _REGISTER_LIMITS if edition.is_register else _OTHER_LIMITS
    if edition.is_programme:
        can, cannot = _PROGRAMME_LIMITS
    if edition.is_register and not caveats:  # a study's own caveats say these better
        cannot = (*cannot, "cannot_selected", "cannot_clusters")
    parts = [
        ("limits.can_title", [language.text(f"limits.{key}") for key in can]),
        ("limits.cannot_title", [language.text(f"limits.{key}") for key in cannot]),
        ("limits.caveats_title", caveats),
    ]
    return Markdown("\n".join(_listed(language.text(title), points) for title, points in parts if points))


def _listed(title: str, points: list[str]) -> str:
    lines = "\n".join(f"- {point}" for point in points)
    return f"### {title} {{.unnumbered .unlisted}}\n\n{lines}\n"


def provenance_box(edition: Edition) -> Markdown:
    """Say how the figures were made: versions, vintage, policy, fingerprints.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    Markdown
        A definition list, and the long lists of fingerprints behind a heading that opens.
    """
    text, bundle = edition.language.text, edition.bundle
    seed = bundle.provenance.get("seed")
    facts = [
        ("study", f"`{bundle.study.get('name', '')}`"),
        ("version", escaped(str(bundle.provenance.get("version", "")))),
        # A line that begins "1. juli" would be read as a numbered list.
        ("vintage", edition.language.day(str(bundle.study["vintage"])).replace(".", "\\.", 1)),
        ("policy", _policy(edition)),
        ("definitions", ", ".join(f"`{one['name']}@{one['fingerprint']}`" for one in bundle.definitions.values())),
        ("seed", text("provenance.none") if seed is None else str(seed)),
    ]
    listed = "\n".join(f"{text(f'provenance.{key}')}\n:   {value}\n" for key, value in facts if value)
    return Markdown(f"{text('provenance.text')}\n\n{listed}\n{_models(edition)}\n{_sources(edition)}")


def _policy(edition: Edition) -> str:
    policy = edition.bundle.policy
    title = edition.language.choose(policy.get("title"))
    named = f"`{policy.get('name', '')}@{policy.get('fingerprint', '')}`"
    return f"{escaped(title)} ({named})" if title else named


def _models(edition: Edition) -> str:
    models = edition.bundle.provenance.get("models") or {}
    rows = [(str(name), {"fingerprint": str(value)}) for name, value in sorted(models.items())]
    return _opened(edition, "models", rows, "column.model")


def _sources(edition: Edition) -> str:
    rows = [
        (
            edition.language.label("layout", str(source["layout"])),
            {"fingerprint": str(source.get("sha256", ""))[:_SHORT_HASH]},
        )
        for source in edition.bundle.study.get("sources", ())
    ]
    return _opened(edition, "sources", rows, "column.layout")


def _opened(edition: Edition, name: str, rows: list[tuple[str, dict[str, str]]], stub: str) -> str:
    if not rows:
        return ""
    text = edition.language.text
    title = text(f"provenance.{name}", n=len(rows))
    grid = Grid(text(stub), {"fingerprint": text("column.fingerprint")}, rows, words=("fingerprint",))
    table = to_html_table(grid, name=name, label=title)
    return raw_html(f'<details class="data-table"><summary>{title}</summary>{table}</details>')
