-- Grain: one row a person and state of the register: the highest completed education then.
SELECT
    person_key,
    HFAUDD    AS highest_programme,
    HF_VFRA   AS highest_from_date
FROM typed.udda
