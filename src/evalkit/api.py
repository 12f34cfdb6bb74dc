"""The verbs: what the command line and a notebook both call."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from evalkit.disclosure import Released, load_policy, release_all, write_bundle
from evalkit.errors import ConfigError
from evalkit.evaluation import Evaluation, evaluate
from evalkit.manifest import definitions_manifest, study_manifest
from evalkit.outcomes import load_outcome, outcome_page
from evalkit.programmes import write_study
from evalkit.registers import Delivery, check_extracts, holds_deliveries, write_delivery_report
from evalkit.registers import seal as seal_warehouse
from evalkit.reporting import headlines, read_bundle, render
from evalkit.results import Result
from evalkit.study import Study, load_study
from evalkit.study_models import refuse_unlisted_extracts
from evalkit.synthetic import write_synthetic_study
from evalkit.warehouse import ModelRun

__all__ = ["Language", "RunSummary", "check", "definition_panel", "demo", "explain", "publish", "run", "seal", "synth"]

Language = Literal["da", "en"]
Progress = Callable[[str], None]

_FIRST = "haandholdt_inklusion"
_SECURE, _WAREHOUSE = "secure", "warehouse.duckdb"


@dataclass(frozen=True)
class RunSummary:
    """What a run came to.

    Parameters
    ----------
    report : Path
        The report.
    headlines : tuple of str
        Its headline figures, as sentences.
    deliveries : tuple of Delivery
        What came in, one a file.
    model_runs : tuple of ModelRun
        What was built and what was skipped.
    """

    report: Path
    headlines: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    model_runs: tuple[ModelRun, ...]


def run(
    study_file: Path | str,
    output: Path | str | None = None,
    *,
    as_of: date | None = None,
    language: Language | None = None,
    progress: Progress | None = None,
) -> RunSummary:
    """Take a study from its extracts to its report.

    The output folder gets ``report.html`` and ``bundle/``, which hold no person rows, and ``secure/``, which does and
    must stay where the extracts are.

    Parameters
    ----------
    study_file : Path or str
        ``study.toml``.
    output : Path or str, optional
        Folder for the results; ``evalkit-<study>`` in the working directory when left out.
    as_of : date, optional
        Build what was known on this day: of each register the newest delivery with a vintage up to it, among the
        extracts and among what ``secure/`` has kept.
    language : {"da", "en"}, optional
        The report's language; the study's own when left out.
    progress : callable, optional
        Called with the name of each part before it is done.

    Returns
    -------
    RunSummary
        Where the report is and what it says first.

    Raises
    ------
    UserError
        When something is wrong. An older report is then left as it was; ``secure/`` keeps the registers that were taken
        in well, so that the next run does not read them again.
    """
    study = load_study(study_file, as_of=as_of)
    folder = Path(output) if output is not None else Path(f"evalkit-{study.definition.name}")
    with _all_or_nothing(folder):
        evaluation = evaluate(study, folder / _SECURE / _WAREHOUSE, progress=progress)
        write_delivery_report(folder / _SECURE / "delivery.md", evaluation.deliveries, evaluation.evidence)
        report = publish(evaluation, folder, language=language, progress=progress)
        bundle = read_bundle(folder / "bundle")
        spoken = language or study.definition.language
        return RunSummary(report, headlines(bundle, spoken), evaluation.deliveries, evaluation.model_runs)


def check(study_file: Path | str) -> str:
    """Check a study file and its extracts without writing anything.

    Parameters
    ----------
    study_file : Path or str
        ``study.toml``.

    Returns
    -------
    str
        One line that says what was looked at.

    Raises
    ------
    UserError
        With everything that is wrong.
    """
    study = load_study(study_file)
    extracts = study.definition.extracts
    refuse_unlisted_extracts(study)
    check_extracts(extracts, root=study.folder)
    return f"{study.definition.name}: the study file and its {len(extracts)} extracts can be read."


def explain(outcome: str, *, language: Language = "da") -> str:
    """Say in plain words what an outcome definition says, and each judgement call with its reason.

    Parameters
    ----------
    outcome : str
        A preset's name, ``"dst_two_year"``, or a study file, whose own outcome is then told.
    language : {"da", "en"}
        The language.

    Returns
    -------
    str
        A page of text.

    Raises
    ------
    UserError
        When there is no such preset, or the file is wrong.
    """
    if not outcome.endswith(".toml"):
        return outcome_page(load_outcome(outcome), language)
    found = load_study(outcome).outcome
    if found is None:
        raise ConfigError(f"{outcome}: its data owner delivers the outcome already made.", hint="Name a preset.")
    return outcome_page(found, language)


def definition_panel(study_file: Path | str, warehouse: Path | None = None) -> Result:
    """Count a study's cohort under every official definition that its data are old enough for.

    Parameters
    ----------
    study_file : Path or str
        ``study.toml``.
    warehouse : Path, optional
        The database file of an earlier run; in memory when None.

    Returns
    -------
    Result
        One row an arm and definition, with ``table()`` and ``plot()``; not disclosure-checked.
    """
    return evaluate(load_study(study_file), warehouse)["definition_panel"]


def new(programme: str, folder: Path | str) -> tuple[Path, ...]:
    """Write a study folder for a shipped programme: the study file, its report, and what data it needs.

    Parameters
    ----------
    programme : str
        The programme's name.
    folder : Path or str
        The folder; nothing that is there is written over.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    ConfigError
        When there is no such programme, or one of the files is there already.
    """
    return write_study(programme, Path(folder))


def seal(output: Path | str) -> None:
    """Drop the delivered pseudonyms from a run's warehouse for good.

    Parameters
    ----------
    output : Path or str
        The output folder of the run.

    Raises
    ------
    UserError
        When there is no warehouse, or a run is using it.
    """
    seal_warehouse(Path(output) / _SECURE / _WAREHOUSE)


def publish(
    evaluation: Evaluation,
    output: Path | str,
    *,
    language: Language | None = None,
    progress: Progress | None = None,
) -> Path:
    """Put all results through the door, write the bundle and render the report.

    Parameters
    ----------
    evaluation : Evaluation
        All results.
    output : Path or str
        Folder that gets ``bundle/`` and ``report.html``; both are replaced whole or not at all.
    language : {"da", "en"}, optional
        The report's language; the study's own when left out.
    progress : callable, optional
        Called with the name of each part before it is done.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    DisclosureError
        When a result may not leave.
    ReportError
        When the report cannot be rendered.
    """
    tell = progress or (lambda _: None)
    study, folder = evaluation.study, Path(output)
    tell("disclosure")
    released = _released(study, evaluation)
    with _next_version(folder) as coming:
        bundle = write_bundle(
            coming / "bundle",
            released,
            study=study_manifest(study, evaluation.deliveries, evaluation.findings),
            definitions=definitions_manifest(study),
            provenance=evaluation.provenance,
        )
        tell("report")
        render(bundle, study.template, coming / "report.html", language=language or study.definition.language)
    return folder / "report.html"


def demo(
    output: Path | str | None = None,
    *,
    programme: str = _FIRST,
    persons: int = 20_000,
    seed: int = 1,
    language: Language = "da",
    progress: Progress | None = None,
) -> RunSummary:
    """Make synthetic registers of a programme and take them to its report.

    Parameters
    ----------
    output : Path or str, optional
        Folder for extracts, study file and results; when left out ``evalkit-demo`` in the working directory, with the
        programme's name behind it for another than the first programme.
    programme : str
        A shipped programme's name.
    persons : int
        Persons in the registers; a programme whose document counts its own cases has as many as the document says.
    seed : int
        Same seed, same bytes.
    language : {"da", "en"}
        The report's language.
    progress : callable, optional
        Called with the name of each part before it is done.

    Returns
    -------
    RunSummary
        Where the report is and what it says first.

    Raises
    ------
    UserError
        When there is no such programme, or the folder holds something else.
    """
    folder = Path(output or ("evalkit-demo" if programme == _FIRST else f"evalkit-demo-{programme}"))
    with _all_or_nothing(folder):
        study_file = synth(
            folder, programme=programme, persons=persons, seed=seed, language=language, progress=progress
        )
        return run(study_file, folder, progress=progress)


def synth(
    output: Path | str,
    *,
    programme: str = _FIRST,
    persons: int = 20_000,
    seed: int = 1,
    language: Language = "da",
    progress: Progress | None = None,
) -> Path:
    """Write synthetic register extracts of a programme with its study file beside them.

    Parameters
    ----------
    output : Path or str
        Folder that gets ``extracts/``, ``study.toml`` and ``truth.json``, what was planted.
    programme, persons, seed, language, progress
        See :func:`demo`.

    Returns
    -------
    Path
        The study file.

    Raises
    ------
    ConfigError
        When there is no such programme, or the folder holds something else.
    """
    folder, tell = Path(output), progress or (lambda _: None)
    with _all_or_nothing(folder):
        return write_synthetic_study(
            folder,
            programme,
            n_persons=persons,
            seed=seed,
            language=language,
            progress=lambda part: tell(f"write {part}"),
        )


def _released(study: Study, evaluation: Evaluation) -> tuple[Released, ...]:
    beside = study.folder / study.definition.policy
    policy = load_policy(beside if beside.is_file() else study.definition.policy)
    return release_all(list(evaluation.values()), policy)


@contextlib.contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    """Take away again what was put into the output folder when it ends in an error, but for what was taken in well."""
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: this is a file, not a folder.", hint="Name another with --output.")
    existed = folder.exists()
    before = set(folder.iterdir()) if existed else set()
    try:
        yield
    except BaseException:
        for part in (set(folder.iterdir()) if folder.is_dir() else set()) - before:
            if part.name != _SECURE or not holds_deliveries(part / _WAREHOUSE):
                shutil.rmtree(part) if part.is_dir() else part.unlink()
        if not existed and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        raise


@contextlib.contextmanager
def _next_version(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; what is in it takes the place of the old only when all of it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    coming, going = folder / ".coming", folder / ".going"
    for leftover in (coming, going):
        shutil.rmtree(leftover, ignore_errors=True)
    coming.mkdir()
    going.mkdir()
    try:
        yield coming
        for part in sorted(coming.iterdir()):
            if (folder / part.name).exists():
                (folder / part.name).replace(going / part.name)
            part.replace(folder / part.name)
    finally:
        shutil.rmtree(coming, ignore_errors=True)
        shutil.rmtree(going, ignore_errors=True)
