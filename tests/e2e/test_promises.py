"""SECURITY.md and tests/asvs.md: each promise, and each requirement that is met, names tests, and these exist."""
import importlib.util
import re

import pytest

from judged_nginx import SOURCE

# Those of levels 1 and 2.
REQUIREMENTS = {
    "6.1": [1, 2, 3], "6.2": [*range(1, 13)], "6.3": [1, 2, 3, 4], "6.4": [1, 2, 3, 4], "6.5": [1, 2, 3, 4, 5],
    "6.6": [1, 2, 3], "6.8": [1, 2, 3, 4], "7.1": [1, 2, 3], "7.2": [1, 2, 3, 4], "7.3": [1, 2], "7.4": [1, 2, 3, 4, 5],
    "7.5": [1, 2], "7.6": [1, 2]}
STANDINGS = {"met", "not met", "not applicable"}


@pytest.fixture(scope="module")
def floors():
    spec = importlib.util.spec_from_file_location("floors", SOURCE / "tests/floors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(path, columns):
    """The cells of the rows of its tables of that many columns, without their heads."""
    for line in (SOURCE / path).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("| ") else []
        if len(cells) == columns:
            yield cells


def named_in(floors, text):
    return [name.strip("`") for match in floors.NAMED_TESTS.finditer(text)
            for name in re.findall(floors.NAMED_TEST, match[1])]


@pytest.mark.parametrize("path", ["SECURITY.md", "tests/asvs.md"])
def test_each_test_that_it_names_exists(floors, path):
    text = (SOURCE / path).read_text()
    named = named_in(floors, text)
    assert len(named) > 30 and len(named) == len(re.findall(r"\w+\.py::\w+|\b[A-Z]\w+\.[A-Z]\w+\b", text))
    known = floors.gtests(SOURCE)
    missing = [name for name in named
               if not (floors.pytest_exists(SOURCE, name) if "::" in name else name in known)]
    assert not missing


def test_each_promise_names_a_test(floors):
    promises = [cells for cells in rows("SECURITY.md", 2) if "it would be broken" not in cells[1]]
    assert len(promises) > 20
    assert [promise for promise, tests in promises if not named_in(floors, tests)] == []


def test_each_requirement_of_asvs_stands_there_once_and_what_is_met_names_a_test(floors):
    found = {cells[0]: cells for cells in rows("tests/asvs.md", 4) if cells[0][:1].isdigit()}
    assert list(found) == [f"{section}.{number}" for section, numbers in REQUIREMENTS.items() for number in numbers]
    for number, (_, asks, standing, how) in found.items():
        assert standing in STANDINGS and asks and how, number
        assert bool(named_in(floors, how)) or standing != "met", f"{number} is said to be met, and nothing shows it"


def test_a_test_that_is_gone_would_be_noticed(floors):
    assert not floors.pytest_exists(SOURCE, "tests/e2e/test_promises.py::test_that_is_not_there")
    assert named_in(floors, "test: Suite.Name, tests/e2e/x.py::test_y") == ["Suite.Name", "tests/e2e/x.py::test_y"]
