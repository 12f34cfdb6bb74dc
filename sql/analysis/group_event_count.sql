-- Grain: one row a grouping, group, arm, day of exit and type of exit, of the study's own outcome.
SELECT
    member.grouping_name,
    member.member_of,
    member.arm,
    event.entry_time,
    event.exit_time,
    event.event_type,
    count(*) AS n_persons
FROM analysis.group_member AS member
INNER JOIN analysis.time_to_event AS event
    ON member.person_key = event.person_key
    AND event.episode = 1
    AND event.outcome = 'primary'
GROUP BY
    member.grouping_name, member.member_of, member.arm, event.entry_time, event.exit_time, event.event_type
ORDER BY
    member.grouping_name, member.member_of, member.arm, event.exit_time, event.event_type, event.entry_time
