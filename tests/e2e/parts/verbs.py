"""The program's verbs beside `serve`."""
import os
import pty
import subprocess
import termios

from waiting import allow


def command_of(stack, *words, config=None):
    """What follows a `--` is no option any more."""
    at = words.index("--") if "--" in words else len(words)
    options = ["--config", str(config or stack.env["GATEHOUSE_CONF"])]
    return [stack.env["GATEHOUSE"], *words[:at], *options, *words[at:]]


def run_verb(stack, *words, config=None, given="", env=None):
    """`gatehouse WORDS --config …` with `given` on standard input and no terminal: a CompletedProcess with text."""
    return subprocess.run(command_of(stack, *words, config=config), input=given, capture_output=True, text=True,
                          timeout=allow(60), check=False, start_new_session=True,
                          env={**os.environ, **(env or {})})


def run_at_terminal(stack, *words, config=None, typed=()):
    """The same at a terminal of its own, where each of `typed` answers a question: (a text that the question ends
    with, the answer). (exit code, all that the terminal showed)."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(stack.env["GATEHOUSE"], command_of(stack, *words, config=config))
    shown = b""
    for question, answer in typed:
        while not shown.endswith(question.encode()):
            shown += _read(terminal)
        os.write(terminal, answer.encode())
    while piece := _read(terminal, at_end=b""):
        shown += piece
    assert termios.tcgetattr(terminal)[3] & termios.ECHO, "the terminal was left without echo"
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


def _read(terminal, at_end=None):
    try:
        piece = os.read(terminal, 4096)
    except OSError:  # so Linux says that the other end is closed
        piece = b""
    if not piece and at_end is None:
        raise EOFError("the program has ended")
    return piece or at_end
