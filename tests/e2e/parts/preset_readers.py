"""Whether an application reads a hash: what it does before it hashes, and PHP's or Python's own functions."""
import base64
import hashlib
import hmac
import json
import re
import subprocess
from pathlib import Path

PHP = ["/usr/bin/php", str(Path(__file__).with_name("frameworks") / "password.php")]
# What stands before a hash of password_verify.
MARKS = re.compile(r"^(Bcrypt:|\{BLF-CRYPT\}|\$wp(?=\$2)|[123]\||bcrypt\$(?=\$2))")


def _md5(password, _):
    return hashlib.md5(password.encode()).hexdigest()


def _keyed(name, encode):
    def mixed(password, key):
        return encode(hmac.new(key.encode(), password.encode(), name).digest())
    return mixed


def _base64(digest):
    return base64.b64encode(digest).decode()


# What the application hands to its hash function, of the password and its own key.
MIXED = {
    "matomo": _md5,
    "suitecrm": _md5,
    "smf21": lambda password, _: "roy" + password,
    "myth-auth": lambda password, _: _base64(hashlib.sha384(password.encode()).digest()),
    "flask-security": _keyed("sha512", _base64),
    "spip": _keyed("sha256", bytes.hex),
    "wordpress": lambda password, _: _keyed("sha384", _base64)(password, "wp-sha384"),
}


def reads(preset, stored, password, key):
    """Whether the application of that preset reads the hash; nothing where no other implementation is at hand."""
    mixed = MIXED.get(preset, lambda password, _: password)(password, key)
    bare = MARKS.sub("", stored)
    if bare.startswith(("$2y$", "$2a$", "$2b$", "$argon2")):
        asked = json.dumps({"hash": bare, "password": mixed})
        return json.loads(subprocess.run(PHP, input=asked, stdout=subprocess.PIPE, text=True, check=True).stdout)
    found = _pbkdf2(stored)
    if found is None:
        return None
    digest, rounds, salt, key_bytes = found
    return hashlib.pbkdf2_hmac(digest, mixed.encode(), salt, rounds, len(key_bytes)) == key_bytes


def _pbkdf2(stored):
    """The digest, rounds, salt and key of a hash in one of the forms that hold them."""
    if found := re.fullmatch(r":pbkdf2:(\w+):(\d+):\d+:([^:]+):(.+)", stored):  # MediaWiki
        return found[1], int(found[2]), base64.b64decode(found[3]), base64.b64decode(found[4])
    if found := re.fullmatch(r"\$pbkdf2-(\w+)\$(\d+)\$([^$]+)\$(.+)", stored):  # passlib
        return found[1], int(found[2]), _adapted(found[3]), _adapted(found[4])
    if found := re.fullmatch(r"pbkdf2_(\w+)\$(\d+)\$([^$]+)\$(.+)", stored):  # Django
        return found[1], int(found[2]), found[3].encode(), base64.b64decode(found[4])
    if stored.startswith("AQAAAA"):  # ASP.NET Identity, version 3
        bytes_ = base64.b64decode(stored)
        numbers = [int.from_bytes(bytes_[at:at + 4]) for at in (1, 5, 9)]
        end = 13 + numbers[2]
        return ("sha1", "sha256", "sha512")[numbers[0]], numbers[1], bytes_[13:end], bytes_[end:]
    return None


def _adapted(text):
    """passlib's base64: `.` for `+`, and no padding."""
    return base64.b64decode(text.replace(".", "+") + "=" * (-len(text) % 4))
