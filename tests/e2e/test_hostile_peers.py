"""Peers on the FastCGI socket that mean no good: each is dropped, and nobody else notices."""
import contextlib
import fcntl
import os
import random
import resource
import struct
import termios
import time

import pytest

import fastcgi
from fastcgi import PARAMS, STDIN, begin, pairs, record, request, stream
from visitor import HOME, login_request
from waiting import allow, eventually

DROPPED_AT_ONCE = 0.5
DROPPED_WHEN_SLOW = 5


def descriptors(stack):
    return len(os.listdir(f"/proc/{stack.gatehouse.pid}/fd"))


@pytest.fixture(autouse=True)
def nothing_is_left_behind(stack, honest):
    """After each test: the same process serves at once, and holds no more descriptors."""
    before = descriptors(stack)
    yield
    honest()
    eventually(lambda: descriptors(stack) <= before + 4, allow(DROPPED_WHEN_SLOW + 1.5),
               what="descriptors are closed")


def peers(stack, count):
    return fastcgi.peers(stack.fcgi_socket, count, allow(10))


def params_of(content):
    return begin() + record(PARAMS, content)


TOO_LONG = b"\x80\x10\x00\x00"  # 1 MiB as a length of a name or value: more than any request has
QUESTION = record(fastcgi.GET_VALUES, pairs({"FCGI_MPXS_CONNS": ""}), 0)  # as the specification has it
HONEST = pairs(HOME)
ENDS = record(PARAMS) + record(STDIN)
HOSTILE = {
    "GET_VALUES": QUESTION,
    "GET_VALUES of all names": record(
        fastcgi.GET_VALUES, pairs({"FCGI_MAX_CONNS": "", "FCGI_MAX_REQS": "", "FCGI_MPXS_CONNS": ""}), 0),
    "an empty GET_VALUES": record(fastcgi.GET_VALUES, b"", 0),
    "GET_VALUES with an id": record(fastcgi.GET_VALUES, pairs({"FCGI_MPXS_CONNS": ""}), 1),
    "GET_VALUES within a request": begin() + QUESTION,
    "GET_VALUES behind the parameters": params_of(HONEST) + record(PARAMS) + QUESTION,
    "GET_VALUES in the body": params_of(HONEST) + record(PARAMS) + record(STDIN, b"x") + QUESTION,
    "GET_VALUES as padding of a beginning":
        record(fastcgi.BEGIN_REQUEST, b"\0\1\1" + bytes(5), padding=len(QUESTION))[:16] + QUESTION,
    "a management record of unknown type": record(77, b"12345678", 0),
    "a record of type 0": record(0, b"12345678"),
    "a record of type 255": record(255, b"12345678"),
    "a name of 1 MiB": params_of(TOO_LONG + b"\1" + b"x" * 50) + ENDS,
    "a value of 1 MiB": params_of(b"\1" + TOO_LONG + b"x" * 50) + ENDS,
    "a name and a value of 1 MiB": params_of(TOO_LONG + TOO_LONG + b"x" * 50) + ENDS,
    "a value of 1 MiB behind honest parameters": params_of(HONEST + b"\1" + TOO_LONG + b"x") + ENDS,
    "a name of one byte more than a request": params_of(b"\x80\x01\x00\x01" + b"\1x") + ENDS,
    "a pair cut off by the end": params_of(HONEST[:-1]) + ENDS,
    "a length cut off by the end": params_of(HONEST + b"\x80\x00") + ENDS,
    "a value that never comes": params_of(b"\4\4name") + ENDS,
    "two requests at once": begin(request_id=1) + begin(request_id=2),
    "parameters of another id": begin() + record(PARAMS, HONEST, 2),
    "a body of another id": params_of(HONEST) + record(PARAMS) + record(STDIN, b"x", 3),
    "the same id begun twice": begin() + begin(),
    "begun again in the body": params_of(HONEST) + record(PARAMS) + begin(),
    "request id 0": request(HOME, request_id=0),
    "an authorizer": begin(fastcgi.AUTHORIZER) + stream(PARAMS, HONEST),
    "a filter": begin(fastcgi.FILTER) + stream(PARAMS, HONEST),
    "no role": begin(0) + stream(PARAMS, HONEST),
    "an unknown role": begin(4711) + stream(PARAMS, HONEST),
    "version 0": b"\0" + request(HOME)[1:],
    "version 2": b"\2" + request(HOME)[1:],
    "version 2 in the middle": begin() + b"\2" + stream(PARAMS, HONEST)[1:] + record(STDIN),
    "an abort": record(fastcgi.ABORT_REQUEST),
    "an abort in the middle": params_of(HONEST) + record(fastcgi.ABORT_REQUEST),
    "DATA": params_of(HONEST) + record(PARAMS) + record(fastcgi.DATA, b"x"),
    "STDOUT": record(fastcgi.STDOUT, b"Status: 200\r\n\r\n"),
    "END_REQUEST": record(fastcgi.END_REQUEST, bytes(8)),
    "a body before the parameters": begin() + record(STDIN, b"x"),
    "no BEGIN_REQUEST": stream(PARAMS, HONEST) + record(STDIN),
    "more parameters behind their end": params_of(HONEST) + record(PARAMS) + record(PARAMS, HONEST),
    "an empty BEGIN_REQUEST": record(fastcgi.BEGIN_REQUEST) + ENDS,
    "a long BEGIN_REQUEST": record(fastcgi.BEGIN_REQUEST, b"\0\1\1" + bytes(13)) + ENDS,
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(200),
    "zeros": bytes(4096),
    "all bits": b"\xff" * 4096,
    "random bytes": random.Random(1).randbytes(4096),
    "parameters of 80 KiB": request([("HTTP_COOKIE", "x" * 80 * 1024)]),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_record_closes_its_connection_and_disturbs_nobody(stack, honest, data):
    with peers(stack, 3) as hostile:
        for peer in hostile:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                peer.send(data)
        honest()
        for peer in hostile:
            assert peer.is_closed_within(allow(DROPPED_AT_ONCE))


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_record_on_a_connection_that_was_honest_before_closes_it_too(stack, data):
    with peers(stack, 1) as [peer]:
        assert peer.ask(HOME).status == 401
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            peer.send(data)
        assert peer.is_closed_within(allow(DROPPED_AT_ONCE))


def test_a_second_request_behind_the_first_is_no_reason_to_answer_wrongly(stack):
    with peers(stack, 1) as [peer]:
        peer.send(request(HOME) + request(HOME))
        with contextlib.suppress(fastcgi.Closed):
            assert peer.answer().status == 401


def test_a_body_longer_than_a_request_may_be_is_too_large_or_dropped(stack, honest):
    with peers(stack, 3) as big:
        body = b"x" * 300_000
        for peer in big:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
                peer.socket.settimeout(allow(1))
                peer.send(request(fastcgi.web("POST", "/login", body), body))
        honest()
        for peer in big:
            with contextlib.suppress(fastcgi.Closed):
                assert peer.answer().status == 413


WHOLE = request(*login_request())
UNFINISHED = {
    "half a header": b"\1\1\0\1",
    "one byte": b"\1",
    "a beginning": begin(),
    "a beginning and half a record": WHOLE[:60],
    "parameters without their end": params_of(HONEST),
    "no end of the body": WHOLE[:-8],
    "all but the last byte": WHOLE[:-1],
}
BOUNDARIES = {"nothing": b"", **UNFINISHED,
              "a parameter boundary": params_of(pairs(HOME[:1])),
              "a record boundary": begin() + record(PARAMS, HONEST) + record(PARAMS)}


def test_peers_that_half_close_after_less_than_a_request_are_dropped_unanswered(stack, honest):
    every = list(BOUNDARIES.values()) * 3
    with peers(stack, len(every)) as cut:
        for peer, data in zip(cut, every):
            peer.send(data)
            peer.half_close()
        honest(20)
        limit = time.monotonic() + allow(DROPPED_WHEN_SLOW + 1.5)
        for peer in cut:
            assert peer.is_closed_within(max(limit - time.monotonic(), 0.01))


def test_peers_that_go_away_after_less_than_a_request_are_forgotten(stack, honest):
    every = list(BOUNDARIES.values()) * 20
    with peers(stack, len(every)) as gone:
        for peer, data in zip(gone, every):
            peer.send(data)
    honest(20)


def test_a_peer_that_half_closes_after_a_whole_request_gets_its_answer(stack):
    with peers(stack, 1) as [peer]:
        peer.send(request(HOME))
        peer.half_close()
        assert peer.answer().status == 401


def test_peers_that_stall_or_drip_are_dropped_after_five_seconds_and_delay_nobody(stack, honest):
    every = list(UNFINISHED.values()) * 3
    with peers(stack, len(every)) as stalled, peers(stack, 6) as dripping, peers(stack, 1) as [idle]:
        assert idle.ask(HOME).status == 401
        start = time.monotonic()
        for peer, data in zip(stalled, every):
            peer.send(data)
        drips = iter(range(len(WHOLE)))
        next_drip = start
        while time.monotonic() < start + DROPPED_WHEN_SLOW - 0.5:
            if time.monotonic() >= next_drip:
                place = next(drips)
                for peer in dripping:
                    peer.send(WHOLE[place:place + 1])
                next_drip += 2
            honest(3)
        assert not any(peer.is_closed_within(0.001) for peer in stalled)
        limit = start + allow(DROPPED_WHEN_SLOW + 1.5)
        for peer in stalled + dripping:
            assert peer.is_closed_within(max(limit - time.monotonic(), 0.01))
        assert idle.ask(HOME).status == 401


def unread_by_peer(sock):
    """Bytes that we sent and that still wait in the peer's receive queue (SIOCOUTQ)."""
    return struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))[0]


