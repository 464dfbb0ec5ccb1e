"""Contestants measured by turns, and what comes of it: a table, ratios, a part of results.json.

What a shared machine gives changes within seconds. So each turn is short and has all contestants one after the other, none
always after the same other; a figure is the median of the rounds, each the median of its turns; a ratio is the median of
the ratios of all turns, in each of which the two ran within seconds of each other.
"""

import datetime
import json
import statistics

from arena import ROOT, demand, machine

RESULTS = ROOT / "build/bench/results.json"


class Contest:
    """`measure(name)` gives something with the attributes `figures`; `rounds` of `turns`."""

    def __init__(self, names, measure, rounds, turns, figures=("rate", "p50", "p99")):
        self.names, self.figures = list(names), figures
        orders = (self.names, self.names[::-1])
        self.rounds = [[{name: measure(name) for name in orders[turn % 2]} for turn in range(turns)]
                       for _ in range(rounds)]

    def each(self, name, figure="rate"):
        """Its median in each round."""
        return [statistics.median(getattr(turn[name], figure) for turn in turns) for turns in self.rounds]

    def median(self, name, figure="rate"):
        return statistics.median(self.each(name, figure))

    def ratio(self, one, other, figure="rate"):
        return statistics.median(getattr(turn[one], figure) / getattr(turn[other], figure)
                                 for turns in self.rounds for turn in turns)

    def print(self, titles=("requests/s", "p50 ms", "p99 ms")):
        """A line for each contestant; the last column is the first figure of each round."""
        width = max(map(len, self.names)) + 2
        print(f"{'':{width}}" + "".join(f"{title:>12}" for title in titles) + "   each round")
        for name in self.names:
            cells = "".join(f"{written(self.median(name, figure)):>12}" for figure in self.figures)
            print(f"{name:{width}}{cells}   " + " ".join(map(written, self.each(name, self.figures[0]))))
        print()

    def data(self):
        return {name: {figure: {"median": self.median(name, figure), "rounds": self.each(name, figure)}
                       for figure in self.figures} for name in self.names}


def written(number):
    """With three digits that say something."""
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


class Verdict:
    """The demands of one bench; each is printed when it is made."""

    def __init__(self):
        self.demands = []

    def least(self, value, bound, text):
        """`text` says what the value is, "times PHP-FPM"."""
        self._note(value >= bound, value, f"{written(value)} {text} (at least {written(bound)})")

    def most(self, value, bound, text):
        self._note(value <= bound, value, f"{written(value)} {text} (at most {written(bound)})")

    def holds(self, held, text):
        self._note(held, None, text)

    def _note(self, held, value, text):
        demand(held, text)
        self.demands.append({"met": held, "value": value, "text": text})

    @property
    def met(self):
        return all(each["met"] for each in self.demands)


def print_peers(peers):
    """`peers` as Company.described() gives them."""
    for name, about in peers.items():
        settings = ", ".join(f"{key} {value}" for key, value in about["settings"].items())
        print(f"{name}: {' '.join(part for part in (about['version'], settings) if part)}")
    print()


def save(bench, verdict, peers, **parts):
    """Puts what one bench has found into results.json, in the place of what it found before."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    all_of_them = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    all_of_them[bench] = {"at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
                          "machine": machine(), "peers": peers, **parts, "demands": verdict.demands}
    RESULTS.write_text(json.dumps(all_of_them, indent=1) + "\n")
