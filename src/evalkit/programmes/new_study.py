"""A study folder to begin from: the study file with the programme in it, its report, and what data it needs."""

from __future__ import annotations

from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.programmes.definition import ProgrammeDefinition
from evalkit.programmes.shipped_programmes import load_programme
from evalkit.registers import layout_title
from evalkit.shipped import shipped

__all__ = ["write_study"]

# What a study of people released needs whatever the programme: stays, crime, population, deaths, work and education.
_REGISTERS = (
    "krin", "krsi", "kraf", "bef", "dod", "vnds", "dream", "bfl", "udda", "kotre", "tilbud", "handleplan",
    "planaktivitet", "kontakt",
)  # fmt: skip


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
    own = beside / "study.toml"
    study = own.read_text(encoding="utf-8") if own.is_file() else _study(programme)
    files = {"study.toml": study, "extracts/README.md": _readme(programme, study)}
    if (beside / "report.qmd").is_file():
        files["report.qmd"] = _whole(beside / "report.qmd")
    return files


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


def _study(programme: ProgrammeDefinition) -> str:
    """Make a register study from the shipped one: its cohort, with the programme's own target group and sites."""
    text = (shipped("reports") / "haandholdt_inklusion" / "study.toml").read_text(encoding="utf-8")
    head = _head(programme)
    settings = text[text.index("\n[outcome]\n") : text.index("\n[[caveat]]")]
    extracts = "\n".join(f'[[extract]]\nlayout = "{one}"\npath = "extracts/{one}.csv"\n' for one in _wanted(programme))
    return f"{head}\n{_ARMS}\n{_cohort(programme)}{settings}\n{_CAVEAT}\n{extracts}"


def _head(programme: ProgrammeDefinition) -> str:
    return f"""\
# {programme.title.en}: every choice below is the study's own, begun from the pilot Håndholdt Inklusion. What the
# programme's documents say, and what they leave open, is in docs/programmes/{programme.id}.en.md.

[study]
name = "{programme.id}"
programme = "{programme.id}"
report = "haandholdt_inklusion"
vintage = 2023-07-01      # CHANGE: the extracts are complete before this day
language = "da"
policy = "standard"       # the data custodian's disclosure policy
synthetic = false         # true only when nobody in the data is real

[study.title]
da = "{programme.title.da}"
en = "{programme.title.en}"
"""


_ARMS = """\
# The groups that are compared, the reference first.
[[arm]]
name = "comparison"
label = { da = "Sammenligningsgruppe", en = "Comparison group" }
description = { da = "Løsladte fra andre kommuner", en = "People released who lived in other municipalities" }

[[arm]]
name = "pilot"
label = { da = "Pilotgruppe", en = "Pilot group" }
description = { da = "Løsladte, som fik tilbuddet", en = "People released who were offered the programme" }
"""


def _cohort(programme: ProgrammeDefinition) -> str:
    group = programme.target_group
    municipalities = [site.municipality for site in programme.sites if site.municipality] or ["000"]
    release = ["remand_end"] if group.legal_status == ("remand",) else ["parole", "full_term", "remand_end"]
    listed, kinds = (", ".join(f'"{one}"' for one in found) for found in (municipalities, release))
    limit = f'   # the documents say at most {group.age_max}: step = "age"' if group.age_max else ""
    return f"""\
[cohort]
index_start = 2016-01-01                                  # CHANGE
index_end = 2020-01-01                                    # CHANGE: half-open
pilot_municipalities = [{listed}]                         # CHECK: where it ran; "000" means that no document says it
release_types = [{kinds}]
min_stay_days = 14                                        # this and the two below: the study's choice
merge_gap_days = 1
min_age_years = {group.age_min or 18}{limit}
"""


_CAVEAT = """\
[[caveat]]
da = "Sammenligningen er ikke justeret: grupperne kan være forskellige fra starten."
en = "The comparison is not adjusted: the groups may differ from the start."
"""


def _wanted(programme: ProgrammeDefinition) -> tuple[str, ...]:
    """Return the extracts of a register study, then what only the programme's own indicators need."""
    return tuple(dict.fromkeys((*_REGISTERS, *programme.layouts)))


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
