"""analysis.continuity_evidence: what caseworkers say of plans against what registers hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]

COHORT = "person_key | episode | arm | index_date\n1 | 1 | pilot | 2016-01-15"
AT_LIBERTY = """
    person_key | episode | state     | start_date | stop_date
    1          | 1       | no_record | 2016-01-15 | 2018-01-16
"""
STUDY = ("core.education_spell", "person_key | start_date | stop_date\n1 | 2016-04-15 | 2016-04-16")
WORK = ("core.employment_month", "person_key | month_start | paid_hours\n1 | 2016-04-01 | 1")
BENEFIT = (
    "core.benefit_spell",
    "person_key | benefit_code | start_date | stop_date\n1 | 730 | 2016-04-11 | 2016-04-18",
)


def said(domain: str, *, under_way: bool, resumed: bool = True, months: int = 3) -> str:
    header = "person_key | domain | months | is_resumed | is_under_way"
    return f"{header}\n1 | {domain} | {months} | {resumed} | {under_way}"


def counts(domain: str, evidence: str | None) -> str:
    kinds = ("both", "said_only", "register_only", "neither")
    lines = [
        f"{one} | {kind} | {int(one == domain and kind == evidence)}"
        for one in ("economy", "education", "employment")
        for kind in kinds
    ]
    return "\n".join(["domain | evidence | n_persons", *lines])


def given(progress: str, *facts: tuple[str, str], spells: str = AT_LIBERTY) -> dict[str, str]:
    cohort = {"analysis.cohort": COHORT, "analysis.state_spell": spells}
    return {**cohort, "analysis.continuity_day": progress, **dict(facts)}


@pytest.mark.parametrize(("domain", "fact"), [("education", STUDY), ("employment", WORK), ("economy", BENEFIT)])
@pytest.mark.parametrize(
    ("under_way", "registered", "evidence"),
    [(True, True, "both"), (True, False, "said_only"), (False, True, "register_only"), (False, False, "neither")],
)
def test_each_domain_has_its_register(
    check: Check, domain: str, fact: tuple[str, str], under_way: bool, registered: bool, evidence: str
) -> None:
    facts = (fact,) if registered else ()
    check(
        "analysis.continuity_evidence",
        given(said(domain, under_way=under_way), *facts),
        counts(domain, evidence),
        checkpoints_months=[3],
    )


def test_wages_settle_the_economy_too_and_a_code_that_is_no_support_does_not(check: Check) -> None:
    progress = said("economy", under_way=True)
    choices = {"checkpoints_months": [3], "no_support_codes": ["730"]}
    check("analysis.continuity_evidence", given(progress, BENEFIT), counts("economy", "said_only"), **choices)
    check("analysis.continuity_evidence", dict([WORK]), counts("economy", "both"), **choices)


def test_under_way_without_having_been_resumed_in_time_is_not_said(check: Check) -> None:
    progress = said("education", under_way=True, resumed=False)
    check("analysis.continuity_evidence", given(progress), counts("education", "neither"), checkpoints_months=[3])


@pytest.mark.parametrize("state", ["dead", "emigrated", "in_custody"])
def test_who_is_not_at_liberty_in_the_country_is_not_asked(check: Check, state: str) -> None:
    spells = AT_LIBERTY.replace("no_record ", state)
    progress = given(said("education", under_way=True), STUDY, spells=spells)
    check("analysis.continuity_evidence", progress, counts("education", None), checkpoints_months=[3])


def test_housing_stands_in_no_register(check: Check) -> None:
    check(
        "analysis.continuity_evidence",
        given(said("housing", under_way=True)),
        counts("housing", None),
        checkpoints_months=[3],
    )
