"""A study folder to begin from: the study file with the programme in it, its report, and what data it needs."""

from __future__ import annotations

from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.programmes.definition import ProgrammeDefinition
from evalkit.programmes.shipped_programmes import load_programme
from evalkit.registers import layout_title
from evalkit.shipped import shipped

__all__ = ["write_study"]


def write_study(name: str, folder: Path) -> tuple[Path, ...]:
    """Write a study folder for a programme; nothing that is there is written over.

    Parameters
    ----------
    name : str
        A shipped programme's name.
    folder : Path
        The folder; it is made if need be.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    ConfigError
        When there is no such programme, or one of the files is there already.
    """
    programme = load_programme(name)
    files = _files(programme)
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: this is a file, not a folder.", hint="Name another.")
    there = [path for path in files if (folder / path).exists()]
    if there:
        raise ConfigError(
            f"{folder}: {', '.join(there)} is there already, and nothing is written over.", hint="Name another folder."
        )
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / path for path in files)


def _files(programme: ProgrammeDefinition) -> dict[str, str]:
    """Return relative path to text."""
    beside = shipped("reports") / programme.id
    study = (beside / "study.toml").read_text(encoding="utf-8")
    return {
        "study.toml": study,
        "extracts/README.md": _readme(programme, study),
        "report.qmd": _whole(beside / "report.qmd"),
    }


def _whole(document: Path) -> str:
    """Return a report with what it includes put in, as the copy lies somewhere else."""
    begin, end = "{{< include ", " >}}"
    lines = []
    for line in document.read_text(encoding="utf-8").splitlines():
        if line.startswith(begin) and line.endswith(end):
            included = document.parent / line.removeprefix(begin).removesuffix(end)
            lines.append(included.read_text(encoding="utf-8").rstrip("\n"))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _readme(programme: ProgrammeDefinition, study: str) -> str:
    """Say which extracts the study file names, and which indicators each is for."""
    rows = [
        (layout, layout_title(layout).en, _used_by(programme, layout))
        for layout in (line.split('"')[1] for line in study.splitlines() if line.startswith("layout = "))
    ]
    named = {layout for layout, _, _ in rows}
    others = [layout for layout in programme.layouts if layout not in named]
    table = "\n".join(f"| `{layout}.csv` | {title} | {used} |" for layout, title, used in rows)
    more = "".join(f"- `{layout}`: {layout_title(layout).en}\n" for layout in others)
    said = "\nIndicators that need more than the study file names say so in the report. They would need:\n\n"
    beside = f"{said}{more}" if more else ""
    return f"""\
# Extracts for {programme.title.en}

Put the register extracts here. CSV, Parquet, SAS, Stata, SPSS and fixed width are read; the names are those of
`study.toml`, which you may change. Nothing in this folder leaves it.

| file | register | used by |
|---|---|---|
{table}
{beside}"""


def _used_by(programme: ProgrammeDefinition, layout: str) -> str:
    return ", ".join(one.label.en for one in programme.indicators if layout in one.layouts)
