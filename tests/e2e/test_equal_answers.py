"""An unknown user and a wrong password cannot be told apart. (Loose on purpose: no laboratory.)"""
import statistics

import fastcgi
from visitor import INVALID_PASSWORD, login_request
from waiting import timed


def test_an_unknown_user_and_a_wrong_password_get_the_same_bytes(stack):
    wrong = fastcgi.ask(stack.fcgi_socket, *login_request("roy", "wrong"))
    unknown = fastcgi.ask(stack.fcgi_socket, *login_request("nobody", "wrong"))
    assert wrong.raw == unknown.raw
    assert wrong.json() == INVALID_PASSWORD


def test_an_unknown_user_and_a_wrong_password_take_the_same_time(stack):
    requests = {name: login_request(name, "wrong") for name in ("roy", "nobody")}
    times = {name: [] for name in requests}
    with fastcgi.Connection(stack.fcgi_socket) as connection:
        for _ in range(30):
            for name, (params, body) in requests.items():
                elapsed, answer = timed(lambda p=params, b=body: connection.ask(p, b))
                assert answer.status == 400
                times[name].append(elapsed)
    roy, nobody = (statistics.median(times[name]) for name in ("roy", "nobody"))
    assert abs(roy - nobody) < 0.2 * min(roy, nobody), f"{roy:.4f} s and {nobody:.4f} s"
