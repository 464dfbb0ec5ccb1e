"""The nginx in front of the peers: one, with a server for each, and the project's own files for those that need them."""

import shutil

from arena import accepts

from .peer import FILE


def folder(arena):
    """A copy of the stack's nginx files, in which the upstream `gatehouse` is the peer of that name."""
    copy = arena.folder / "front"
    if not copy.exists():
        shutil.copytree(arena.folder / "nginx/gatehouse", copy / "gatehouse")
        upstream = copy / "gatehouse/upstream.conf"
        upstream.write_text(upstream.read_text().replace(arena.env["FCGI_SOCKET"],
                                                         str(arena.folder / "peers/gatehouse/socket")))
    return copy


def backend(arena, name, socket, kept=True):
    """Writes api-NAME.conf, upstream-NAME.conf and snippets/auth-params-NAME.conf: the project's own files, for another
    backend. Unless its connections are `kept`, nginx closes each after the answer."""
    files = folder(arena) / "gatehouse"
    original = arena.folder / "nginx/gatehouse"
    for kind in ("api", "upstream", "snippets/auth-params"):
        text = (original / f"{kind}.conf").read_text()
        changes = {"fastcgi_pass $gatehouse_upstream;": f"fastcgi_pass {name};", "upstream gatehouse ": f"upstream {name} ",
                   arena.env["FCGI_SOCKET"]: str(socket)}
        if not kept:
            changes |= {"fastcgi_keep_conn on;": "fastcgi_keep_conn off;", "keepalive 30;": ""}
        for old, new in changes.items():
            text = text.replace(old, new)
        (files / f"{kind}-{name}.conf").write_text(text)


def write_files(arena):
    """The same file for all, by the names that their servers know."""
    for place in ("open", "files", "cached"):
        place = arena.folder / "files" / place
        place.mkdir(parents=True, exist_ok=True)
        (place / "file.html").write_text(FILE)


def start(arena, peers, memory):
    """The process. `memory` is a folder in memory for nginx's cache of answers, as its file for that names one."""
    write_files(arena)
    zone = "gatehouse/snippets/auth-cache-zone.conf"
    text = (arena.folder / "nginx" / zone).read_text()
    (folder(arena) / zone).write_text(text.replace("/run/nginx-gatehouse", f"{memory}/cache"))
    conf = folder(arena) / "peers.conf"
    conf.write_text(f"""
user root;
daemon off;
worker_processes auto;
worker_rlimit_nofile 65536;
pid front/peers.pid;
events {{ worker_connections 16384; }}
http {{
access_log off;
include /etc/nginx/mime.types;
client_body_temp_path nginx/tmp;
fastcgi_temp_path nginx/tmp;
proxy_temp_path nginx/tmp;
scgi_temp_path nginx/tmp;
uwsgi_temp_path nginx/tmp;
set_real_ip_from 127.0.0.1;
real_ip_header Test-Client-Address;
include gatehouse/http.conf;
include gatehouse/snippets/auth-cache-zone.conf;
{''.join(peer.server() for peer in peers)}
}}
""")
    log = arena.folder / "log/peers-nginx.log"
    child = arena.spawn(["nginx", "-e", log, "-p", arena.folder, "-c", conf], arena.folder / "log/peers-nginx.out")
    served = [peer for peer in peers if peer.server()]
    arena.await_child(child, lambda: all(accepts(peer.port) for peer in served), "nginx", log)
    return child
