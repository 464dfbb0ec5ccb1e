"""What a recipe of nginx/recipes says to write, and where: the tests take it from there, so that what is documented is
what is tested."""
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from printed import ROOT

FOLDER = ROOT / "nginx/recipes"
BLOCK = re.compile(r"^```(?P<kind>[a-z]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"`(/[^`\s]+)`")
HTTP_LEVEL = "# http level"


@dataclass(frozen=True)
class Block:
    kind: str  # the word behind the fence: nginx, toml, php, ini, sql
    path: str  # the last `/path` of the line above the block, or nothing
    text: str


class Recipe:
    """The blocks of one file."""

    def __init__(self, name):
        self.name, self.file = name, FOLDER / f"{name}.md"
        self.text = self.file.read_text(encoding="utf-8")
        self.blocks = [self._block(match) for match in BLOCK.finditer(self.text)]

    def _block(self, match):
        lines = self.text[:match.start()].rstrip().splitlines()
        paths = PATH.findall(lines[-1]) if lines else []
        return Block(match["kind"], paths[-1] if paths else "", match["text"])

    def _of(self, kind):
        return [block.text for block in self.blocks if block.kind == kind]

    @property
    def server(self):
        """What goes into the server."""
        return "\n".join(text for text in self._of("nginx") if not text.startswith(HTTP_LEVEL))

    @property
    def http(self):
        """What goes beside the server: blocks that begin with `# http level`."""
        return "\n".join(text for text in self._of("nginx") if text.startswith(HTTP_LEVEL))

    @property
    def settings(self):
        """What goes into gatehouse.toml: {section: {key: value}}."""
        return tomllib.loads("\n".join(self._of("toml")))

    @property
    def sql(self):
        """What the application's database is told."""
        return "\n".join(self._of("sql"))

    def contents(self, path):
        """The blocks that it says to write into this file of the host."""
        return [block.text for block in self.blocks if block.path == path]

    def content(self, path):
        """What it says to write into this file of the host."""
        texts = self.contents(path)
        assert texts, f"{self.file.name} names no file {path}"
        return "\n".join(texts)


def names():
    """All recipes of the folder."""
    return sorted(path.stem for path in Path(FOLDER).glob("*.md") if path.stem != "README")
