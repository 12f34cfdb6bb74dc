"""What holds for every file of sql/ and of src/: portable SQL with a stated grain, small files, explicit names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

import evalkit
from evalkit.shipped import shipped
from evalkit.warehouse import portability_findings

SQL_FILES = sorted(shipped("sql").rglob("*.sql"))
SOURCE_FILES = sorted(Path(evalkit.__file__).parent.rglob("*.py"))


def short(path: Path) -> str:
    return "/".join(path.parts[-2:])


def test_there_are_files_to_look_at() -> None:
    assert {path.parent.name for path in SQL_FILES} >= {"staging", "core", "analysis"}
    assert len(SOURCE_FILES) > 20


def test_sql_is_portable() -> None:
    findings = {short(path): portability_findings(path.read_text(encoding="utf-8")) for path in SQL_FILES}
    assert {name: found for name, found in findings.items() if found} == {}


def test_the_first_line_states_the_grain() -> None:
    texts = {short(path): path.read_text(encoding="utf-8") for path in SQL_FILES}
    assert [name for name, text in texts.items() if not text.startswith("-- Grain: one row a")] == []


def test_no_column_is_taken_unnamed() -> None:
    # A star takes whatever the table below has: a new column would pass through to everything above.
    trees = {short(path): sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect="duckdb") for path in SQL_FILES}
    stars = {
        name: [star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
        for name, tree in trees.items()
    }
    assert [name for name, found in stars.items() if found] == []


@pytest.mark.parametrize(
    ("finding", "sql"),
    [
        ("date_diff in another unit than days", "SELECT date_diff('year', birth, today) FROM t"),
        ("date_diff in another unit than days", "SELECT datediff('month', birth, today) FROM t"),
        ("date_diff in another unit than days", "SELECT sum(date_diff('week', a, b)) OVER () FROM t"),
        ("ASOF join", "SELECT a.x FROM a ASOF LEFT JOIN b ON a.x = b.x AND a.day >= b.day"),
        ("ASOF join", "SELECT x FROM (SELECT a.x FROM a ASOF JOIN b USING (day)) AS inner_query"),
        ("COLUMNS()", "SELECT COLUMNS('n_.*') FROM t"),
        ("COLUMNS()", "SELECT sum(COLUMNS(*)) FROM t"),
        ("* EXCLUDE or * REPLACE", "SELECT * EXCLUDE (x) FROM t"),
        ("* EXCLUDE or * REPLACE", "SELECT t.* EXCLUDE (x) FROM t"),
        ("* EXCLUDE or * REPLACE", "SELECT * REPLACE (x + 1 AS x) FROM t"),
        ("list aggregate with ORDER BY", "SELECT list(DISTINCT x ORDER BY x) FROM t"),
        ("list aggregate with ORDER BY", "SELECT array_agg(x ORDER BY y) FROM t GROUP BY z"),
        ("a function that is neither standard nor one of our macros", "SELECT to_months(3)"),
        ("a function that is neither standard nor one of our macros", "SELECT age(birth, today) FROM t"),
        (
            "a function that is neither standard nor one of our macros",
            "WITH c AS (SELECT house_rule(x) FROM t) SELECT 1",
        ),
        # date_sub is read as a function that nobody knows.
        ("a function that is neither standard nor one of our macros", "SELECT date_sub('year', birth, today) FROM t"),
        ("a function that is neither standard nor one of our macros", "SELECT datesub('year', birth, today) FROM t"),
    ],
)
def test_the_lint_bites(finding: str, sql: str) -> None:
    assert portability_findings(sql) == (finding,)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT date_diff('day', a, b) FROM t",
        "SELECT date_diff('DAY', a, b) FROM t",
        "SELECT age_in_years(birth, today), add_months(today, 24) FROM t",
        "SELECT count(*) FILTER (WHERE x > 0), array_agg(x) FROM t",
        "SELECT row_number() OVER (PARTITION BY a ORDER BY b DESC) FROM t",
        "SELECT unnest([1, 2]) AS x",
        "SELECT CAST(day + $n * INTERVAL 1 DAY AS DATE) FROM t",
    ],
)
def test_the_lint_leaves_portable_sql_alone(sql: str) -> None:
    assert portability_findings(sql) == ()


def test_several_findings_are_told_at_once() -> None:
    sql = "SELECT * EXCLUDE (x), date_diff('year', a, b), mystery(x) FROM t"
    assert len(portability_findings(sql)) == 3


def test_a_file_is_at_most_400_lines() -> None:
    lengths = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE_FILES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_a_functions_body_is_at_most_60_lines_and_hardly_any_more_than_25() -> None:
    lengths = {f"{short(path)}:{name}": length for path in SOURCE_FILES for name, length in body_lengths(path)}
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert len([length for length in lengths.values() if length > 25]) <= 0.03 * len(lengths)


def test_a_module_says_what_is_public_and_all_of_that_exists() -> None:
    wrong = {}
    for path in SOURCE_FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        public = declared_public(tree)
        if public is None or len(set(public)) < len(public) or not set(public) <= defined_names(tree):
            wrong[short(path)] = public
    assert wrong == {}


def body_lengths(path: Path) -> list[tuple[str, int]]:
    """Lines of each function without its signature and docstring."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    bodies = [(node.name, node.body[1:] if ast.get_docstring(node) else node.body) for node in functions]
    return [(name, (body[-1].end_lineno or 0) - body[0].lineno + 1) for name, body in bodies if body]


def declared_public(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "__all__" for target in node.targets):
            return list(ast.literal_eval(node.value))
    return None


def defined_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names
