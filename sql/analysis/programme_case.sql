-- Grain: one row a person and case list of a programme: the first enrolment in it, or the first referral of a person who
-- never was enrolled; as it was known before the vintage. A list without enrolments of its own has enrolled_on NULL.
WITH listed AS (
    SELECT
        'exit_sag'                                     AS layout,
        person_key,
        case_id,
        referred_on,
        enrolled_on,
        discharged_on                                  AS ended_on,
        coalesce(discharge_reason, 'unknown')          AS end_state,
        coalesce(discharge_reason = 'died', FALSE)     AS died
    FROM staging.exit_sag
    UNION ALL
    SELECT
        'jobupdate_henvisning'                         AS layout,
        person_key,
        CAST(referred_on AS VARCHAR)                   AS case_id,
        referred_on,
        CAST(NULL AS DATE)                             AS enrolled_on,
        ended_on,
        coalesce(result, 'unknown')                    AS end_state,
        coalesce(other_reason = 'died', FALSE)         AS died
    FROM staging.jobupdate_henvisning
    UNION ALL
    SELECT
        'tilbud'                                       AS layout,
        person_key,
        CAST(offered_on AS VARCHAR)                    AS case_id,
        coalesce(referred_on, offered_on)              AS referred_on,
        enrolled_on,
        discharged_on                                  AS ended_on,
        coalesce(discharge_reason, 'unknown')          AS end_state,
        coalesce(discharge_reason = 'died', FALSE)     AS died
    FROM staging.tilbud
),

known AS (
    SELECT
        layout,
        person_key,
        case_id,
        referred_on,
        CASE WHEN enrolled_on < $vintage THEN enrolled_on END AS enrolled_on,
        CASE WHEN ended_on < $vintage THEN ended_on END       AS ended_on,
        end_state,
        died
    FROM listed
    WHERE referred_on < $vintage
),

ordered AS (
    SELECT
        layout,
        person_key,
        case_id,
        referred_on,
        enrolled_on,
        ended_on,
        end_state,
        died,
        row_number() OVER (
            PARTITION BY layout, person_key
            ORDER BY coalesce(enrolled_on, DATE '9999-12-31'), referred_on, case_id
        ) AS place
    FROM known
)

SELECT
    layout,
    person_key,
    case_id,
    referred_on,
    enrolled_on,
    ended_on,
    CASE
        WHEN ended_on IS NOT NULL THEN end_state
        WHEN layout = 'jobupdate_henvisning' OR enrolled_on IS NOT NULL THEN 'open'
        ELSE 'not_enrolled'
    END                              AS end_state,
    ended_on IS NOT NULL AND died    AS died
FROM ordered
WHERE place = 1
