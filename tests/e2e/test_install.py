"""What `cmake --install` puts on a host, in a folder that stands for its root."""
import os
import re
import subprocess
from pathlib import Path

import pytest

from printed import ROOT

SITE = """
pid {root}/nginx.pid;
events {{ }}
http {{
access_log off;
client_body_temp_path {root}/tmp;
fastcgi_temp_path {root}/tmp;
proxy_temp_path {root}/tmp;
scgi_temp_path {root}/tmp;
uwsgi_temp_path {root}/tmp;
include conf.d/*.conf;
include gatehouse/snippets/auth-cache-zone.conf;
server {{
    listen 127.0.0.1:{port};
    include gatehouse/mount.conf;
    include gatehouse/snippets/auth-cached.conf;
    location ^~ /members/ {{ auth_request gatehouse-cached:*; }}
    location ^~ /app/ {{
        auth_request gatehouse:admin/300;
        proxy_pass http://127.0.0.1:1;
        include gatehouse/snippets/identity-proxy.conf;
    }}
    location ~ \\.php$ {{
        fastcgi_pass unix:/nowhere;
        include gatehouse/snippets/identity-fastcgi.conf;
    }}
}}
}}
"""


def install(build, root, prefix="/usr"):
    subprocess.run(["cmake", "--install", str(build), "--prefix", prefix], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "DESTDIR": str(root)})


@pytest.fixture
def build(stack):
    return Path(stack.env["GATEHOUSE"]).parents[1]


def move_root(root):
    """Has the files of the folder, and the links in it, name the folder in the place of the host's root."""
    for path in [*root.glob("etc/**/*"), *root.glob("usr/share/gatehouse/nginx/**/*")]:
        if path.is_symlink():
            target = os.readlink(path)
            path.unlink()
            path.symlink_to(f"{root}{target}")
        elif path.is_file():
            text = re.sub(r"(?m)^(\s*(?:include|root|fastcgi_cache_path) )/", rf"\1{root}/", path.read_text())
            path.write_text(text)


def test_nginx_takes_what_is_installed(build, tmp_path, port):
    install(build, tmp_path)
    nginx = tmp_path / "etc/nginx"
    move_root(tmp_path)
    (tmp_path / "run").mkdir()
    # Sites have variables too, and nginx warns when its table of them is too small.
    own = "".join(f'map "" $variable_of_the_site_{letter} {{ default ""; }}\n' for letter in "abcdefghijkl")
    (nginx / "conf.d/site.conf").write_text(own)
    (nginx / "nginx.conf").write_text(SITE.format(root=tmp_path, port=port + 90))
    done = subprocess.run(["nginx", "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(nginx / "nginx.conf")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr


def test_nginx_takes_what_is_left_when_it_was_removed(build, tmp_path):
    install(build, tmp_path)
    move_root(tmp_path)
    for path in (tmp_path / "usr/share/gatehouse/nginx").glob("**/*.conf"):
        path.unlink()
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{ }}\nhttp {{\n"
                                         f"include {tmp_path}/etc/nginx/conf.d/*.conf;\n}}\n")
    done = subprocess.run(["nginx", "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_follows_upgrades_is_a_link_and_what_stood_there_is_kept(build, tmp_path):
    mount = tmp_path / "etc/nginx/gatehouse/mount.conf"
    mount.parent.mkdir(parents=True)
    mount.write_text("# that of an earlier version\n")
    install(build, tmp_path)
    assert os.readlink(mount) == "/usr/share/gatehouse/nginx/mount.conf"
    assert mount.with_name("mount.conf.old").read_text() == "# that of an earlier version\n"
    install(build, tmp_path)
    assert os.readlink(mount) == "/usr/share/gatehouse/nginx/mount.conf"
    links = {str(path.relative_to(tmp_path / "etc/nginx/gatehouse")) for path in
             (tmp_path / "etc/nginx/gatehouse").glob("**/*.conf") if path.is_symlink()}
    files = {str(path.relative_to(tmp_path / "usr/share/gatehouse/nginx")) for path in
             (tmp_path / "usr/share/gatehouse/nginx").glob("**/*.conf")}
    assert links == files


@pytest.mark.parametrize("prefix", ["/usr", "/opt/gatehouse"])
def test_the_pages_are_where_nginx_looks_for_them(build, tmp_path, prefix):
    install(build, tmp_path, prefix)
    line = (tmp_path / "etc/nginx/gatehouse/snippets/root.conf").read_text().splitlines()[-1]
    assert line == f"root {prefix}/share/gatehouse/html;"
    pages = tmp_path / line.removeprefix("root /").rstrip(";")
    for page in ("en/login.html", "de/account.html", "fr/forbidden.html", "ar/away.html", "es/logout.html", "de/fragments/device.html",
                 "assets/style.css", "assets/pages.js"):
        assert (pages / page).is_file()


def test_a_file_that_the_host_changed_stays_and_the_new_one_lies_beside_it(build, tmp_path):
    install(build, tmp_path)
    links = tmp_path / "etc/nginx/gatehouse/snippets/links.conf"
    ours = links.read_text()
    links.write_text("# the host's own\n")
    install(build, tmp_path)
    assert links.read_text() == "# the host's own\n"
    assert links.with_name("links.conf.new").read_text() == ours
    assert not list(tmp_path.glob("etc/**/mount.conf.new"))


def test_the_recipes_come_with_it(build, tmp_path):
    install(build, tmp_path)
    there = {path.name for path in (tmp_path / "usr/share/doc/gatehouse/recipes").iterdir()}
    assert there == {path.name for path in (ROOT / "nginx/recipes").iterdir()}
    assert not list(tmp_path.glob("**/nginx/recipes")), "nginx includes none of them"
