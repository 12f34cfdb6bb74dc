"""A study: all choices of one evaluation, read from one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from evalkit.cohorts import Arm, CohortDefinition, ReleaseList
from evalkit.config import Definition, Explanation, Text, parse, read_toml
from evalkit.errors import ConfigError, DefinitionError
from evalkit.indicators import AssessmentDefinition, ContinuityDefinition, StatusDefinition
from evalkit.indicators.economy import EconomyDefinition
from evalkit.indicators.verdict import TargetRules
from evalkit.outcomes import OutcomeDefinition, outcome_of
from evalkit.programmes import CASE_LISTS, ProgrammeDefinition, case_list, load_programme
from evalkit.registers import ExtractSpec, TrustDefinition
from evalkit.shipped import shipped

__all__ = ["DeliveredOutcome", "Study", "StudyDefinition", "load_study"]

_OFFERS = frozenset({"tilbud", "exit_sag"})
"""Layouts that say who was offered a programme."""

_CUSTODY = frozenset({"krin", "kriminalomsorgen"})
"""Layouts that know of stays in custody."""


class DeliveredOutcome(Definition):
    """The outcome of a study whose data owner delivers durations and events, already made.

    Parameters
    ----------
    name : str
        Machine name.
    label : Text
        The event, for readers: "arrest within 52 weeks".
    horizon : int
        Time at which the risk is read, in the study's time unit.
    horizon_label : Text
        The horizon, for readers.
    grid_step : int
        Distance between the published points of a curve, in the study's time unit.
    explanation : Explanation
        What the data owner counted.
    """

    name: str
    label: Text
    horizon: int = Field(ge=1)
    horizon_label: Text
    grid_step: int = Field(default=1, ge=1)
    explanation: Explanation


class StudyDefinition(Definition):
    """All choices of one evaluation.

    A register study has a `cohort` and an outcome preset; a study of delivered durations has a `delivered` outcome. A
    study of a programme's own list of cases has neither, and no arms.

    Parameters
    ----------
    name : str
        Machine name.
    title : Text
        For readers.
    vintage : date
        The extracts are complete before this day.
    time_unit : {"day", "week", "month"}
        Unit of all durations.
    language : {"da", "en"}
        The report's language.
    synthetic : bool
        True when nobody in the data is real; the report then says so at the top.
    report : str
        A shipped report's name, used when no ``report.qmd`` lies beside the study file.
    policy : str
        Disclosure policy: a shipped one's name, or a file of the data custodian.
    arms : tuple of Arm
        The two groups that are compared, the reference first; one where a cohort has no comparison.
    programme : str, optional
        The programme that is evaluated: a shipped one's name, or a TOML file beside the study file.
    targets : TargetRules
        How its targets are judged.
    economy : EconomyDefinition, optional
        What it cost, and what outcomes are worth.
    extracts : tuple of ExtractSpec
        The register extracts.
    trust : TrustDefinition
        What the extracts are held to, against their past, each other and the population.
    cohort : CohortDefinition, optional
        Who is studied.
    releases : ReleaseList, optional
        Of a study without a cohort: the releases that are looked at.
    outcome : str or dict
        Of a register study: the name of an outcome preset, or the table ``[outcome]`` with a `preset` and what the
        study changes in it, or a whole definition of its own.
    delivered : DeliveredOutcome, optional
        The outcome of a study of delivered durations.
    groups : tuple of str
        Covariates of the cohort by whose levels the main figures are told, each in a table of its own.
    continuity : ContinuityDefinition
        Plan continuity.
    status : StatusDefinition
        Employment and education status.
    assessments : tuple of AssessmentDefinition
        The instruments whose scores are compared.
    caveats : tuple of Text
        What a reader must bear in mind.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: Text
    vintage: date
    time_unit: Literal["day", "week", "month"] = "day"
    language: Literal["da", "en"] = "da"
    synthetic: bool = False
    report: str
    policy: str = "standard"
    arms: tuple[Arm, ...] = Field(default=(), alias="arm", max_length=2)
    programme: str | None = None
    targets: TargetRules = TargetRules()
    economy: EconomyDefinition | None = None
    extracts: tuple[ExtractSpec, ...] = Field(alias="extract", min_length=1)
    trust: TrustDefinition = TrustDefinition()
    cohort: CohortDefinition | None = None
    releases: ReleaseList | None = None
    outcome: str | dict[str, Any] = "dst_two_year"
    delivered: DeliveredOutcome | None = None
    groups: tuple[str, ...] = ()
    continuity: ContinuityDefinition = ContinuityDefinition()
    status: StatusDefinition = StatusDefinition()
    assessments: tuple[AssessmentDefinition, ...] = Field(default=(), alias="assessment")
    caveats: tuple[Text, ...] = Field(default=(), alias="caveat")

    @model_validator(mode="after")
    def _one_kind(self) -> StudyDefinition:
        if self.cohort and self.delivered:
            raise ValueError("a study has either a cohort (registers) or a delivered outcome (time_to_event)")
        if self.cohort and self.releases:
            raise ValueError("a study with a cohort has its releases there, and no table [releases]")
        if self.releases and self.releases.end > self.vintage:
            raise ValueError(f"releases.end: nothing is known from {self.vintage} on, the vintage")
        if self.releases and not {extract.layout for extract in self.extracts} & _CUSTODY:
            raise ValueError(f"releases: there is no extract {' or '.join(sorted(_CUSTODY))}")
        if self.kind == "programme" and not self.programme:
            raise ValueError("a study needs a cohort (registers), a delivered outcome (time_to_event) or a programme")
        alone = self.cohort is not None and self.cohort.comparison == "none"
        n_arms = 0 if self.kind == "programme" else 1 if alone else 2
        if len(self.arms) != n_arms:
            raise ValueError(f"arm: a study of this kind has {n_arms} of them; found {len(self.arms)}")
        given = [(extract.layout, extract.vintage) for extract in self.extracts]
        twice = sorted({layout for layout, vintage in given if given.count((layout, vintage)) > 1})
        if twice:
            raise ValueError(f"more than one extract of one vintage for {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _groups_are_told(self) -> StudyDefinition:
        told = [one.name for one in self.cohort.baseline] if self.cohort else []
        unknown = [name for name in self.groups if name not in told]
        if unknown:
            raise ValueError(f"groups: {', '.join(unknown)} is not among the covariates of [cohort]")
        if len(set(self.groups)) < len(self.groups):
            raise ValueError("groups: one stands more than once")
        return self

    @model_validator(mode="after")
    def _instruments_are_delivered(self) -> StudyDefinition:
        instruments = [one.instrument for one in self.assessments]
        if len(set(instruments)) < len(instruments):
            raise ValueError("an instrument stands twice among the assessments")
        missing = sorted(set(instruments) - {extract.layout for extract in self.extracts})
        if missing:
            raise ValueError(f"assessment: the study has no extract {', '.join(missing)}")
        return self

    @property
    def compared(self) -> tuple[str | None, str]:
        """The arm that is compared with, None in a study of one arm, and the other."""
        names = [arm.name for arm in self.arms]
        return (names[0] if len(names) > 1 else None), names[-1]

    @property
    def kind(self) -> Literal["register", "time_to_event", "programme"]:
        """Whether the study builds its outcome from registers, takes it as delivered, or has a list of cases alone."""
        if self.cohort:
            return "register"
        return "time_to_event" if self.delivered else "programme"


@dataclass(frozen=True)
class Study:
    """A study definition and where it lies.

    Parameters
    ----------
    definition : StudyDefinition
        All choices.
    outcome : OutcomeDefinition, optional
        The loaded preset of a register study.
    folder : Path
        The folder of the study file; paths in it are relative to this.
    programme : ProgrammeDefinition, optional
        The loaded programme.
    """

    definition: StudyDefinition
    outcome: OutcomeDefinition | None
    folder: Path
    programme: ProgrammeDefinition | None = None

    @property
    def template(self) -> Path:
        """The report's source: ``report.qmd`` beside the study file, else the shipped one."""
        beside = self.folder / "report.qmd"
        return beside if beside.is_file() else shipped("reports") / self.definition.report / "report.qmd"


def load_study(path: Path | str, *, as_of: date | None = None) -> Study:
    """Read a study file and check what can be checked without data.

    Parameters
    ----------
    path : Path or str
        ``study.toml``.
    as_of : date, optional
        Let the study know only what was known on this day: its vintage is then this day.

    Returns
    -------
    Study
        The study.

    Raises
    ------
    ConfigError
        When the file is missing, is not TOML, has a misspelt key or a wrong value.
    DefinitionError
        When the choices cannot go together.
    """
    source = Path(path)
    definition = _as_of(parse(StudyDefinition, _flat(read_toml(source), source), source=source), as_of)
    outcome = outcome_of(definition.outcome, source=source) if definition.cohort else None
    if definition.cohort and outcome:
        _require_mature(definition, definition.cohort, outcome)
        _require_arms(definition)
    folder = source.resolve().parent
    programme = load_programme(definition.programme, folder) if definition.programme else None
    if programme:
        _require_windows(definition, programme, outcome)
    study = Study(definition, outcome, folder, programme)
    if not study.template.is_file():
        raise ConfigError(
            f"{source}: there is no report named {definition.report}.", hint="Check the key study.report."
        )
    return study


def _as_of(definition: StudyDefinition, as_of: date | None) -> StudyDefinition:
    """Move the vintage back; extracts that do not say theirs keep the one that they were delivered with."""
    if as_of is None or as_of == definition.vintage:
        return definition
    if as_of > definition.vintage:
        raise DefinitionError(
            f"study {definition.name}: nothing is known as of {as_of}, as the extracts end at {definition.vintage}."
        )
    extracts = tuple(
        extract if extract.vintage else extract.model_copy(update={"vintage": definition.vintage})
        for extract in definition.extracts
    )
    return definition.model_copy(update={"vintage": as_of, "extracts": extracts})


def _flat(content: Mapping[str, Any], source: Path) -> dict[str, Any]:
    """Lift the [study] table to the top, where the definition has its fields."""
    head = content.get("study")
    if not isinstance(head, dict):
        raise ConfigError(f"{source}: the table [study] is missing.", hint="Begin from a shipped study file.")
    doubled = sorted(set(head) & (set(content) - {"study"}))
    if doubled:
        raise ConfigError(f"{source}: {', '.join(doubled)} stands both in [study] and outside it.")
    return {**head, **{key: value for key, value in content.items() if key != "study"}}


def _require_mature(definition: StudyDefinition, cohort: CohortDefinition, outcome: OutcomeDefinition) -> None:
    """Refuse a cohort whose decisions cannot all be in: it would look better than it is."""
    needed = outcome.decided_before(cohort.index_end - timedelta(1))
    if definition.vintage < needed and outcome.immature == "refuse":
        raise DefinitionError(
            f"study {definition.name}: releases up to {cohort.index_end} need decisions up to {needed}, but the data "
            f"are complete only before {definition.vintage}.",
            hint='Let cohort.index_end be earlier, wait for a later extract, or set outcome.immature = "provisional".',
        )


def _require_arms(definition: StudyDefinition) -> None:
    cohort, layouts = definition.cohort, {extract.layout for extract in definition.extracts}
    if cohort and cohort.reads_offers and not layouts & _OFFERS:
        raise DefinitionError(
            f"study {definition.name}: who was offered the programme decides who is in which arm, but there is no "
            f"extract {' or '.join(sorted(_OFFERS, reverse=True))}.",
            hint='Add it; or let cohort.comparison be "none" and cohort.exposure "resident".',
        )
    names, wanted = [arm.name for arm in definition.arms], ["comparison", "pilot"][-len(definition.arms) :]
    if names != wanted:
        raise DefinitionError(
            f"study {definition.name}: a register study has the arms comparison and pilot, in this order, or pilot "
            f"alone where it compares with nobody; found {', '.join(names)}."
        )


def _require_windows(
    definition: StudyDefinition, programme: ProgrammeDefinition, outcome: OutcomeDefinition | None
) -> None:
    """Refuse a window that the study does not follow to its end, and a programme study without its list of cases."""
    late = [
        one.id
        for one in programme.indicators
        if outcome and one.event == outcome.name and (one.horizon_months or 0) > outcome.follow_up_months
    ]
    if late and outcome:
        raise ConfigError(
            f"study {definition.name}: the outcome {outcome.name} is followed for {outcome.follow_up_months} months, "
            f"which is shorter than the window of {', '.join(late)}.",
            hint="Change outcome.follow_up_months.",
        )
    layouts = {extract.layout for extract in definition.extracts}
    needs_list = definition.kind == "programme" and definition.releases is None
    if needs_list and case_list(programme, layouts) is None:
        wanted = [layout for layout in CASE_LISTS if layout in programme.layouts]
        raise ConfigError(
            f"study {definition.name}: the programme {programme.id} needs a list of its cases; "
            f"there is no extract {' or '.join(wanted) or 'of that kind that evalkit knows'}.",
            hint="Add the extract, or a [cohort], or [releases].",
        )
