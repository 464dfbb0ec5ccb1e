"""Each recipe of nginx/recipes, as far as it goes without its application: nginx and Gatehouse take it, and it is closed.
test_recipe_*.py run the applications."""
import re
import subprocess
from pathlib import Path

import pytest

from instance import write_config
from printed import ROOT
from recipe import FOLDER, Recipe, names
from recipe_site import SERVER, HostFront
from verbs import run_verb
from waiting import allow

HERE = Path(__file__).parent
LOCATION = re.compile(r"^location \S+ (/\S+) \{\n *auth_request gatehouse:", re.MULTILINE)


def test_each_recipe_is_in_the_list_and_has_a_test():
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| \[[^]]+\]\(([a-z0-9-]+)\.md\) \|", listed, re.MULTILINE)) == set(names())
    assert {path.name for path in HERE.glob("test_recipe_*.py")} == {f"test_recipe_{name.replace('-', '_')}.py" for name in names()}
    title = re.compile(r"^# ([^(\n]*[^(\n ])", re.MULTILINE)
    for name in names():
        assert title.search(Recipe(name).text)[1] in (ROOT / "README.md").read_text(encoding="utf-8").replace("\n", " "), name


@pytest.mark.parametrize("name", names())
def test_nginx_takes_it_and_it_is_closed(stack, port, name):
    recipe = Recipe(name)
    places = LOCATION.findall(recipe.server)
    assert places
    with HostFront(stack, port + 44, SERVER.replace("RECIPE", recipe.server), http=recipe.http, name=f"loaded-{name}") as front:
        for place in places:
            assert front.ask(place).status_code == 401
            assert front.ask(place, headers={"Sec-Fetch-Mode": "navigate"}).status_code == 303
        dump = subprocess.run(front._argv("-T"), capture_output=True, text=True, check=True).stdout
    done = subprocess.run([stack.env["GATEHOUSE"], "check-nginx", "--file", "-"], input=dump, capture_output=True, text=True,
                          timeout=allow(60), check=False)
    assert done.returncode == 0 and "warning" not in done.stdout + done.stderr, done.stdout + done.stderr


@pytest.mark.parametrize("name", names())
def test_gatehouse_takes_its_settings(stack, name):
    settings = Recipe(name).settings
    done = run_verb(stack, "check", "--offline", config=write_config(stack, f"settings-{name}", settings))
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_of_them_stand_in_one_server(stack, port):
    recipes = [Recipe(name) for name in names()]
    servers = SERVER.replace("RECIPE", "\n".join(recipe.server for recipe in recipes))
    http = "\n".join(recipe.http for recipe in recipes)
    with HostFront(stack, port + 44, servers, http=http, name="loaded-all") as front:
        for place in (place for recipe in recipes for place in LOCATION.findall(recipe.server)):
            assert front.ask(place).status_code == 401, place
