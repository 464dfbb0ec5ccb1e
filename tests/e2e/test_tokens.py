"""No token but the very one that was given out opens anything."""
import base64
import string

import pytest

import fastcgi
from instance import Instance
from visitor import home_request
from waiting import allow

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


@pytest.fixture
def status(stack):
    """The status of home for each token, straight on the socket over one connection."""
    with fastcgi.Connection(stack.fcgi_socket) as connection:
        yield lambda token: connection.ask(home_request(f"gatehouse={token}")).status


def test_a_token_is_43_characters_of_base64url_in_canonical_form(site):
    token = site.token()
    assert set(token) <= set(ALPHABET)
    raw = base64.urlsafe_b64decode(token + "=")
    assert len(raw) == 32
    assert base64.urlsafe_b64encode(raw).decode().rstrip("=") == token


def test_a_token_with_any_one_character_changed_is_unauthorized(site, status):
    token = site.token()
    for place, character in enumerate(token):
        changed = ALPHABET[(ALPHABET.index(character) + 4) % 64]
        assert status(token[:place] + changed + token[place + 1:]) == 401, place
    assert status(token) == 200


def test_a_last_character_with_unused_bits_set_is_unauthorized(site, status):
    token = site.token()
    last = ALPHABET.index(token[-1])
    assert last % 4 == 0
    for bits in (1, 2, 3):
        assert status(token[:-1] + ALPHABET[last + bits]) == 401
    assert status(token) == 200


def test_a_token_cut_short_or_made_longer_is_unauthorized(site, status):
    token = site.token()
    for length in range(43):
        assert status(token[:length]) == 401, length
    for tail in ("A", "=", "A" * 43, "A" * 4000, "\x01", "%20", "."):
        assert status(token + tail) == 401, tail
    assert status("A" + token) == 401


def test_a_token_in_other_forms_of_base64_or_case_is_unauthorized(site, status):
    token = next(t for t in iter(site.token, None) if "-" in t or "_" in t)
    assert status(token.replace("-", "+").replace("_", "/")) == 401
    assert status(token.swapcase()) == 401
    assert status(f'"{token}"') == 401


def test_the_halves_of_two_live_tokens_do_not_make_a_third(site, status):
    def raw(token):
        return base64.urlsafe_b64decode(token + "=")

    one, two = raw(site.token()), raw(site.token())
    mixed = base64.urlsafe_b64encode(one[:16] + two[16:]).decode().rstrip("=")
    assert status(mixed) == 401


@pytest.mark.parametrize("token", ["A" * 43, "", "null", "0", "../../etc/passwd", "' OR 1=1 --", "é" * 20])
def test_an_invented_token_is_unauthorized(status, token):
    assert status(token) == 401


def test_a_token_of_another_realm_is_unauthorized(stack, site):
    with Instance(stack, "realm", {"session": {"realm": "another"}}) as other:
        other.wait_until_serving(allow(5))
        foreign = other.login().cookie
        assert other.ask(home_request(foreign)).status == 200
        assert fastcgi.ask(stack.fcgi_socket, home_request(foreign)).status == 401
        assert other.ask(home_request(f"gatehouse={site.token()}")).status == 401
