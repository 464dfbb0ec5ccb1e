"""Lighthouse, by npm, kept in build/: what it finds wrong with a page beside what axe-core finds."""
import json
import os
import subprocess

from browser import BUILD
from waiting import allow

VERSION = "12.8.2"
CATEGORIES = "accessibility,best-practices"
# It starts a Chromium of its own, which asks nobody but the page's server.
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-proxy-server --disable-background-networking"


def program():
    folder = BUILD / f"lighthouse-{VERSION}"
    script = folder / "node_modules/lighthouse/cli/index.js"
    if not script.exists():
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", str(folder), "--no-save", "--ignore-scripts", "--no-audit",
                        "--no-fund", "--loglevel=error", "--fetch-retry-mintimeout=1000",
                        "--fetch-retry-maxtimeout=3000", f"lighthouse@{VERSION}"], check=True, stdout=subprocess.DEVNULL)
    return script


def judge(url, folder, cookie="", language="en"):
    """({category: score from 0 to 1}, the audits that the page fails)."""
    report = folder / "report.json"
    headers = {"Accept-Language": language, **({"Cookie": cookie} if cookie else {})}
    subprocess.run(["node", str(program()), url, "--quiet", "--output=json", f"--output-path={report}",
                    f"--only-categories={CATEGORIES}", f"--chrome-flags={FLAGS}", "--no-enable-error-reporting",
                    f"--extra-headers={json.dumps(headers)}"],
                   check=True, timeout=allow(120), env={**os.environ, "CHROME_PATH": "/usr/bin/chromium"})
    found = json.loads(report.read_text())
    scores = {name: category["score"] for name, category in found["categories"].items()}
    failed = {name: audit.get("displayValue") or audit["title"] for name, audit in found["audits"].items()
              if audit["score"] is not None and audit["score"] < 1 and audit["scoreDisplayMode"] in ("binary", "metricSavings")}
    return scores, failed
