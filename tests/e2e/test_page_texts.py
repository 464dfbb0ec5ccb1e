"""The pages are made of templates and of one file of texts a language (nginx/pages/pages.cmake)."""
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[2] / "nginx/pages"
LANGUAGES = sorted(path.stem for path in (PAGES / "texts").glob("*.txt"))
MAPS = PAGES.parent / "snippets/maps.conf"
CSS_LIMIT = 6 * 1024


def make(pages, out, *options):
    return subprocess.run(["cmake", "-D", f"OUT={out}", *options, "-P", str(pages / "pages.cmake")],
                          capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("html")
    done = make(PAGES, out, "-D", f"CONF={out}/languages.conf")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def copy(tmp_path):
    """The sources, to be changed."""
    shutil.copytree(PAGES.parent, tmp_path / "nginx")
    return tmp_path / "nginx/pages"


def test_no_language_lacks_a_text_and_none_has_one_too_many(made):
    assert LANGUAGES == ["ar", "de", "en", "es", "fr"]
    for template in PAGES.glob("*.html"):
        for language in LANGUAGES:
            page = (made / language / template.name).read_text()
            assert f'<html lang="{language}"' in page
            # SSI's own text has no such marks.
            assert not re.search(r"@[a-z_]+@|\{[a-z_]+\}", page), (language, template.name)


@pytest.mark.parametrize("change, complaint", [
    (lambda text: re.sub(r"(?m)^username = .*\n", "", text), 'de.txt has no "username"'),
    (lambda text: text + "unheard_of = x\n", 'has "unheard_of", which no page uses'),
    (lambda text: text + "username = x\n", "username stands there a second time"),
    (lambda text: text + "user name\n", 'must be a comment or "name = text"'),
    (lambda text: text.replace("{minimum}", "{maximum}"), "there is no parts/maximum.html"),
], ids=["missing", "unused", "twice", "malformed", "unknown part"])
def test_a_wrong_file_of_texts_is_an_error_that_names_it(copy, tmp_path, change, complaint):
    path = copy / "texts/de.txt"
    path.write_text(change(path.read_text()))
    done = make(copy, tmp_path / "out")
    assert done.returncode != 0 and complaint in " ".join(done.stderr.split())


def test_a_language_more_is_one_file_more(copy, tmp_path):
    texts = (copy / "texts/en.txt").read_text()
    (copy / "texts/nl.txt").write_text(texts.replace("language = English", "language = Nederlands"))
    out = tmp_path / "out"
    assert make(copy, out, "-D", f"CONF={out}/languages.conf").returncode == 0
    assert '<html lang="nl"' in (out / "nl/login.html").read_text()
    assert 'lang="nl" hreflang="nl">Nederlands</a>' in (out / "en/login.html").read_text()
    assert "(?:ar|de|en|es|fr|nl)" in (out / "languages.conf").read_text()


def test_nginx_knows_the_languages_that_there_are(made):
    assert (made / "languages.conf").read_text() == (PAGES.parent / "snippets/languages.conf").read_text()


def test_a_text_is_text_and_no_markup(copy, tmp_path):
    path = copy / "texts/en.txt"
    path.write_text(path.read_text().replace("forgot_password = Forgot", 'forgot_password = <b title="x">&; [a] Forgot'))
    assert make(copy, tmp_path / "out").returncode == 0
    assert "&lt;b title=&quot;x&quot;&gt;&amp;; [a] Forgot" in (tmp_path / "out/en/login.html").read_text()


def test_the_style_stays_small_and_there_is_one_script(made):
    assert (made / "assets/style.css").stat().st_size <= CSS_LIMIT
    assert sorted(path.name for path in (made / "assets").iterdir()) == ["icon.svg", "pages.js", "style.css"]


def test_the_pages_fit_their_policy(made):
    """No script, style or handler inside a page."""
    for page in made.glob("*/*.html"):
        assert not re.search(r"<style|style=|<script(?! src=)| on[a-z]+=", page.read_text()), page


def test_no_condition_of_a_page_stands_inside_another(made):
    """nginx takes the inner endif for that of the outer one, and shows what it should not."""
    for page in (*made.glob("*/*.html"), *made.glob("*/fragments/*.html")):
        inside = False
        for mark in re.findall(r"<!--# (if|endif)\b", page.read_text()):
            assert inside == (mark == "endif"), page
            inside = mark == "if"


def test_an_outage_is_told_by_what_one_cannot_do(made):
    for language in LANGUAGES:
        texts = texts_of(language)
        for page, name in (("login", "said_away"), ("account", "not_now"), ("away", "away_retry")):
            text = (made / language / f"{page}.html").read_text()
            assert texts[name] in text, (language, page)
            assert page == "login" or texts["said_away"] not in text, "only a login is a login"


def test_a_wait_in_minutes_is_rounded_up_in_nginx_as_in_the_script():
    lines = re.search(r"map \$gatehouse_wait \$gh_minutes \{(.*?)\n\}", MAPS.read_text(), re.DOTALL)[1]
    rows = re.findall(r'"~(.+?)" +(\d+);', lines)
    assert len(rows) == 15
    for wait in range(1000):
        minutes = next((int(number) for mark, number in rows if re.search(mark, f"{wait:03}")), None)
        assert minutes == (-(-wait // 60) if wait > 120 else None), wait


def test_who_is_kept_waiting_is_told_whom_to_ask(made):
    """The wait of a closed account never ends, and no page may say that it is closed."""
    for language, word in (("ar", "مسؤول"), ("de", "Betreiber"), ("en", "administrator"), ("es", "administrador"),
                           ("fr", "administrateur")):
        text = texts_of(language)["said_throttled"]
        assert word in text.split("{countdown}")[1] and text.split("{countdown}")[1] in (made / language / "login.html").read_text()


def test_a_password_that_is_too_long_is_told_how_long_one_may_be():
    """1,024 bytes: as many letters of English, half as many of Arabic."""
    for language in LANGUAGES:
        assert re.search(r"\b1,?000\b", texts_of(language)["long"]), language
    assert "500" in texts_of("ar")["long"]


def test_a_summary_that_asks_has_the_ellipsis_of_its_language():
    for language in LANGUAGES:
        texts = texts_of(language)
        space = "\u00a0" if language == "de" else ""
        assert texts["log_out_ask"] == texts["log_out"] + space + "…", language


def test_the_roles_beside_the_name_are_called_so(made):
    for language in LANGUAGES:
        label = texts_of(language)["roles"]
        assert f'({label} <!--# echo var="gatehouse_groups" -->)' in (made / language / "account.html").read_text()


def test_the_terminal_names_devices_as_the_pages_do():
    """One list, in two languages of programming: with it, both name what no test has heard of alike."""
    lines = re.findall(r"(?m)^(browser|system) (.+) = (.+)$", (PAGES / "devices.txt").read_text())
    marks = [(mark, name) for wanted in ("browser", "system") for kind, name, text in lines if kind == wanted
             for mark in text.split("|")]
    program = (PAGES.parents[1] / "fcgi/cli/device.cpp").read_text()
    assert re.findall(r'\{"(.+?)", "(.+?)"\}', program) == marks


def test_enough_real_browsers_are_named_in_the_tests():
    """Twelve families and more, of phones, desktops and televisions: what they say of themselves in 2025 and 2026."""
    names = [one["name"] for one in json.loads((PAGES.parents[1] / "tests/data/user-agents.json").read_text())]
    assert len(names) >= 40 and len({name.partition(" on ")[0] for name in names}) >= 20


def texts_of(language):
    lines = (PAGES / f"texts/{language}.txt").read_text().splitlines()
    return dict(line.split(" = ", 1) for line in lines if line and not line.startswith("#"))


def ending(text):
    last = text.rstrip()[-1].replace("؟", "?")
    return last if last in ".?…:" else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_keep_to_the_marks_of_their_language(language):
    english = texts_of("en")
    for name, text in texts_of(language).items():
        assert not re.search(r"\.\.\.|['\"]|  | $", text), (name, "typewriter marks")
        assert ending(text) == ending(english[name]) or name in ("language", "forbidden", "short"), name
        if language == "fr":
            assert not re.search(r"[^\u202f][?!;]|[^\u00a0]:", text), (name, "no-break spaces")
        if language == "de":
            assert " …" not in text, (name, "no-break space")
        if language == "es":
            assert text.count("¿") == text.count("?") and text.count("¡") == text.count("!"), name
        if language == "ar":
            assert not re.search(r"[?,;]", text) and "اً" not in text, (name, "Arabic marks")


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_have_the_same_places_to_fill_in(language):
    english = texts_of("en")
    for name, text in texts_of(language).items():
        assert sorted(re.findall(r"\{[a-z_]+\}", text)) == sorted(re.findall(r"\{[a-z_]+\}", english[name])), name
