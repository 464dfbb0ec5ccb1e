"""The users and the account that all peers have alike, in the MariaDB of the stack.

bcrypt1 to bcrypt1000 and pbkdf21 to pbkdf21000 are rows of the tutorial's table `user`, each with the same hash of the
same password; and so for the other kinds of hashes. The peers keep what they keep in a database `peers` of their own.
"""

import hashlib
import secrets
import subprocess

from .peer import BCRYPT, BCRYPT12, PBKDF2, PHPASS

DATABASE, ACCOUNT = "peers", "peer"
ACCOUNT_PASSWORD = secrets.token_hex(16)
USERS = 1000
PASSWORD = "Sunday morning"
BCRYPT_COST, PBKDF2_ROUNDS = 10, 600_000  # what PHP writes by default, and what OWASP asks for
# Of PASSWORD, in the spelling of PHP and of htpasswd: Apache's own library knows $2y$ alone.
BCRYPT_HASH = "$2y$10$570OUAzqsjeoBvlpLppJXeKbTDMxLON49oY6yhUjjS315otDGtLOm"


BCRYPT12_HASH = "$2y$12$jjvMioVeBrknlZk91uz6NujZKmyPYfjOYrA.oebkIbuHzYytctC2O"
CRYPT_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def werkzeug_hash():
    digest = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"k1Ud5dzh", PBKDF2_ROUNDS).hex()
    return f"pbkdf2:sha256:{PBKDF2_ROUNDS}$k1Ud5dzh${digest}"


def phpass_hash(log2_rounds=13):
    """As WordPress wrote them until version 6.7."""
    salt = b"f4sWqZ1e"
    digest = hashlib.md5(salt + PASSWORD.encode()).digest()
    for _ in range(1 << log2_rounds):
        digest = hashlib.md5(digest + PASSWORD.encode()).digest()
    text = ""
    for start in range(0, len(digest), 3):
        part = digest[start:start + 3]
        bits = int.from_bytes(part, "little")
        text += "".join(CRYPT_ALPHABET[bits >> 6 * place & 63] for place in range(len(part) + 1))
    return f"$P${CRYPT_ALPHABET[log2_rounds]}{salt.decode()}{text}"


HASHES = {BCRYPT: lambda: BCRYPT_HASH, PBKDF2: werkzeug_hash, BCRYPT12: lambda: BCRYPT12_HASH, PHPASS: phpass_hash}


def user(kind, number=1):
    """The name of one of the users whose hash is of this kind."""
    return f"{kind}{number}"


def sql(arena, text, database=None):
    """Runs it as root; gives the rows."""
    done = subprocess.run(["mariadb", "--no-defaults", "-uroot", "-N", "-S", arena.env["MYSQL_SOCKET"],
                           database or arena.env["MYSQL_DATABASE"]],
                          input=text, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"MariaDB: {done.stderr}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def prepare(arena, kinds):
    """With users whose hashes are of these kinds: a failed login at Gatehouse takes as long as the most expensive hash that
    the table has, and so there must be none that nobody uses."""
    users = arena.env["MYSQL_DATABASE"]
    stored = {kind: HASHES[kind]() for kind in kinds}
    sql(arena, "".join(f"INSERT IGNORE INTO user (username, password) SELECT CONCAT('{kind}', seq), '{stored[kind]}' "
                       f"FROM seq_1_to_{USERS};" for kind in kinds) + f"""
        CREATE DATABASE IF NOT EXISTS {DATABASE};
        CREATE USER IF NOT EXISTS {ACCOUNT}@localhost IDENTIFIED BY '{ACCOUNT_PASSWORD}';
        GRANT ALL ON {DATABASE}.* TO {ACCOUNT}@localhost;
        GRANT SELECT ON {users}.user TO {ACCOUNT}@localhost;""")
