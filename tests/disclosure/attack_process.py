"""What was done by the day of release adds up to, and who is among whom, from what the tables mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tests.disclosure.attack_names import name_asked, name_done
from tests.disclosure.attacker import Attacker, Name

DOMAINS = ("housing", "economy", "education", "employment", "treatment", "health", "network")
SIGNS = {
    "without_work": (),
    "on_benefit": (),
    "housing": ("housing",),
    "economy": ("economy",),
    "treatment": ("treatment", "health"),
}

Tables = Mapping[str, pl.DataFrame]


def add_process(attacker: Attacker, tables: Tables, arms: Sequence[str]) -> None:
    """What was done by the day of release, and the tables beside it."""
    measures = tables["process"].get_column("measure").unique().sort().to_list() if "process" in tables else []
    for arm in arms:
        for measure in measures:
            add_measure(attacker, arm, measure)
        if {"municipality_told", "municipality_told_of_transfer"} <= set(measures):
            told, of_transfer = (("done", arm, f"municipality_told{end}") for end in ("", "_of_transfer"))
            attacker.among([told], [of_transfer])
        if "sign_any" in measures:
            add_signs(attacker, arm)
        if "contact_rate" in tables:
            add_contacts(attacker, arm)
        if "case_open_days" in tables:
            add_open_cases(attacker, arm)
        if "plan_agreement" in tables:
            add_agreement(attacker, arm)


def add_measure(attacker: Attacker, arm: str, measure: str) -> None:
    row = {"arm": arm, "measure": measure}
    asked = name_asked(row)
    attacker.among([asked], [name_done(row)])
    if asked != ("n", arm):
        attacker.among([("n", arm)], [asked])


def add_signs(attacker: Attacker, arm: str) -> None:
    """Whoever has one sign has any; what a plan of the stay is about is a sign."""
    every: list[Name] = [name_done({"arm": arm, "measure": f"sign_{sign}"}) for sign in SIGNS]
    for one in every:
        attacker.among([("done", arm, "sign_any")], [one])
    attacker.among(every, [("done", arm, "sign_any")])
    for sign, domains in SIGNS.items():
        for domain in domains:
            attacker.among([("done", arm, f"sign_{sign}")], [("plan", arm, domain)])


def add_contacts(attacker: Attacker, arm: str) -> None:
    """A meeting in custody is a contact; who is not followed for a day after release died or left on the day."""
    for period in ("custody", "after_release"):
        everyone = ("n", arm) if period == "custody" else ("followed after release", arm)
        attacker.among([everyone], [("no contact", arm, period)])
    attacker.among([("n", arm)], [("followed after release", arm)])
    attacker.among([("n", arm)], [("no contact", arm, "custody"), ("done", arm, "three_party_meeting")])


def add_open_cases(attacker: Attacker, arm: str) -> None:
    attacker.among([("n", arm)], [("had one open", arm)])
    for when in ("throughout", "at_release"):
        attacker.among([("had one open", arm)], [("done", arm, f"case_open_{when}")])


def add_agreement(attacker: Attacker, arm: str) -> None:
    """Whoever has both plans had the municipality's open, and each of the plans says something."""
    both_plans, shared = ("both plans", arm), ("area", arm, "any", "both")
    attacker.among([("had one open", arm)], [both_plans])
    attacker.among([both_plans], [shared])
    attacker.among([both_plans], [("area", arm, "any", "unknown")])
    for domain in DOMAINS:
        parts: list[Name] = [("area", arm, domain, word) for word in ("both", "prison_only", "municipality_only")]
        attacker.add_up([("area", arm, domain, "any")], parts)
        attacker.among([both_plans], [("area", arm, domain, "any")])
        attacker.among([shared], [("area", arm, domain, "both")])
        attacker.among([both_plans], [("area", arm, domain, "unknown")])
        attacker.among([("area", arm, "any", "unknown")], [("area", arm, domain, "unknown")])
    for word in ("both", "unknown"):
        attacker.among([("area", arm, domain, word) for domain in DOMAINS], [("area", arm, "any", word)])
    for word in ("prison_only", "municipality_only"):
        attacker.among([("area", arm, domain, one) for domain in DOMAINS for one in ("both", word)], [both_plans])
