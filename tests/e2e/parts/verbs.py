"""The program's verbs beside `serve`."""
import subprocess

from waiting import allow


def run_verb(stack, *words, config=None):
    """`gatehouse WORDS --config …`: a CompletedProcess with text."""
    command = [stack.env["GATEHOUSE"], *words, "--config", str(config or stack.env["GATEHOUSE_CONF"])]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=allow(60), check=False)
