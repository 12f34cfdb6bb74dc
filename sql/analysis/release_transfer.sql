-- Grain: one row an arm: persons released, and of them those who were not moved to another facility during the stay.
SELECT
    released.arm,
    'no_transfer'                                           AS measure,
    count(*)                                                AS n_persons,
    count(*) FILTER (WHERE transfer.n_transfers = 0)        AS n_reached
FROM analysis.released AS released
INNER JOIN analysis.transfer AS transfer
    ON released.person_key = transfer.person_key
GROUP BY released.arm
ORDER BY released.arm
