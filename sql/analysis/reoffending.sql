-- Grain: one row a person in the study, from the first index date, by the study's own outcome: how many events there were before
-- follow-up ended by death, emigration or time, and how severe the most severe was. Cases and days are told apart, so
-- that several acts of one case on one day are one event. Nobody has events who has no first one.
SELECT
    exit.person_key,
    exit.arm,
    exit.event_type,
    count(event.event_date)      AS n_reoffences,
    coalesce(min(event.severity), 0) AS severity
FROM analysis.time_to_event AS exit
LEFT JOIN analysis.counted_event AS event
    ON exit.outcome = event.outcome
    AND exit.person_key = event.person_key
    AND exit.episode = event.episode
    AND exit.event_type = 1
    AND event.event_date <= exit.followed_until
WHERE exit.outcome = 'primary'
    AND exit.episode = 1
GROUP BY exit.person_key, exit.arm, exit.event_type
