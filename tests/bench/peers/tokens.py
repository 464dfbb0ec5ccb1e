"""Sessions of Gatehouse by the thousand, written into its table as logins would, with tokens made by its key file.

fcgi/session/keys has how a token is made: 16 bytes, and the first 16 of HMAC-SHA256 over the realm, a NUL and those.
"""

import base64
import hashlib
import hmac

from .database import sql
from .peer import BCRYPT

REALM = b"gatehouse\0"
AT_ONCE = 500_000  # rows of a statement
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def subkey(master, purpose):
    """HKDF-SHA256 (RFC 5869) without salt, one block."""
    extracted = hmac.digest(bytes(32), master, "sha256")
    return hmac.digest(extracted, f"gatehouse {purpose} v1".encode() + b"\1", "sha256")


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def master_key(arena):
    lines = (line.strip() for line in (arena.folder / "session.keys").read_text().splitlines())
    return decoded(next(line for line in lines if line and not line.startswith("#")))


def token(key, number):
    """Of the session that rows() gives this number."""
    session_id = hashlib.md5(str(number).encode()).digest()
    tag = hmac.digest(key, REALM + session_id, "sha256")[:16]
    return base64.urlsafe_b64encode(session_id + tag).decode().rstrip("=")


def some(arena, numbers):
    key = subkey(master_key(arena), "session")
    return [token(key, number) for number in numbers]


def fill(arena, count, database=None):
    """As many sessions, of the users of database.py by turns, as if all had just logged in. Each has the fingerprint of
    the hash of its user, or it would be revoked."""
    key = subkey(master_key(arena), "fingerprint")
    users = sql(arena, f"SELECT id, username, password FROM user WHERE username REGEXP '^{BCRYPT}[0-9]+$' ORDER BY id")
    marks = [(number, name, hmac.digest(key, number.encode() + b"\0" + stored.encode(), "sha256")[:8])
             for number, name, stored in users]
    values = ",".join(f"({place}, {number}, '{name}', 0x{mark.hex()})" for place, (number, name, mark) in enumerate(marks))
    inserts = "".join(f"""
        INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch, site_epoch, created_at, last_used,
                             address, user_agent)
        SELECT UNHEX(MD5(seq)), user_id, username, 1, fingerprint, 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '127.0.0.2',
               '{AGENT}' FROM seq_{first}_to_{min(first + AT_ONCE - 1, count)} JOIN mark ON place = seq MOD {len(marks)};"""
                      for first in range(1, count + 1, AT_ONCE))
    sql(arena, f"""
        CREATE TEMPORARY TABLE mark (place int PRIMARY KEY, user_id int, username varchar(255), fingerprint binary(8));
        INSERT INTO mark VALUES {values};
        {inserts}""", database)


def many(gatehouse, count):
    """The headers of each of them."""
    fill(gatehouse.arena, count)
    return [{"Cookie": f"gatehouse={one}"} for one in some(gatehouse.arena, range(1, count + 1))]
