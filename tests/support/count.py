#!/usr/bin/env python3
"""Adds up what the steps of tests/run.sh did.

    count.py --failed LOGS STEP...    prints the tests that failed in these steps as pytest calls them, one a line;
                       none if they are more than five: then it was not the machine
    count.py LOGS      LOGS/steps.tsv has a line `name<TAB>exit code<TAB>seconds` for each step;
                       a step that ran tests left LOGS/name.xml (JUnit, of ctest or pytest); in the
                       place of an exit code, `skipped` says that a step was not run

Those of the first form were run once more by themselves, in the step `again`. What passes there had too little of the
machine, and counts as passed; its name is printed.

A step without tests counts as one. One whose tests all passed and that failed all the same counts
as one failure; so does one that ran no test. The last line printed is `N passed, N failed,
N skipped`; the exit code is 1 if anything failed or nothing ran.
"""

import collections
import pathlib
import sys
import xml.etree.ElementTree as xml

MOST_AGAIN = 5


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def cases(report):
    return list(xml.parse(report).iter("testcase")) if report.exists() else []


def node(case):
    return f"tests/e2e/{case.get('classname').replace('.', '/')}.py::{case.get('name')}"


def failed(logs, steps):
    found = [node(case) for step in steps for case in cases(logs / f"{step}.xml") if outcome(case) == "failed"]
    return found if len(found) <= MOST_AGAIN else []


def counts(report, code, alone=()):
    if code == "skipped":
        return collections.Counter(skipped=1)
    tests = collections.Counter()
    if report.exists():
        for case in cases(report):
            late = outcome(case) == "failed" and node(case) in alone
            if late:
                print(f"  failed beside others, and passed by itself: {node(case)}")
                code = "0" if code == "1" else code
            tests["passed" if late else outcome(case)] += 1
        if not tests["passed"] and not tests["failed"]:
            tests["failed"] += 1
    elif code == "0":
        tests["passed"] += 1
    if code != "0" and not tests["failed"]:
        tests["failed"] += 1
    return tests


def main(logs):
    total = collections.Counter()
    alone = {node(case) for case in cases(logs / "again.xml") if outcome(case) == "passed"}
    for line in (logs / "steps.tsv").read_text().splitlines():
        name, code, seconds = line.split("\t")
        if name == "again":
            continue
        tests = counts(logs / f"{name}.xml", code, alone)
        total += tests
        print(f"  {name:24}{tests['passed']:6} passed {tests['failed']:4} failed {tests['skipped']:4} skipped"
              f"{seconds:>6} s")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 0 if total["passed"] and not total["failed"] else 1


if __name__ == "__main__":
    if sys.argv[1] == "--failed":
        print("\n".join(failed(pathlib.Path(sys.argv[2]), sys.argv[3:])))
        sys.exit(0)
    sys.exit(main(pathlib.Path(sys.argv[1])))
