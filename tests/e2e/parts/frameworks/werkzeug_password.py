"""Flask's own functions. Standard input, JSON: `password` and a `hash` to check it against, or what
generate_password_hash() takes to make one. Prints the answer as JSON."""
import json
import sys

from werkzeug.security import check_password_hash, generate_password_hash

asked = json.load(sys.stdin)
if "hash" in asked:
    answer = check_password_hash(asked["hash"], asked["password"])
else:
    answer = generate_password_hash(**asked)
print(json.dumps(answer))
