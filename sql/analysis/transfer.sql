-- Grain: one row a person whose release is looked at: how many times the person was moved to another facility during the
-- stay, and when for the first time. A day on which two facilities are told counts as one move at most.
WITH places AS (
    SELECT
        released.person_key,
        released.admission_date,
        place.placed_on,
        max(place.facility)       AS facility
    FROM analysis.released AS released
    INNER JOIN core.custody_place AS place
        ON released.person_key = place.person_key
        AND place.placed_on >= released.admission_date
        AND place.placed_on < released.release_date
    GROUP BY released.person_key, released.admission_date, place.placed_on
),

moves AS (
    SELECT
        person_key,
        admission_date,
        placed_on,
        facility,
        lag(facility) OVER (PARTITION BY person_key ORDER BY placed_on) AS facility_before
    FROM places
)

SELECT
    released.person_key,
    count(moves.person_key)     AS n_transfers,
    min(moves.placed_on)        AS first_transfer_on
FROM analysis.released AS released
LEFT JOIN moves
    ON released.person_key = moves.person_key
    AND moves.placed_on > moves.admission_date
    AND moves.facility <> moves.facility_before
GROUP BY released.person_key
