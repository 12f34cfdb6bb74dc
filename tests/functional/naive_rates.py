"""Three ways in which the two-year rate is often got wrong, each on its own, in the simplest SQL that does so."""

# ruff: noqa: S608 - fixed texts

from __future__ import annotations

from evalkit.warehouse import Warehouse

__all__ = ["NAIVE", "naive_rates"]

_GUILTY = "decision_code NOT IN ('11', '34', '69', '72', '74', '75', '100', '101', '118', '121', '31', '35', '0', '30')"
_NO_SMALL_FINE = """NOT coalesce(
    decided.offence_code LIKE '2%' AND decided.decision_code IN ('2', '8', '17', '18', '19', '20', '21')
    AND decided.fine_dkk < 2500, FALSE
)"""
_COHORT = "SELECT person_key, arm, index_date FROM analysis.cohort WHERE episode = 1"

NAIVE = {
    # The day of the decision stands for the day of the crime: old crimes are new, and late decisions are none.
    "dated by the decision": f"""
        SELECT cohort.arm, avg(CASE WHEN decided.person_key IS NULL THEN 0.0 ELSE 1.0 END) AS rate
        FROM ({_COHORT}) AS cohort
        LEFT JOIN (
            SELECT DISTINCT cohort.person_key
            FROM ({_COHORT}) AS cohort
            INNER JOIN staging.kraf AS decided
                ON cohort.person_key = decided.person_key
                AND decided.decision_date > cohort.index_date
                AND decided.decision_date <= cohort.index_date + INTERVAL 24 MONTH
            WHERE {_GUILTY}
        ) AS decided USING (person_key)
        GROUP BY cohort.arm
    """,
    # Crimes are dated rightly and small traffic fines left out, but only decisions of the same two years are read.
    "decisions not waited for": f"""
        SELECT cohort.arm, avg(CASE WHEN found.person_key IS NULL THEN 0.0 ELSE 1.0 END) AS rate
        FROM ({_COHORT}) AS cohort
        LEFT JOIN (
            SELECT DISTINCT cohort.person_key
            FROM ({_COHORT}) AS cohort
            INNER JOIN staging.krsi AS charged
                ON cohort.person_key = charged.person_key
                AND charged.offence_start_date > cohort.index_date
            INNER JOIN staging.kraf AS decided
                ON charged.person_key = decided.person_key
                AND charged.journal = decided.journal
                AND decided.decision_date <= cohort.index_date + INTERVAL 24 MONTH
            WHERE {_GUILTY} AND {_NO_SMALL_FINE}
        ) AS found USING (person_key)
        GROUP BY cohort.arm
    """,
    # Each person's first row in the window that ends, or is a transfer, counts as the release.
    "transfers and arrests as releases": f"""
        WITH released AS (
            SELECT cohort.person_key, cohort.arm, min(event.on_date) AS index_date
            FROM ({_COHORT}) AS cohort
            INNER JOIN (
                SELECT person_key, release_date AS on_date FROM staging.krin
                UNION ALL
                SELECT person_key, admission_date AS on_date FROM staging.krin WHERE is_transfer
            ) AS event
                ON cohort.person_key = event.person_key
                AND event.on_date >= DATE '2016-01-01'
                AND event.on_date < DATE '2020-01-01'
            GROUP BY cohort.person_key, cohort.arm
        )
        SELECT released.arm, avg(CASE WHEN found.person_key IS NULL THEN 0.0 ELSE 1.0 END) AS rate
        FROM released
        LEFT JOIN (
            SELECT DISTINCT released.person_key
            FROM released
            INNER JOIN staging.krsi AS charged
                ON released.person_key = charged.person_key
                AND charged.offence_start_date > released.index_date
                AND charged.offence_start_date <= released.index_date + INTERVAL 24 MONTH
            INNER JOIN staging.kraf AS decided
                ON charged.person_key = decided.person_key
                AND charged.journal = decided.journal
            WHERE {_GUILTY}
        ) AS found USING (person_key)
        GROUP BY released.arm
    """,
}


def naive_rates(warehouse: Warehouse) -> dict[str, dict[str, float]]:
    """Work out each naive rate by arm."""
    return {name: dict(warehouse.fetch(sql).rows()) for name, sql in NAIVE.items()}
