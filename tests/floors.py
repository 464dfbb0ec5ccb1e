#!/usr/bin/env python3
"""Keeps the house in order: folders of fcgi/ are floors, a file includes only its own and lower ones.

    floors.py [ROOT]        prints `file:line: what is wrong` for each breach; exit code 1 if there is one
    floors.py --self-test   breaks each rule once, in a temporary folder, and demands that it is found
    floors.py --figures     prints for each floor how many of its lines are comments; demands nothing

Tests may be no longer than the code, and where a README of fcgi/ says `test: Suite.Name` or
`test: tests/e2e/file.py::name`, there must be that test.
"""

import pathlib
import re
import sys
import tempfile

# From top to bottom. main.cpp stands above them all.
FLOORS = ["cli", "server", "handlers", "http", "session", "user", "guard", "password", "mysql", "nginx", "config",
          "base"]

# A library has one owner: (header as a regular expression, the floors that may include it).
OWNED_HEADERS = [
    (r"fcgi_?\w*\.h", ["server"]),
    (r"systemd/sd-journal\.h", ["base"]),  # the audit events
    (r"systemd/(?!sd-journal\.h).*", ["server"]),
    (r"rapidjson/.*", ["http"]),
    (r"crypt\.h|argon2\.h", ["password"]),
    (r"openssl/ssl\.h", ["cli"]),  # check --url
    (r"openssl/kdf\.h", ["password", "base"]),  # base/crypto.h has HKDF, for keys
    (r"cppconn/.*|mysql.*", ["mysql"]),
    (r"toml\+\+.*|tomlplusplus/.*", ["config"]),
    (r"boost/.*", ["session"]),
    (r"CLI/.*", ["cli"]),
    (r"pcre2?\.h", ["nginx"]),
]
# Password hashing that hides in headers which others need for something else.
OWNED_CALLS = [(r"\b(?:PKCS5_PBKDF2_HMAC\w*|EVP_PBE_scrypt\w*)\b", ["password"])]

# The headers of a floor that higher floors may include; of other floors they may include all.
DOORS = {"session": ["session/session.h", "session/sessions.h"]}

MAX_LINES = 400
ROOT_ENTRIES = {
    "CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md",
    "SECURITY.md", "fcgi", "findings", "nginx", "sql", "systemd", "tests", "build",
}

