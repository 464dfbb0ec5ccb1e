"""Django's own functions. Standard input, JSON: `password` and a `hash` to check it against; or
`password`, the name of a `hasher` and its `settings`, to make one. Prints the answer as JSON."""
import json
import sys

from django.conf import settings
from django.contrib.auth.hashers import check_password, get_hasher, make_password

HASHERS = ("PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256", "BCrypt", "SHA1", "MD5", "UnsaltedSHA1",
           "UnsaltedMD5")
settings.configure(PASSWORD_HASHERS=[
    f"django.contrib.auth.hashers.{name}PasswordHasher" for name in HASHERS])

asked = json.load(sys.stdin)
if "hash" in asked:
    answer = check_password(asked["password"], asked["hash"])
else:
    hasher = get_hasher(asked.get("hasher", "default"))
    for name, value in asked.get("settings", {}).items():
        setattr(hasher, name, value)
    answer = make_password(asked["password"], hasher=hasher)
print(json.dumps(answer))
