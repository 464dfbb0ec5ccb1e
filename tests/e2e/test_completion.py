"""systemd/gatehouse.bash-completion: bash offers what --help shows, for every verb there is."""
import re
import subprocess
from pathlib import Path

import pytest

from judged_nginx import SOURCE, binary

COMPLETION = SOURCE / "systemd/gatehouse.bash-completion"
SCRIPT = """
. "$1"
shift
PATH=$1:$PATH
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_gatehouse
printf '%s\\n' "${COMPREPLY[@]}"
"""


def shown(*verbs):
    """(the verbs, the options) of the --help behind these verbs; read in another way than the completion does."""
    text = subprocess.run([binary(), *verbs, "--help"], capture_output=True, text=True, check=True).stdout
    below = text.partition("\nVerbs:\n")[2]
    return (set(re.findall(r"^  ([a-z][a-z-]*)", below, re.M)),
            set(re.findall(r"^ +(?:-\w,)?(--[a-z][a-z-]*)", text, re.M)))


def every_verb(*verbs):
    yield verbs
    for verb in sorted(shown(*verbs)[0]):
        yield from every_verb(*verbs, verb)


def offered(*words):
    done = subprocess.run(["bash", "-c", SCRIPT, "bash", str(COMPLETION), str(Path(binary()).parent), "gatehouse", *words],
                          capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_verbs_and_options_are_those_of_the_help():
    all_verbs = list(every_verb())
    assert ("session", "revoke") in all_verbs
    for verbs in all_verbs:
        inner, options = shown(*verbs)
        assert "--help" in options
        assert offered(*verbs, "") == inner | options, verbs
        assert offered(*verbs, "--") == options, verbs


@pytest.mark.parametrize("words,expected", [
    (["ses"], {"session"}),
    (["session", "re"], {"revoke"}),
    (["check", "--config", "check", "--na"], {"--name"}),  # the second `check` is a file
    (["session", "list", "--user", ""], set()),  # a name, which nobody knows
    (["init", "--table", ""], set()),  # its value is SCHEMA.TABLE
    (["init", "--table", "init", "--own"], {"--own-table"}),
])
def test_what_was_begun_is_completed(words, expected):
    assert offered(*words) == expected


def test_files_are_offered_where_a_file_is_wanted(tmp_path):
    (tmp_path / "site.toml").touch()
    assert offered("check", "--config", f"{tmp_path}/si") == {f"{tmp_path}/site.toml"}
