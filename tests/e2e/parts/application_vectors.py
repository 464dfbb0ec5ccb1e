"""The hashes of tests/data/applications.tsv: what each application stored for what was typed."""
import re
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
SALTS = {"salt", "password_salt", "credential_data"}


def lines(name):
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def with_bytes(text):
    return re.sub(rb"\\x([0-9A-F]{2})", lambda found: bytes.fromhex(found[1].decode()), text.encode()).decode()


def extras(text):
    """The column "pepper or salt column": the salt, the key and the scheme that it holds."""
    found = {"salt": "", "key": "", "scheme": ""}
    if text == "-":
        return found
    for mark, place in ((" userAuthSalt=", "key"), (" passwd_hash_algo=", "scheme")):
        if mark in text:
            text, found[place] = text.split(mark)
    name, _, value = text.partition("=")
    found["salt" if not value or name in SALTS else "key"] = value or text
    return found


@dataclass(frozen=True)
class Vector:
    typed: str
    stored: str
    salt: str
    key: str
    scheme: str


def vector(application, form):
    """The first row of that application and form."""
    for name, _, its_form, _, _, other, typed, stored, *_ in lines("applications.tsv"):
        if (name, its_form) == (application, form):
            return Vector(with_bytes(typed), with_bytes(stored), **extras(other))
    raise KeyError(f"{application}; {form}")
