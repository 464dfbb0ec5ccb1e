#!/usr/bin/env python3
"""Adds up what the steps of tests/run.sh did.

    count.py LOGS      LOGS/steps.tsv has a line `name<TAB>exit code<TAB>seconds` for each step;
                       a step that ran tests left LOGS/name.xml (JUnit, of ctest or pytest); in the
                       place of an exit code, `skipped` says that a step was not run

A step without tests counts as one. One whose tests all passed and that failed all the same counts
as one failure; so does one that ran no test. The last line printed is `N passed, N failed,
N skipped`; the exit code is 1 if anything failed or nothing ran.
"""

import collections
import pathlib
import sys
import xml.etree.ElementTree as xml


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def counts(report, code):
    if code == "skipped":
        return collections.Counter(skipped=1)
    tests = collections.Counter()
    if report.exists():
        tests = collections.Counter(outcome(case) for case in xml.parse(report).iter("testcase"))
        if not tests["passed"] and not tests["failed"]:
            tests["failed"] += 1
    elif code == "0":
        tests["passed"] += 1
    if code != "0" and not tests["failed"]:
        tests["failed"] += 1
    return tests


def main(logs):
    total = collections.Counter()
    for line in (logs / "steps.tsv").read_text().splitlines():
        name, code, seconds = line.split("\t")
        tests = counts(logs / f"{name}.xml", code)
        total += tests
        print(f"  {name:24}{tests['passed']:6} passed {tests['failed']:4} failed {tests['skipped']:4} skipped"
              f"{seconds:>6} s")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 0 if total["passed"] and not total["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
