"""Draws what results.json holds, for the README: `picture.py` writes tests/screenshots/benches.svg.

A panel for each of some figures, with a bar for each of those measured and its number.
"""

import html
import json

from arena import ROOT
from contest import RESULTS, written

PICTURE = ROOT / "tests/screenshots/benches.svg"
NAMES = {"gatehouse": "Gatehouse", "gatehouse-pbkdf2": "Gatehouse", "lemonldap": "LemonLDAP::NG", "apache": "Apache",
         "php-fpm": "PHP-FPM", "flask-uwsgi": "Flask, uWSGI", "flask-gunicorn": "Flask, gunicorn", "textbook": "textbook libfcgi",
         "auth-basic": "nginx auth_basic"}
WIDTH, LABELS, NUMBERS, ROW, GAP = 840, 150, 70, 24, 34
BAR = WIDTH - LABELS - NUMBERS


def median(figures, name, figure="rate"):
    return figures[name][figure]["median"]


def panels(results):
    """(title, {name: number})"""
    home, auth, login, flood = (results[bench] for bench in ("home", "auth", "login", "flood"))
    of_page = ["gatehouse", "textbook", "php-fpm", "flask-uwsgi", "flask-gunicorn"]
    of_file = ["gatehouse", "apache", "php-fpm", "lemonldap"]
    of_login = ["gatehouse", "php-fpm", "apache", "lemonldap", "auth-basic"]
    of_flood = ["gatehouse", "apache", "lemonldap", "php-fpm"]
    yield "Pages a second for somebody who is logged in", {name: median(home["figures"], name) for name in of_page}
    yield "Protected files a second, 10,000 sessions", {name: median(auth["many_sessions"], name) for name in of_file}
    yield "Logins a second, bcrypt of cost 10, 64 visitors waiting", {
        name: median(login["waiting"]["64"], name) for name in of_login}
    yield "Protected files a second while 32 clients guess passwords", {
        name: median(flood["others"], name, "rate") for name in of_flood}


def bars(title, figures, top):
    """The lines of one panel, and where it ends."""
    longest = max(figures.values())
    yield f'<text class="title" x="0" y="{top + 16}">{html.escape(title)}</text>'
    for place, (name, number) in enumerate(figures.items()):
        y = top + 26 + place * ROW
        width = max(1, round(BAR * number / longest))
        kind = "own" if name.startswith("gatehouse") else "other"
        yield f'<text x="{LABELS - 8}" y="{y + 14}" text-anchor="end">{html.escape(NAMES[name])}</text>'
        yield f'<rect class="{kind}" x="{LABELS}" y="{y + 2}" width="{width}" height="{ROW - 7}" rx="2"/>'
        yield f'<text class="number" x="{LABELS + width + 6}" y="{y + 14}">{figure_text(number)}</text>'


def figure_text(number):
    return f"{number:,.0f}" if number >= 100 else written(number)


def drawing(results):
    lines, top = [], 0
    for title, figures in panels(results):
        lines += bars(title, figures, top)
        top += 26 + len(figures) * ROW + GAP
    height = top - GAP + 4
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">
<title>Gatehouse beside other login services on the same machine</title>
<style>
text {{ font: 13px system-ui, sans-serif; fill: #24292f; }}
.title {{ font-weight: 600; font-size: 14px; }}
.own {{ fill: #1f6f4a; }}
.other {{ fill: #9aa4af; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6edf3; }}
  .own {{ fill: #4cb782; }}
  .other {{ fill: #6b7580; }}
}}
</style>
{chr(10).join(lines)}
</svg>
"""


def main():
    PICTURE.write_text(drawing(json.loads(RESULTS.read_text())))
    print(f"{PICTURE.relative_to(ROOT)} is drawn")


if __name__ == "__main__":
    main()
