"""What a programme costs for each who went through it, by year and by what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Self

import polars as pl
from pydantic import Field, model_validator

from evalkit.config import Definition, Text
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["SOCIAL_VALUES", "EconomyDefinition", "SocialValue", "cost_per_person", "money_by_year"]

_DOCUMENT = "Justitsministeriet 2021, Socialøkonomisk investeringsmodel, Retsudvalget 2020-21, alm. del, bilag 425"
_SOURCE = Text(
    da=f"{_DOCUMENT} (efter omtale; kun dokumentets begyndelse har kunnet læses)",
    en=f"{_DOCUMENT} (as reported; the document's own opening was all that could be read)",
)


class SocialValue(Definition):
    """What an outcome is worth to public budgets, a person.

    Parameters
    ----------
    dkk : float
        Amount over `years`.
    years : int
        The horizon of the amount.
    price_year : int
        Year of the source; the amounts are not brought forward to another year's prices.
    label : Text
        The outcome that it is for.
    source : Text
        Where it stands.
    """

    dkk: float = Field(gt=0)
    years: int = Field(default=10, ge=1)
    price_year: int
    label: Text
    source: Text


SOCIAL_VALUES: Mapping[str, SocialValue] = {
    "no_new_crime": SocialValue(
        dkk=505_300,
        price_year=2021,
        label=Text(
            da="ingen ny kriminalitet inden for to år efter løsladelsen",
            en="no new crime within two years of release",
        ),
        source=_SOURCE,
    ),
    "no_new_serious_crime": SocialValue(
        dkk=764_000,
        price_year=2021,
        label=Text(
            da="ingen ny alvorlig kriminalitet inden for to år efter løsladelsen",
            en="no new serious crime within two years of release",
        ),
        source=_SOURCE,
    ),
    "working_year": SocialValue(
        dkk=557_000,
        price_year=2021,
        label=Text(
            da="i arbejde eller uddannelse mere end halvdelen af det første år efter løsladelsen",
            en="in work or education for more than half of the first year after release",
        ),
        source=_SOURCE,
    ),
}
"""Values of the Danish social-investment model, by name; a study file can put others in their place."""


class EconomyDefinition(Definition):
    """What is known about money; the table ``[economy]`` of a study file.

    Parameters
    ----------
    currency : str
        Of all amounts.
    cost_dkk : float, optional
        What the programme cost, all of it, for those who are counted.
    reference_cost_per_person : float
        What the comparison costs a person.
    values : mapping of str to SocialValue
        What outcomes are worth.
    value : str
        Name of the value that an avoided reoffender is set against.
    n_draws : int
        Resamples of the bootstrap.
    seed : int
        Seed of the resamples.
    """

    currency: Literal["DKK", "NOK", "SEK"] = "DKK"
    cost_dkk: float | None = Field(default=None, ge=0)
    reference_cost_per_person: float = Field(default=0.0, ge=0)
    values: Mapping[str, SocialValue] = Field(default=SOCIAL_VALUES)
    value: str = "no_new_crime"
    n_draws: int = Field(default=1000, ge=200, le=4000)
    seed: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _value_is_known(self) -> Self:
        if self.value not in self.values:
            raise ValueError(f"there is no value {self.value}; there are {', '.join(self.values)}")
        return self


def cost_per_person(
    cost: float, counts: Mapping[str, int], provenance: Provenance, *, elsewhere: Sequence[Relation] = ()
) -> Result:
    """Divide what a programme cost by those referred, enrolled, completed, in work …

    Parameters
    ----------
    cost : float
        The whole cost.
    counts : mapping of str to int
        Of what to how many; nobody has no cost a person.
    provenance : Provenance
        Where the counts come from.
    elsewhere : sequence of Relation
        Where else the same persons are counted.

    Returns
    -------
    Result
        One row a unit: persons, the cost, and the cost a person.
    """
    frame = pl.DataFrame(
        [(unit, n, float(cost), cost / n if n else None) for unit, n in counts.items()],
        schema={"unit": pl.String, "n_persons": pl.Int64, "cost": pl.Float64, "cost_per_person": pl.Float64},
        orient="row",
    )
    roles = {
        "unit": Column.dimension(),
        "n_persons": Column.count(),
        "cost": Column.label(),
        "cost_per_person": Column.derived("n_persons"),
    }
    relations = tuple(
        Relation(
            (Counts("cost_per_person", "n_persons", {"unit": (whole,)}),),
            (Counts("cost_per_person", "n_persons", {"unit": (part,)}),),
        )
        for whole, part in _NESTED
        if whole in counts and part in counts
    )
    return Result("cost_per_person", provenance, frame, roles, relations=(*relations, *elsewhere))


_NESTED = (("referred", "enrolled"), ("enrolled", "completed"), ("referred", "finished"), ("finished", "completed"))
"""Units of which the second are among the first."""


def money_by_year(
    lines: Sequence[tuple[str, int, float]],
    persons: Mapping[int, int],
    provenance: Provenance,
    *,
    elsewhere: Sequence[Relation] = (),
) -> Result:
    """Divide the money of each year by those who began in it.

    Parameters
    ----------
    lines : sequence of (str, int, float)
        What the money is for, the year, and millions.
    persons : mapping of int to int
        Year to persons who began.
    provenance : Provenance
        Where the counts come from.
    elsewhere : sequence of Relation
        Where else the same persons are counted.

    Returns
    -------
    Result
        One row a purpose and year: millions, persons, and the amount a person; none where nobody began.
    """
    rows = [(what, year, millions, persons.get(year, 0)) for what, year, millions in lines]
    schema = {"purpose": pl.String, "year": pl.Int32, "millions": pl.Float64, "n_persons": pl.Int64}
    some = pl.when(pl.col("n_persons") > 0)
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        some.then(1e6 * pl.col("millions") / pl.col("n_persons")).alias("per_person")
    )
    roles = {
        "purpose": Column.dimension(),
        "year": Column.dimension(),
        "millions": Column.label(),
        "n_persons": Column.count(),
        "per_person": Column.derived("n_persons"),
    }
    return Result(
        "money_by_year",
        provenance,
        frame,
        roles,
        # The years do not add up to a total that anybody knows: who began outside them stands in none.
        repeats=(("n_persons", ("purpose",)),),
        relations=tuple(elsewhere),
    )
