-- Grain: one row an arm and measure of contact during the stay: whom it concerns, and of them for how many it holds. A
-- contact that was not attended is none; a notice is to the municipality, not to the person.
WITH during AS (
    SELECT
        released.person_key,
        count(*) FILTER (WHERE contact.contact_kind = 'three_party_meeting')                     AS n_three_party,
        count(*) FILTER (WHERE contact.contact_kind IN ('visit', 'meeting', 'three_party_meeting'))  AS n_talks,
        count(*) FILTER (WHERE contact.contact_kind = 'notification')                            AS n_notices,
        max(CASE WHEN contact.contact_kind = 'notification' THEN contact.contact_date END)       AS last_notice_on
    FROM analysis.released AS released
    INNER JOIN core.contact AS contact
        ON released.person_key = contact.person_key
        AND contact.contact_date >= released.admission_date
        AND contact.contact_date < released.release_date
    WHERE coalesce(contact.attended, TRUE)
    GROUP BY released.person_key
),

known AS (
    SELECT
        released.person_key,
        released.arm,
        coalesce(during.n_three_party, 0)       AS n_three_party,
        coalesce(during.n_talks, 0)             AS n_talks,
        coalesce(during.n_notices, 0)           AS n_notices,
        during.last_notice_on,
        transfer.first_transfer_on
    FROM analysis.released AS released
    INNER JOIN analysis.transfer AS transfer
        ON released.person_key = transfer.person_key
    LEFT JOIN during
        ON released.person_key = during.person_key
),

answers AS (
    SELECT arm, 'three_party_meeting' AS measure, n_three_party > 0 AS holds
    FROM known
    UNION ALL
    SELECT arm, 'talks' AS measure, n_talks >= $least_talks AS holds
    FROM known
    UNION ALL
    SELECT arm, 'municipality_told' AS measure, n_notices > 0 AS holds
    FROM known
    UNION ALL
    SELECT
        arm,
        'municipality_told_of_transfer'                         AS measure,
        coalesce(last_notice_on >= first_transfer_on, FALSE)    AS holds
    FROM known
    WHERE first_transfer_on IS NOT NULL
)

SELECT
    arm,
    measure,
    count(*)                            AS n_persons,
    count(*) FILTER (WHERE holds)       AS n_reached
FROM answers
GROUP BY arm, measure
ORDER BY arm, measure
