-- Grain: one row a person and form: a theme's form before and after, or the test before and after the whole course.
SELECT
    person_key,
    MAALT_DATO     AS assessed_on,
    CASE SKEMA
        WHEN 'tema' THEN 'theme'
        WHEN 'test' THEN 'test'
    END            AS form,
    TEMA_NR        AS theme_number,
    CASE
        WHEN TIDSPUNKT IN ('foer', 'før') THEN 'before'
        WHEN TIDSPUNKT = 'efter' THEN 'after'
    END            AS occasion,
    SCORE          AS score
FROM typed.tilvaerelsespsykologi
