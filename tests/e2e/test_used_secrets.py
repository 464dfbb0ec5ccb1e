"""The search for secrets in the logs of a stack finds what is there, and nothing else."""
import json

import fastcgi
import used_secrets
from visitor import home_request, login_request

PASSWORDS = ["a unique one, with blanks", "unique-0123456789", 'of "quotes" and \\ more']


def test_every_password_that_is_sent_is_looked_for(stack, site, tmp_path):
    log = tmp_path / "some.log"
    for password in PASSWORDS:
        assert site.login("roy", password).status_code == 400
        fastcgi.ask(stack.fcgi_socket, *login_request("roy", password + ", too"))
        site.send("POST", "/gatehouse/login", data={"username": "roy", "password": password + ", as a form"})
        for told in (password, password + ", too", password + ", as a form"):
            log.write_text(f"2026-11-28 login: typed [{told}] by somebody\n")
            assert (log, told) in used_secrets.told_in([log])
    log.write_text("2026-11-28 warning: login: wrong password user=roy address=127.0.0.1\n")
    assert used_secrets.told_in([log]) == []


def test_every_token_and_cookie_that_is_given_out_is_looked_for(stack, site, tmp_path):
    log = tmp_path / "some.log"
    answer = site.login()
    straight = fastcgi.ask(stack.fcgi_socket, *login_request())
    assert fastcgi.ask(stack.fcgi_socket, home_request(straight.cookie)).status == 200
    for secret in (*answer.cookies.values(), straight.cookie.partition("=")[2], straight.device.partition("=")[2]):
        for line in (f"cookie={secret}", f"x{secret}x", json.dumps({"token": secret})):
            log.write_text(line)
            assert (log, secret) in used_secrets.told_in([log]), line


def test_a_name_that_is_a_password_too_may_be_told(site, tmp_path):
    log = tmp_path / "some.log"
    site.login("climbing-roy", "climbing-roy")
    log.write_text('login: accepted user="climbing-roy"')
    assert used_secrets.told_in([log]) == []
