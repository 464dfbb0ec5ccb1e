"""`gatehouse check-nginx` says what a stranger could do; a real nginx says whether that is so."""
import pytest

from judged_nginx import JudgedNginx, binary, configurations
from stand_ins import MEMBER

BROKEN, SOUND = configurations("broken"), configurations("sound")


def named(configuration):
    return configuration.name


@pytest.fixture(scope="module")
def judged(tmp_path_factory, port):
    with JudgedNginx(tmp_path_factory.mktemp("judged"), port + 70, binary()) as judged:
        yield judged


def loaded(judged, text):
    judged.write(text)
    dump, errors = judged.dump()
    assert dump, errors
    return dump


def answers(judged, configuration):
    """What nginx answers whoever asks for what is broken: headers and text."""
    with judged.serve() as nginx:
        for asked in configuration.first:
            nginx.ask(asked, MEMBER)
        return [(asked, nginx.ask(asked, configuration.headers)[1]) for asked in configuration.asked]


def test_there_are_as_many_as_were_promised():
    assert len(BROKEN) >= 25 and len(SOUND) >= 8


@pytest.mark.parametrize("configuration", BROKEN, ids=named)
def test_what_is_broken_is_open_and_named_and_what_is_mended_is_neither(judged, configuration):
    dump = loaded(judged, configuration.text)
    for asked, text in answers(judged, configuration):
        assert configuration.gets in text, f"nginx does not answer {asked} with it: {text}"
    code, said = judged.says(dump)
    assert code == 1, said
    assert all(f": {rule}: " in said for rule in configuration.rules), said

    dump = loaded(judged, configuration.mended())
    for asked, text in answers(judged, configuration):
        assert configuration.gets not in text, f"nginx still answers {asked}"
    code, said = judged.says(dump)
    assert code == 0, said


@pytest.mark.parametrize("configuration", SOUND, ids=named)
def test_what_is_sound_is_closed_and_not_cried_at(judged, configuration):
    dump = loaded(judged, configuration.text)
    with judged.serve() as nginx:
        for asked in configuration.asked:
            status, text = nginx.ask(asked)
            assert status in (303, 401), (asked, status)
            assert configuration.gets not in text
            status, text = nginx.ask(asked, MEMBER)
            assert status == 200, (asked, text)
    code, said = judged.says(dump)
    assert code == 0, said
