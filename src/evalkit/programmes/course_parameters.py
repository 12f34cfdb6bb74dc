"""The course of a programme as parameters of the SQL models: how long its phases last, how often there is contact."""

from __future__ import annotations

from evalkit.programmes.course import ContactRule, Span
from evalkit.programmes.definition import ProgrammeDefinition

__all__ = ["course_parameters"]

# A list without an element has no type in SQL; nothing has the empty name.
_NO_PHASE = {"phase": "", "least_months": 0, "most_months": -1, "most_days": -1}
_NO_RULE = {"rule": "", "phase": "", "every_days": 0, "every_months": 0, "from_month": 0, "until_month": 0}
_DAYS_A_WEEK = 7


def course_parameters(programme: ProgrammeDefinition | None) -> dict[str, object]:
    """Return what the models of phases and of contacts need to know of a programme.

    Parameters
    ----------
    programme : ProgrammeDefinition, optional
        The programme; without one the values mean nothing.

    Returns
    -------
    dict of str to object
        ``phases``: phase, least_months, most_months, most_days (-1 is no limit), the course as a whole last.
        ``contact_rules``: rule (the first phase and the longest time between contacts), phase, every_days,
        every_months, from_month, until_month (0 where it does not apply).
    """
    phases = programme.phases if programme else ()
    whole = _phase_limits("whole", programme.span if programme else None)
    return {
        "phases": [_NO_PHASE, *(_phase_limits(one.id, one.span) for one in phases), whole],
        "contact_rules": [_NO_RULE, *_contact_rules(programme)],
    }


def _phase_limits(phase: str, span: Span | None) -> dict[str, object]:
    """Give the least and the longest time in a phase; -1 is no limit."""
    limits = {**_NO_PHASE, "phase": phase}
    if span is None:
        return limits
    if span.unit == "week":
        return limits | ({"most_days": int(span.most * _DAYS_A_WEEK)} if span.most else {})
    return limits | {"least_months": int(span.least or 0), "most_months": int(span.most) if span.most else -1}


def _contact_rules(programme: ProgrammeDefinition | None) -> list[dict[str, object]]:
    """Give one row a rule and phase in which it holds; phases that follow each other with the same rule are one time.

    So a gap across them is seen.
    """
    rows: list[dict[str, object]] = []
    open_rules: dict[object, str] = {}
    for phase in programme.phases if programme else ():
        named = {_rule_key(rule): rule for rule in phase.contacts}
        open_rules = {key: open_rules.get(key, f"{phase.id}_{_rule_name(rule)}") for key, rule in named.items()}
        rows.extend(_rule_row(open_rules[key], phase.id, rule) for key, rule in named.items())
    return rows


def _rule_key(rule: ContactRule) -> tuple[object, ...]:
    return rule.unit, rule.every, rule.from_month, rule.until_month


def _rule_name(rule: ContactRule) -> str:
    return f"{rule.every[1]}_{rule.unit}s"


def _rule_row(name: str, phase: str, rule: ContactRule) -> dict[str, object]:
    longest = rule.every[1]
    return {
        "rule": name,
        "phase": phase,
        "every_days": longest if rule.unit == "day" else 0,
        "every_months": longest if rule.unit == "month" else 0,
        "from_month": rule.from_month,
        "until_month": rule.until_month or 0,
    }
