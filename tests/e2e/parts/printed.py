"""The nginx configuration that the documents and the comments of the snippets print."""
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DIRECTIVE = re.compile(r"^ *(?:server|location|map|geo|include|auth_request|set|set_real_ip_from|satisfy|error_page"
                       r"|proxy_pass|proxy_set_header|fastcgi_pass|fastcgi_param|limit_req|add_header)\b.*[;{]",
                       re.MULTILINE)


@dataclass
class Block:
    place: str  # FILE:LINE
    text: str

    @property
    def key(self):
        """Its first protected location, else its first directive."""
        found = re.search(r"^ *location (?:[~^*=]+ )?(\S+) \{\s*auth_request", self.text, re.MULTILINE)
        return found[1] if found else DIRECTIVE.search(self.text)[0].split("#")[0].strip()


def _numbered(path, pattern, clean=lambda text: text):
    text = path.read_text()
    for match in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        body = clean(match[1])
        if DIRECTIVE.search(body):
            yield Block(f"{path.relative_to(ROOT)}:{text[:match.start(1)].count(chr(10)) + 1}", body)


def _plain(roff):
    return roff.replace("\\e", "\\").replace("\\&", "").replace("\\(ti", "~").replace("\\(ha", "^")


def in_documents():
    """Fenced blocks of Markdown, literal ones of the man pages."""
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "nginx").glob("*.md"))):
        yield from _numbered(path, r"^```[a-z]*\n(.*?)^```")
    for path in sorted((ROOT / "systemd/man").glob("*.[58]")):
        yield from _numbered(path, r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", _plain)


def in_comments():
    """Indented examples: `#   auth_request ...;`, line after line."""
    for path in sorted((ROOT / "nginx").rglob("*.conf")):
        yield from _numbered(path, r"((?:^ *#   +[^\n]*\n)+)",
                             lambda text: re.sub(r"^ *#", "", text, flags=re.MULTILINE))


COMMENTED_OUT = re.compile(r"^( *)# ([a-z_]+ [^\n]*;)$", re.MULTILINE)


def commented_out():
    """The lines that wait in a comment to be used where they stand: (file, line)."""
    for path in sorted((ROOT / "nginx").rglob("*.conf")):
        for match in COMMENTED_OUT.finditer(path.read_text()):
            yield path, match[2]
