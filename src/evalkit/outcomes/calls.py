"""The judgement calls of an outcome: each a type with what it decides and why the default is what it is."""

from __future__ import annotations

from typing import Annotated, Literal

from evalkit.config import Text
from evalkit.judgement import Judgement
from evalkit.outcomes.deadline import DecisionDeadline

__all__ = [
    "ActsDated",
    "Appeal",
    "ClearedChargesCount",
    "Clock",
    "ConferredCasesCount",
    "CustodyKinds",
    "Deadline",
    "Death",
    "EventDate",
    "Immature",
    "IndexDayCounts",
    "MissingOffenceDate",
    "OffenceInterval",
    "Residence",
    "TieOrder",
    "WaiversCount",
    "WindowEndCounts",
]

EventDate = Annotated[
    Literal["offence_date", "decision_date", "charge_date", "admission_date"],
    Judgement(
        label=Text(da="Hvilken dag daterer hændelsen", en="Which day dates the event"),
        reason=Text(
            da=(
                "Efter gerningsdagen falder gamle sager, der afgøres efter løsladelsen, ud, og sene "
                "afgørelser kommer med."
            ),
            en="By the day of the offence old cases decided after release fall out, and late decisions come in.",
        ),
    ),
]
Deadline = Annotated[
    DecisionDeadline,
    Judgement(
        label=Text(da="Hvornår afgørelsen senest skal falde", en="By when the decision must have fallen"),
        reason=Text(
            da=(
                "Danmarks Statistik læser afgørelser fra samme og de tre følgende år. "
                "Uden en frist ville de ældste have længst tid."
            ),
            en=(
                "Statistics Denmark reads decisions of the same and the following three years. "
                "Without a limit the oldest would have longest."
            ),
        ),
    ),
]
CustodyKinds = Annotated[
    tuple[Literal["remand", "serving", "home", "fine"], ...],
    Judgement(
        label=Text(da="Hvilke ophold der er en ny indsættelse", en="Which stays are a return to custody"),
        reason=Text(
            da="Afsoning på bopælen og af bøder er ikke fængsel i den forstand, som andre opgør det.",
            en="Serving at home, or a fine, is not custody as others count it.",
        ),
    ),
]
WaiversCount = Annotated[
    bool,
    Judgement(
        label=Text(da="Om et tiltalefrafald tæller", en="Whether a waived prosecution (tiltalefrafald) counts"),
        reason=Text(
            da="Danmarks Statistiks recidivtabeller har tiltalefrafald blandt afgørelserne.",
            en="Statistics Denmark's recidivism tables have waived prosecutions among the sanctions.",
        ),
    ),
]
ConferredCasesCount = Annotated[
    bool,
    Judgement(
        label=Text(
            da="Om sager afgjort sammen med en anden (KRKO) tæller",
            en="Whether cases decided under another (KRKO) count",
        ),
        reason=Text(
            da="De er begået og afgjort; kun hovedsagen står i KRAF.",
            en="They were committed and decided; only the main case stands in KRAF.",
        ),
    ),
]
ClearedChargesCount = Annotated[
    bool,
    Judgement(
        label=Text(
            da="Om en sigtelse tæller, når personen ikke findes skyldig",
            en="Whether a charge counts that ends without a finding of guilt",
        ),
        reason=Text(
            da="En sigtelse er politiets; uden afgørelse kan de nyeste ikke skelnes fra de øvrige.",
            en="A charge is the police's; without a decision the newest cannot be told from the others.",
        ),
    ),
]
IndexDayCounts = Annotated[
    bool,
    Judgement(
        label=Text(da="Om en hændelse på startdagen tæller", en="Whether an event on the index day counts"),
        reason=Text(
            da="Registret har dage og ikke timer: på løsladelsesdagen kan den ligge før løsladelsen.",
            en="The register has days and not hours: on the day of release it can lie before the release.",
        ),
    ),
]
WindowEndCounts = Annotated[
    bool,
    Judgement(
        label=Text(da="Om den sidste dag i perioden tæller", en="Whether the last day of the window counts"),
        reason=Text(
            da="Startdagen tæller ikke, så perioden er hel, når den sidste gør.",
            en="The index day does not count, so the window is whole when the last day does.",
        ),
    ),
]
MissingOffenceDate = Annotated[
    Literal["decision_date", "charge_date", "leave_out"],
    Judgement(
        label=Text(da="Ukendt gerningsdag", en="Unknown day of the offence"),
        reason=Text(
            da="Danmarks Statistik bruger afgørelsens dato; at udelade sagen ville gøre risikoen for lav.",
            en="Statistics Denmark uses the date of the decision; leaving the case out would make the risk too low.",
        ),
    ),
]
OffenceInterval = Annotated[
    Literal["start", "end"],
    Judgement(
        label=Text(da="Gerning over flere dage", en="An offence over several days"),
        reason=Text(
            da="Den, der begyndte før løsladelsen, er ikke ny kriminalitet.",
            en="One that began before the release is not new crime.",
        ),
    ),
]
ActsDated = Annotated[
    Literal["own", "case"],
    Judgement(
        label=Text(da="Flere gerninger i én sag", en="Several acts in one case"),
        reason=Text(
            da="En ny gerning bliver ikke gammel af at blive lagt til en gammel sag.",
            en="A new act does not become old by being added to an old case.",
        ),
    ),
]
Appeal = Annotated[
    Literal["latest_in_time", "latest", "first"],
    Judgement(
        label=Text(da="Flere afgørelser i én sag, fx efter anke", en="Several decisions in a case, as after an appeal"),
        reason=Text(
            da=(
                "Den seneste er den endelige. En, der falder efter fristen, tæller ikke, og må derfor heller ikke "
                "skjule den, der faldt i tide."
            ),
            en=(
                "The latest is the final one. One after the deadline does not count, so it must not hide the one that "
                "fell in time either."
            ),
        ),
    ),
]
TieOrder = Annotated[
    tuple[Literal["event", "death", "censoring"], ...],
    Judgement(
        label=Text(da="Rækkefølge på samme dag", en="Order on one day"),
        reason=Text(
            da="Den, der dør eller rejser den dag, kan have begået kriminaliteten før.",
            en="Who dies or leaves on that day can have committed the offence before.",
        ),
    ),
]
Residence = Annotated[
    Literal["until_emigration", "resident_throughout", "ignored"],
    Judgement(
        label=Text(da="Den, der udvandrer", en="Those who emigrate"),
        reason=Text(
            da=(
                "Hvem der bliver boende, ved ingen på løsladelsesdagen: at udelade de andre betinger på fremtiden. "
                "De følges, så længe registret kan se dem."
            ),
            en=(
                "Who stays, nobody knows on the day of release: leaving the others out conditions on the future. They "
                "are followed for as long as the register can see them."
            ),
        ),
    ),
]
Death = Annotated[
    Literal["competes", "censors"],
    Judgement(
        label=Text(da="Den, der dør", en="Those who die"),
        reason=Text(
            da="En død kan ikke begå ny kriminalitet; at lade som om gør risikoen for høj.",
            en="The dead cannot reoffend; to pretend so makes the risk too high.",
        ),
    ),
]
Clock = Annotated[
    Literal["calendar", "at_risk"],
    Judgement(
        label=Text(da="Tid i fængsel efter startdagen", en="Time in custody after the index date"),
        reason=Text(
            da="Ny indsættelse er en del af det, der sker efter en indsats, og må ikke trækkes fra i hovedresultatet.",
            en="A return to custody is part of what follows a programme, and is not taken out of the main result.",
        ),
    ),
]
Immature = Annotated[
    Literal["refuse", "provisional"],
    Judgement(
        label=Text(
            da="De nyeste, hvis afgørelser ikke alle kan være faldet",
            en="The newest, whose decisions cannot all have fallen",
        ),
        reason=Text(
            da="De ser bedre ud, end de er. Kun at beholde dem, der er fulgt længe nok, er værre.",
            en="They look better than they are. To keep only those followed long enough to have reoffended is worse.",
        ),
    ),
]
