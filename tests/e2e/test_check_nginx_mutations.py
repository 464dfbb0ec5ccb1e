"""Sound configurations, changed at random: where a stranger gets from a real nginx what was protected,
check-nginx had said so; where it names an address, a stranger is not refused there."""
import os
import re
from random import Random

import pytest

from judged_nginx import JudgedNginx, binary, configurations
from mutations import mutated
from stand_ins import MEMBER

TURNS = 500 if os.environ.get("GATEHOUSE_LONG") == "1" else 60
PLACES = ("", "members/", "admin/", "private/", "wp-admin/", "public/", "m/", "mirror/", "mirror../members/")
PAGES = ("", "index.html", "page.html", "index.php", "page.php", "picture.jpg", "style.css", "sub/page.html",
         "sub/page.php", "files/page.html", "page.php/x", "7")
ADDRESSES = [f"/{place}{page}" for place in PLACES for page in PAGES] + [
    f"//{place}page.html" for place in PLACES if place] + [
    "/index.php/admin/x", "/wiki/Main_Page", "/cgi-bin/private/page.php", "/static/page.html", "/p/page.html"]
WORDS = re.compile(r"\[([^\]]+)\]")
NAMED = re.compile(r": (regex-wins|open-inside|auth-off|open-server|same-content|rewrite-before-auth): "
                   r"everyone gets (/[^\s:]+)")


@pytest.fixture(scope="module")
def judged(tmp_path_factory, port):
    with JudgedNginx(tmp_path_factory.mktemp("mutated"), port + 80, binary()) as judged:
        yield judged


def seen(nginx, ports=("",), headers=None):
    """What can be had: {what a text of ours says of itself: an address}."""
    words = {}
    for port in ports:
        for address in ADDRESSES:
            status, text = nginx.ask(port + address, headers)
            for word in WORDS.findall(text) if status < 400 or status == 404 else []:
                words.setdefault(word, port + address)
    return words


@pytest.fixture(scope="module")
def protected(judged):
    """Of each sound configuration: what members get, and strangers do not."""
    found = {}
    for configuration in configurations("sound"):
        judged.write(configuration.text)
        with judged.serve() as nginx:
            found[configuration.name] = set(seen(nginx, headers=MEMBER)) - set(seen(nginx))
    return found


def test_what_is_open_after_a_change_is_named_and_what_is_named_is_open(judged, protected):
    sound, tried, opened, misses, false_alarms = configurations("sound"), 0, 0, [], []
    for seed in range(TURNS * 4):
        random = Random(seed)
        configuration = random.choice(sound)
        judged.write(mutated(configuration.text, random))
        dump, _ = judged.dump()
        if not dump:
            continue
        tried += 1
        code, said = judged.says(dump)
        with judged.serve() as nginx:
            ports = ("", ":3") if f":{judged.port + 3};" in dump else ("",)
            got = seen(nginx, ports)
            refused = [(rule, address) for rule, address in NAMED.findall(said)
                       if address in ADDRESSES and all(nginx.ask(port + address)[0] in (401, 403, 500, 503) for port in ports)]
        open_now = {word: got[word] for word in protected[configuration.name] & set(got)}
        opened += bool(open_now)
        if open_now and code != 1:
            misses.append((seed, configuration.name, code, open_now))
        if refused:
            false_alarms.append((seed, configuration.name, refused))
        assert code in (0, 1), (seed, said)
        if tried == TURNS:
            break
    assert (misses, false_alarms) == ([], [])
    assert tried == TURNS and opened >= TURNS // 20, (tried, opened)