# As in `test: Suite.Name, Other.Name` or `test: tests/e2e/test_file.py::test_name`.
NAMED_TEST = r"`?(?:\w+\.\w+|[\w./]+\.py::\w+)\b`?"
NAMED_TESTS = re.compile(rf"\btest:\s+((?:{NAMED_TEST}(?:,?\s+and\s+|,\s+)?)*)")
GTEST = re.compile(r"^(?:TYPED_)?TEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.MULTILINE)

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def own_include(floor, target):
    """What is wrong with including our own header `target` from `floor`; nothing if all is well."""
    upper = target.split("/")[0]
    if "/" not in target or upper not in FLOORS:
        return f'"{target}" does not begin with a floor'
    if floor != "main" and FLOORS.index(upper) < FLOORS.index(floor):
        return f'{floor}/ includes "{target}": {upper}/ is a higher floor'
    if floor != upper and target not in DOORS.get(upper, [target]):
        return f'"{target}" is private to {upper}/: others include {" and ".join(DOORS[upper])}'
    return None


def line_breaches(floor, line):
    include = INCLUDE.match(line)
    if include and include[1] == '"':
        wrong = own_include(floor, include[2])
        return [wrong] if wrong else []
    if include:
        return [f"<{include[2]}> belongs to {' and '.join(owners)}/ alone"
                for pattern, owners in OWNED_HEADERS
                if floor not in owners and re.fullmatch(pattern, include[2])]
    return [f"{call[0]} belongs to {' and '.join(owners)}/ alone"
            for pattern, owners in OWNED_CALLS
            if floor not in owners and (call := re.search(pattern, line))]


def file_breaches(root, path):
    inside = path.relative_to(root / "fcgi")
    floor = inside.parts[0] if len(inside.parts) > 1 else inside.stem
    where = path.relative_to(root)
    if floor not in FLOORS + ["main"]:
        yield f"{where}:1: {floor} is no floor"
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for wrong in line_breaches(floor, line):
            yield f"{where}:{number}: {wrong}"


def length_breaches(root, path):
    count = len(path.read_text(encoding="utf-8").splitlines())
    if count > MAX_LINES:
        yield f"{path.relative_to(root)}:{count}: longer than {MAX_LINES} lines"


def gtests(root):
    """Suite.Name of every unit and contract test."""
    return {f"{suite}.{name}"
            for folder in ("unit", "contract")
            for path in files(root / "tests" / folder, ".h", ".cpp")
            for suite, name in GTEST.findall(path.read_text(encoding="utf-8"))}


def pytest_exists(root, name):
    file, function = name.split("::")
    return ((root / file).is_file() and
            re.search(rf"^def {function}\(", (root / file).read_text(encoding="utf-8"), re.MULTILINE))


def readme_breaches(root, path, known):
    text = path.read_text(encoding="utf-8")
    for mention in NAMED_TESTS.finditer(text):
        where = f"{path.relative_to(root)}:{text.count(chr(10), 0, mention.start()) + 1}"
        names = [name.strip("`") for name in re.findall(NAMED_TEST, mention[1])]
        if not names:
            yield f"{where}: `test:` names no Suite.Name or tests/e2e/file.py::name"
        for name in names:
            if not (pytest_exists(root, name) if "::" in name else name in known):
                yield f"{where}: there is no test {name}"


def files(folder, *suffixes):
    return sorted(p for p in folder.rglob("*") if p.suffix in suffixes and p.is_file())


def breaches(root):
    sources = files(root / "fcgi", ".h", ".cpp")
    if not sources:
        yield f"{root}/fcgi:1: holds no sources"
    for path in sources:
        yield from file_breaches(root, path)
    for path in sources + files(root / "tests", ".h", ".cpp", ".py"):
        yield from length_breaches(root, path)
    known = gtests(root)
    for path in (root / "fcgi").rglob("README.md"):
        yield from readme_breaches(root, path, known)
    for entry in sorted(p.name for p in root.iterdir()):
        if not entry.startswith(".") and entry not in ROOT_ENTRIES:
            yield f"{entry}:1: does not belong at the root"


def comment_lines(text):
    """The number of lines that are nothing but a comment, and that of all lines."""
    lines = text.splitlines()
    return sum(line.lstrip().startswith("//") for line in lines), len(lines)


def figures(root):
    """The share of comments in headers and in sources, for each floor and in all."""
    def share(*folders_and_suffix):
        *folders, suffix = folders_and_suffix
        counts = [comment_lines(p.read_text(encoding="utf-8")) for folder in folders for p in files(folder, suffix)]
        comments, lines = sum(c for c, _ in counts), sum(n for _, n in counts)
        return f"{comments / lines:6.1%} of {lines:6}" if lines else "-"

    yield f"{'comments in':12}{'headers, lines':>18}{'sources, lines':>20}"
    for name, folder in [*((floor, root / "fcgi" / floor) for floor in FLOORS), ("in all", root / "fcgi")]:
        yield f"{name:12}{share(folder, '.h'):>18}{share(folder, '.cpp'):>20}"


def self_test():
    good = {
        "fcgi/main.cpp": '#include "cli/serve.h"\n',
        "fcgi/cli/serve.h": '#include <CLI/CLI.hpp>\n#include "server/server.h"\n',
        "fcgi/server/server.h": "#include <fcgiapp.h>\n#include <systemd/sd-daemon.h>\n",
        "fcgi/http/json.cpp": '#include <rapidjson/reader.h>\n#include "http/json.h"\n',
        "fcgi/password/pbkdf2.cpp": "#include <openssl/kdf.h>\nauto f = PKCS5_PBKDF2_HMAC;\n",
        "fcgi/mysql/pool.cpp": "#include <cppconn/driver.h>\n",
        "fcgi/nginx/regex.cpp": "#include <pcre2.h>\n",
        "fcgi/handlers/door.cpp": '#include "session/session.h"\n#include "session/sessions.h"\n',
        "fcgi/session/store/inside.cpp": '#include "session/store/session_store.h"\n',
        "fcgi/config/load.cpp": "#include <toml++/toml.h>\n" + "\n" * (MAX_LINES - 1),
        "fcgi/config/README.md": "Order stays (test: Queue.KeepsOrder,\n`tests/e2e/test_order.py::test_it_stays`).\n",
        "tests/unit/config/queue_test.cpp": "TEST_F(Queue,\n       KeepsOrder) {}\n" + "\n" * (MAX_LINES - 2),
        "tests/e2e/test_order.py": "def test_it_stays(stack):\n    pass\n",
        "README.md": "",
    }
    bad = {  # file, its text, the line of the breach
        "fcgi/base/up.h": ('#include <string>\n#include "http/json.h"\n', 2),
        "fcgi/cli/past_the_door.cpp": ('#include "session/store/session_store.h"\n', 1),
        "fcgi/session/up.cpp": ('  #  include "handlers/login.h"\n', 1),
        "fcgi/http/bare.cpp": ('#include "json.h"\n', 1),
        "fcgi/http/parent.cpp": ('#include "../base/log.h"\n', 1),
        "fcgi/handlers/libfcgi.cpp": ("#include <fcgiapp.h>\n", 1),
        "fcgi/handlers/notify.cpp": ("#include <systemd/sd-daemon.h>\n", 1),
        "fcgi/handlers/json.cpp": ("#include <rapidjson/document.h>\n", 1),
        "fcgi/session/kdf.cpp": ("#include <openssl/kdf.h>\n", 1),
        "fcgi/session/crypt.cpp": ("#include <crypt.h>\n", 1),
        "fcgi/user/argon.cpp": ("#include <argon2.h>\n", 1),
        "fcgi/session/pbkdf2.cpp": ("\nint ok = PKCS5_PBKDF2_HMAC(0);\n", 2),
        "fcgi/session/scrypt.cpp": ("int ok = EVP_PBE_scrypt(0);\n", 1),
        "fcgi/user/sql.cpp": ("#include <cppconn/driver.h>\n", 1),
        "fcgi/server/toml.cpp": ("#include <toml++/toml.h>\n", 1),
        "fcgi/server/cli.cpp": ("#include <CLI/CLI.hpp>\n", 1),
        "fcgi/config/regex.cpp": ("#include <pcre2.h>\n", 1),
        "fcgi/base/long.cpp": ("\n" * (MAX_LINES + 1), MAX_LINES + 1),
        "tests/unit/base/long_test.cpp": ("\n" * (MAX_LINES + 1), MAX_LINES + 1),
        "tests/e2e/parts/long.py": ("\n" * (MAX_LINES + 2), MAX_LINES + 2),
        "fcgi/base/README.md": ("Order stays\n(test: Queue.KeepsNoOrder).\n", 2),
        "fcgi/http/README.md": ("test: Queue.KeepsOrder\n\ntest: `tests/e2e/test_order.py::test_it_falls`\n", 3),
        "fcgi/user/README.md": ("test: tests/e2e/test_none.py::test_it_stays\n", 1),
        "fcgi/session/README.md": ("\ntest: it is tested well\n", 2),
        "fcgi/util/any.h": ("", 1),
        "fcgi/stray.h": ("", 1),
        "notes.txt": ("", 1),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {**good, **{name: text for name, (text, _) in bad.items()}}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        found = sorted(":".join(b.split(":")[:2]) for b in breaches(root))
    expected = sorted(f"{name}:{line}" for name, (_, line) in bad.items())
    for name in sorted(set(expected) ^ set(found)):
        print(f"self-test: {name} {'was not found' if name in expected else 'is no breach'}")
    counted = comment_lines("/// A\nint a;  // no line of its own\n\n  // b\n") == (2, 4)
    if not counted:
        print("self-test: comments are not counted")
    return found == expected and counted


def main(arguments):
    if arguments == ["--self-test"]:
        return 0 if self_test() else 1
    if arguments == ["--figures"]:
        print("\n".join(figures(pathlib.Path(__file__).resolve().parent.parent)))
        return 0
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parent.parent
    found = list(breaches(root))
    print("\n".join(found + [f"floors: {len(found)} breaches" if found else "floors: in order"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