def stuff(peer, most=2000):
    """Asks again and again and never reads an answer, until the server is stuck or closes."""
    data = request(HOME)
    peer.socket.setblocking(False)
    for _ in range(most):
        try:
            peer.socket.send(data)
        except OSError:
            return
        deadline = time.monotonic() + allow(0.3)
        while unread_by_peer(peer.socket):
            if time.monotonic() > deadline:
                return


def test_peers_that_never_read_delay_nobody(stack, honest):
    with peers(stack, 8) as deaf:
        for peer in deaf:
            stuff(peer)
            honest(3)
        honest()
        with peers(stack, 1) as [login]:
            assert login.ask(*login_request()).status == 200


def test_ten_thousand_idle_connections_delay_nobody(stack, honest, site):
    count = 10_000
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 500
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    with peers(stack, count) as idle:
        honest(20)
        assert descriptors(stack) > count
        for peer in idle[::1000]:
            assert peer.ask(HOME).status == 401
        assert site.home().elapsed.total_seconds() < allow(0.2)
        assert site.login().status_code == 200
        honest(20)


def test_a_storm_of_garbage_leaves_the_service_at_once_ready(stack, honest):
    chance = random.Random(2)
    honest_bytes = request(*login_request())
    for _ in range(300):
        with peers(stack, 1) as [peer]:
            data = bytearray(honest_bytes)
            for _ in range(chance.randrange(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(128)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                peer.send(bytes(data[:chance.randrange(1, len(data) + 1)]))
    honest()
