"""Many users whose hash costs next to nothing, and what anyone does with a session on a FastCGI socket."""
import hashlib
import json

import fastcgi
from fastcgi import web
from visitor import home_request

PASSWORD = "of every member"
COUNT = 500
UPDATE = "UPDATE member SET password = :hash WHERE id = :id AND password = :old_hash"
# Beside those of the stack's own table: all of a stack's services share one table of sessions.
FIRST_ID = 1_000_000


def cheap_hash(password, iterations=1):
    salt = "k1Ud5dzh"
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations).hex()
    return f"pbkdf2:sha256:{iterations}${salt}${key}"


def name(number):
    return f"member-{number % COUNT}"


class Members:
    """The table `member` of a stack, and the settings of a service for it."""

    def __init__(self, stack):
        self.database = stack.database
        self.database.run(
            "CREATE TABLE IF NOT EXISTS member (id int NOT NULL PRIMARY KEY,"
            " username varchar(45) NOT NULL UNIQUE, password varchar(255));"
            "GRANT SELECT, UPDATE (password) ON member TO gatehouse@localhost")
        self.reset()

    def reset(self):
        """All are there, enabled, and with their password."""
        rows = ", ".join(f"({FIRST_ID + i}, '{name(i)}', '{cheap_hash(PASSWORD)}')" for i in range(COUNT))
        self.database.run(f"REPLACE INTO member VALUES {rows}; DELETE FROM user_disabled")

    @staticmethod
    def settings(**sections):
        user = {"query": "SELECT id, username, password FROM member WHERE username = :name",
                "census_query": "SELECT password FROM member"}
        return {**sections, "user": {**user, **sections.get("user", {})}}

    def set_password(self, number, password):
        """As the site's own application would, past Gatehouse."""
        self.database.run(
            f"UPDATE member SET password = '{cheap_hash(password)}' WHERE username = '{name(number)}'")


def log_in(service, number=0, password=PASSWORD, **fields):
    """The answer to a member's login."""
    body = json.dumps({"username": name(number), "password": password, **fields}).encode()
    return service.ask(web("POST", "/login", body), body)


def cookie_of(service, number=0):
    """`name=value` of a new session of a member's."""
    answer = log_in(service, number)
    assert answer.status == 200, answer.raw
    return answer.cookie


def log_out(service, cookie):
    return service.ask(web("POST", "/logout", headers={"Cookie": cookie}))


def status(service, cookie):
    """Of GET / with this cookie."""
    return service.ask(home_request(cookie)).status


def statuses(place, cookies):
    """The same of many, over one connection."""
    with fastcgi.Connection(place) as connection:
        return [connection.ask(home_request(cookie)).status for cookie in cookies]
