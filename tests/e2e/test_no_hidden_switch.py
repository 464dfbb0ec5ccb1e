"""No setting, variable, option or parameter of the shipped program is a secret: each that it reads is documented, where
whoever runs it sees what it weakens."""
import re
import subprocess

import pytest

from instance import Instance
from judged_nginx import SOURCE, binary
from test_completion import every_verb, shown
from visitor import login_request
from waiting import allow

PROGRAM = SOURCE / "fcgi"
MANUAL = SOURCE / "systemd/man/gatehouse.8"
# By sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3), not by the program itself.
OF_SYSTEMD = {"LISTEN_FDS", "LISTEN_PID", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}
# What the libraries read besides, of the environment that systemd gives the service: nothing that a visitor writes, and
# nothing by which a password or a token is judged otherwise.
OF_LIBRARIES = re.compile(
    r"OPENSSL_\w+|SSL_CERT_(?:FILE|DIR)|CTLOG_FILE|OSSL_\w+|RANDFILE"  # OpenSSL: its configuration and authorities
    r"|(?:LIB)?(?:MYSQL|MARIADB)\w*"  # the connector: where its plugins and the server's socket are
    r"|FCGI_WEB_SERVER_ADDRS|LIBFCGI_\w+"  # libfcgi: who may connect over TCP, and how it closes
    r"|SYSTEMD_\w+|LISTEN_FDNAMES|INVOCATION_ID"  # libsystemd
    r"|MALLOC_\w+|GLIBC_\w+|LD_\w+|LC_\w+|LANG|LANGUAGE|TZ|TZDIR|LOCPATH|NLSPATH|CHARSETALIASDIR|OUTPUT_CHARSET"
    r"|RES_OPTIONS|LOCALDOMAIN|TMPDIR|HOSTALIASES|RESOLV_\w+|GCONV_PATH|NLSPATH|P11_KIT_\w+|SPDLOG_LEVEL")
SPY = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void note(const char *name) {
    const int log = open(SPY_LOG, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (log < 0) return;
    char line[128];
    strncpy(line, name, sizeof line - 2);
    line[sizeof line - 2] = 0;
    const size_t length = strlen(line);
    line[length] = '\\n';
    if (write(log, line, length + 1) < 0) {}
    close(log);
}
#define SPY(function) \\
    char *function(const char *name) { \\
        char *(*real)(const char *) = (char *(*)(const char *))dlsym(RTLD_NEXT, #function); \\
        note(name); \\
        return real(name); \\
    }
SPY(getenv)
SPY(secure_getenv)
"""


def sources():
    return {path: path.read_text() for path in PROGRAM.rglob("*") if path.suffix in (".cpp", ".h")}


def documented_variables():
    environment = MANUAL.read_text().partition(".Sh ENVIRONMENT")[2].partition("\n.Sh ")[0]
    lines = re.findall(r"^\.(?:It )?Ev (.*)$", environment, re.MULTILINE)
    return {word for line in lines for word in re.findall(r"[A-Z][A-Z_]+", line)}


def test_the_variables_that_the_source_reads_are_those_of_the_manual():
    read = set()
    for path, text in sources().items():
        named = re.findall(r'\b(?:secure_)?getenv\("(\w+)"\)|\benvironment\("(\w+)"\)', text)
        read |= {one or other for one, other in named}
        # Any other way to read one would be missed above.
        others = len(re.findall(r"getenv\(", text)) - len(re.findall(r'getenv\("', text))
        assert others == (1 if path.name == "terminal.cpp" else 0), path
        assert not re.search(r"\benviron\b", text), path
    assert "CREDENTIALS_DIRECTORY" in read
    assert documented_variables() == read | OF_SYSTEMD


@pytest.fixture
def spy(tmp_path):
    """(the library that notes what is read, its log)."""
    log = tmp_path / "read"
    tmp_path.joinpath("spy.c").write_text(f'#define SPY_LOG "{log}"\n{SPY}')
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "spy.so", "spy.c", "-ldl"], cwd=tmp_path, check=True)
    return tmp_path / "spy.so", log


def test_a_running_service_reads_no_variable_that_is_not_documented(stack, spy):
    if is_sanitized():
        pytest.skip("a sanitizer's library has to be the first one")
    library, log = spy
    with Instance(stack, "spied", {"log": {"level": "debug"}}, prefix=["env", f"LD_PRELOAD={library}"]) as host:
        host.wait_until_serving(allow(5))
        assert host.ask(*login_request()).status == 200
        assert host.ask(*login_request("roy", "wrong")).status == 400
    read = set(log.read_text().split())
    assert "LISTEN_FDS" in read and "JOURNAL_STREAM" in read, "the spy sees nothing"
    unknown = {name for name in read - documented_variables() if not OF_LIBRARIES.fullmatch(name)}
    assert not unknown


def is_sanitized():
    linked = subprocess.run(["ldd", binary()], capture_output=True, text=True, check=True).stdout
    return "libasan" in linked or "libtsan" in linked


def test_the_options_in_the_source_are_those_of_the_help_and_of_the_manual():
    text = "\n".join(sources().values())
    registered = set(re.findall(r'add_(?:flag|option)(?:_function)?\(\s*"(--[a-z-]+)', text)) | {"--help", "--version"}
    helped = set().union(*(shown(*verbs)[1] for verbs in every_verb()))
    manual = set(re.findall(r"\bFl -([a-z-]+)", MANUAL.read_text()))
    assert registered == helped, "an option that the help does not show is hidden"
    assert {option.removeprefix("--") for option in helped} <= manual
    assert '->group("")' not in text and "allow_extras" not in text


def test_no_verb_is_hidden():
    text = "\n".join(sources().values())
    verbs = list(every_verb())
    assert set(re.findall(r'add_subcommand\(\s*"([a-z-]+)"', text)) <= {word for words in verbs for word in words}
    manual = MANUAL.read_text()
    for words in verbs:
        leads_on = any(len(longer) > len(words) and longer[:len(words)] == words for longer in verbs)
        named = r"^\.Cm " + r" (?:[a-z-]+ \| )*".join(words) + r"\b"
        assert leads_on or re.search(named, manual, re.MULTILINE), words


def test_what_nginx_may_tell_the_program_is_what_its_files_and_the_manual_name():
    """A parameter that the program believes and nobody knows of would be a way in for whoever can send it."""
    read = set(re.findall(r'param\("(GATEHOUSE_\w+)"\)', "\n".join(sources().values())))
    assert "GATEHOUSE_INTERNAL" in read
    sent = "\n".join(path.read_text() for path in (SOURCE / "nginx").rglob("*.conf"))
    for name in read:
        assert re.search(rf"\b{name}\b", sent) or re.search(rf"\b{name}\b", MANUAL.read_text()), name


# What may weaken something, with the words by which gatehouse.toml says so.
WEAKENING = {"allow_weak": "Fast or broken schemes", "same_site": "for pages of other sites", "domain": "can read it",
             "close_after": "NIST SP 800-63B-4 allows 100", "max_age": "may rely on", "store": "memory"}


@pytest.mark.parametrize("key", WEAKENING)
def test_the_settings_that_weaken_something_say_so_where_they_stand(key):
    text = (SOURCE / "systemd/gatehouse.toml").read_text()
    comment = re.search(rf"((?:^# .*\n)+)(?:#?\w+ = .*\n)*#?{key} = ", text, re.MULTILINE)[1]
    assert WEAKENING[key] in comment
    assert re.search(rf"^#{key} = ", text, re.MULTILINE), "as installed, it is the default"
