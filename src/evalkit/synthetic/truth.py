"""The truth of a made-up world, as numbers: what an evaluation of its extracts should find.

Everything is counted in the generator's own tables, by rules written down here; nothing of it passes through evalkit's
pipeline. ``truth.json`` is this, with sorted keys.

Who is in an arm. Stays are as they happened: remand and the serving that follows are one stay, whatever case numbers
and transfers the register shows. A stay begins with remand or serving, not with the arrest the day before; an arrest
that ends there is no stay. A release is eligible when it falls in the scenario's window; ends remand, or serving in
prison by parole or full term (not fine-serving, not home detention); the stay lasted at least 14 days; the person is
at least 18 completed years, ever in the population register, alive and not abroad that day. (A scenario may name other
ages, or remand alone.) Each person's first eligible release counts. If the municipality of residence at admission is a
pilot, the person is in the arm ``pilot`` when offered the programme during that stay, and in no arm otherwise; if not,
in the arm ``comparison`` unless offered the programme on the day of release or before. Where the scenario does not
compare, every person's first eligible release is in the one arm ``pilot``.

Reoffending. The first offence after the day of release and at most 24 months later (the same day of the month, or the
month's last), as registered: by the day of the offence, or of the final decision where the charge is missing. The
final decision (the appeal's, if there is one by the end of the registers) is guilty and falls in the calendar year of
release or one of the next three; fines under 2,500 kroner in traffic (offence groups that begin with 2) do not count.
Offences after death or emigration do not count.

Plan continuity. Of the arm's persons with an activity planned or begun in ``[admission, release)``: `resumed` counts
those for whom, in a domain of such an activity, some activity is active (begun, and not ended: half-open) on a day
from release to 30 days later; ``"3"``, ``"6"``, ``"12"`` those for whom such a resumed domain has an active activity
on the same day of the month so many months later, while the person is alive, in the country and not in custody.

Status. One state on the day 3, 6, 12 and 24 months after release; the first of: dead; emigrated; in_custody (in a
stay of any kind, fine-serving and home detention too); employed (a paid hour in the calendar month); in_education
(enrolled that day); benefit (any DREAM code but 997 in the ISO week); no_record.

Process. Whom it concerns, and of them those for whom it holds, in ``[a, r)`` from admission to release. Meetings and
talks that the person did not come to do not count.

- three_party_meeting: all; a three-party meeting.
- talks: all; at least two visits, meetings or three-party meetings.
- municipality_told: all; a notice to the municipality.
- municipality_told_of_transfer: those who are in another facility on some later day before r; a notice on the first
  such day or after.
- signed_plan: all; a plan is signed.
- plan_in_remand: those released from remand; a plan of the prison service is made.
- case_open_throughout: all; one municipal plan made on a or before and not closed before r.
- case_open_at_release: all; a municipal plan made before r and not closed on r or before.
- job_centre_before_parole: those released on parole; a municipal plan made before r and not closed on a or before, or
  an activity in employment planned or begun.
- housing_settled: those with an activity in housing planned or begun; one of these is completed on r or before.
- plans_share_area: those with a prison plan made, and a municipal one made before r and not closed on a or before, each
  with an activity planned or begun before r; such activities of both are in one area.
- benefit_settled: those without a paid hour in the calendar month of r and not enrolled on r; any DREAM code but 997 in
  its ISO week.

Rates. Contacts that took place (notices to the municipality are none) of persons with a day to count, and their days:
in custody, and from release to the day three calendar months later, or to death, emigration, the next stay of any kind
or the registers' end. Days in custody, and of them those on which some municipal plan is open.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import Field

from evalkit.config import Definition
from evalkit.synthetic.exit_truth import ExitTruth
from evalkit.synthetic.norway_truth import NorwayTruth
from evalkit.synthetic.reached import Reached

__all__ = ["ArmTruth", "Continuity", "EffectTruth", "ExtractTruth", "Rate", "ReferralTruth", "Truth"]


class Continuity(Definition):
    """Plan continuity of an arm.

    Parameters
    ----------
    n_with_plan : int
        Persons with an activity planned or begun in custody.
    n_continuing : dict
        ``"resumed"``, ``"3"``, ``"6"``, ``"12"`` to persons.
    share : dict
        The same, as a share of `n_with_plan`.
    """

    n_with_plan: int
    n_continuing: dict[str, int]
    share: dict[str, float]


class ArmTruth(Definition):
    """What happened to an arm.

    Parameters
    ----------
    n_persons : int
        Persons.
    n_reoffended, n_died, n_emigrated : int
        What came first within 24 months: the three exclude each other.
    risk : dict
        ``"6"``, ``"12"``, ``"24"`` months to persons who had reoffended by then, as a share of `n_persons`.
    two_year_risk : float
        Cumulative incidence at 24 months, death competing, emigration censored (Aalen-Johansen in days).
    continuity : Continuity
        Plan continuity.
    status : dict
        ``"3"``, ``"6"``, ``"12"``, ``"24"`` months to state to persons; each adds up to `n_persons`.
    n_pseudo_reconvictions : int
        Persons with a guilty decision within 24 months of release for an offence on the day of release or before.
    n_late_decisions : int
        Persons who did not reoffend by the rule but would have, had later decisions counted.
    """

    n_persons: int
    n_reoffended: int
    n_died: int
    n_emigrated: int
    risk: dict[str, float]
    two_year_risk: float
    continuity: Continuity
    status: dict[str, dict[str, int]]
    n_pseudo_reconvictions: int
    n_late_decisions: int


class EffectTruth(Definition):
    """The planted effect on the pilot arm, before deaths, courts and registers.

    Parameters
    ----------
    offered, not_offered : float
        Share of the pilot arm's persons whose next offence would come within two years: with the offer, and for the
        same persons and the same chance without it.
    difference : float
        The first minus the second.
    """

    offered: float
    not_offered: float
    difference: float


class ExtractTruth(Definition):
    """What was written to one extract.

    Parameters
    ----------
    n_rows : int
        Data rows.
    n_not_followable : int
        Of them with INRMARK other than 1.
    broken_rows : dict
        Of them broken, by kind: ``impossible_date``, ``release_before_admission``, ``missing_pnr``, ``not_a_number``.
    traps : dict
        Good rows that need care, by kind.
    """

    n_rows: int
    n_not_followable: int
    broken_rows: dict[str, int]
    traps: dict[str, int]


class Rate(Definition):
    """Something over time.

    Parameters
    ----------
    n_persons, n_without : int
        Persons, and of them those with none of it.
    n_events, n_days : int
        How much of it, in how many days.
    """

    n_persons: int
    n_without: int
    n_events: int
    n_days: int


class ReferralTruth(Definition):
    """JobUpdate's list of referrals, counted.

    Parameters
    ----------
    n_referred, n_open : int
        Persons referred, and of them those for whom it goes on.
    n_ended : dict
        Result to persons.
    n_died : int
        Of those who ended, by the reason of the end.
    n_match_group_2_3, n_transfer_income, n_returners : int
        Of all those referred.
    """

    n_referred: int
    n_open: int
    n_ended: dict[str, int]
    n_died: int
    n_match_group_2_3: int
    n_transfer_income: int
    n_returners: int


class Truth(Definition):
    """The truth of a made-up world; what its kind of scenario does not have is left out.

    Parameters
    ----------
    scenario : str
        Name and fingerprint.
    seed, n_persons : int
        What it was drawn with.
    arms : dict of str to ArmTruth
        ``"pilot"`` and ``"comparison"``, or only the first.
    process : dict of str to dict
        Arm to measure to persons; what the scenario's extracts cannot show is left out.
    rates : dict of str to dict
        Arm to ``"contacts_in_custody"``, ``"contacts_after_release"`` and ``"case_open_days"``.
    effect : EffectTruth
        The planted effect.
    risk_difference : float
        Two-year risk of the pilot arm minus that of the comparison arm, as it came out.
    published_risk : dict
        Months to the published share that the comparison arm is drawn to come out at.
    releases : dict
        Pilot municipality to year to releases from remand, parole and full term (every one, not persons).
    persons : dict
        Persons with what makes them difficult, by kind.
    referrals : ReferralTruth
        JobUpdate's list.
    exit : ExitTruth
        The Exit programme, by the rules of :mod:`~.exit_truth`.
    norway : NorwayTruth
        Norwegian releases, by the rules of :mod:`~.norway_truth`.
    extracts : dict of str to ExtractTruth
        Layout to what was written.
    """

    scenario: str
    seed: int
    n_persons: int
    arms: dict[str, ArmTruth] = Field(default_factory=dict)
    process: dict[str, dict[str, Reached]] = Field(default_factory=dict)
    rates: dict[str, dict[str, Rate]] = Field(default_factory=dict)
    effect: EffectTruth | None = None
    risk_difference: float | None = None
    published_risk: dict[str, float] = Field(default_factory=dict)
    releases: dict[str, dict[str, int]] = Field(default_factory=dict)
    persons: dict[str, int] = Field(default_factory=dict)
    referrals: ReferralTruth | None = None
    exit: ExitTruth | None = None
    norway: NorwayTruth | None = None
    extracts: dict[str, ExtractTruth]

    def write(self, path: Path) -> None:
        """Write the truth as JSON with sorted keys.

        Parameters
        ----------
        path : Path
            The file.
        """
        text = json.dumps(self.model_dump(exclude_defaults=True), indent=2, sort_keys=True, ensure_ascii=False)
        path.write_bytes(f"{text}\n".encode())
