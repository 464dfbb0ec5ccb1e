"""Several backends behind one nginx with the project's own parameters, measured in turns."""

from arena import ADDRESS_HEADER, HONEST, PORT, Wrk, accepts

NGINX_PORT = PORT + 1


def start_nginx(arena, names):
    """The stack's own nginx files. /NAME leads to the backend on NAME.sock in the arena's folder;
    the first of them is the stack's gatehouse."""
    files = arena.folder / "nginx/gatehouse"
    for name in names[1:]:
        for kind in ("api", "upstream"):
            text = (files / f"{kind}.conf").read_text()
            text = text.replace("fastcgi_pass $gatehouse_upstream;", f"fastcgi_pass {name};")
            text = text.replace("upstream gatehouse ", f"upstream {name} ")
            text = text.replace(arena.env["FCGI_SOCKET"], str(arena.folder / f"{name}.sock"))
            (files / f"{kind}-{name}.conf").write_text(text)
    (files / f"api-{names[0]}.conf").write_text((files / "api.conf").read_text())
    locations = "\n".join(f"location = /{name} {{ include gatehouse/api-{name}.conf; fastcgi_param PATH_INFO /; }}"
                          for name in names)
    upstreams = "\n".join(f"include gatehouse/upstream-{name}.conf;" for name in names[1:])
    conf = arena.folder / "nginx/bench.conf"
    conf.write_text(f"""
user root;
daemon off;
worker_processes auto;
pid nginx/bench.pid;
events {{ worker_connections 4096; }}
http {{
access_log off;
client_body_temp_path nginx/tmp;
fastcgi_temp_path nginx/tmp;
proxy_temp_path nginx/tmp;
scgi_temp_path nginx/tmp;
uwsgi_temp_path nginx/tmp;
include gatehouse/http.conf;
{upstreams}
server {{
listen 127.0.0.1:{NGINX_PORT};
{locations}
location @gatehouse_error {{ include gatehouse/error.conf; }}
}}
}}
""")
    arena.start(["nginx", "-e", arena.folder / "log/bench-nginx.log", "-p", arena.folder, "-c", conf],
                lambda: accepts(NGINX_PORT))


def measure(name, token, seconds):
    """Home with a session."""
    headers = {"Cookie": f"gatehouse={token}", ADDRESS_HEADER: HONEST}
    figures = Wrk(f"http://127.0.0.1:{NGINX_PORT}/{name}", seconds, headers=headers).result()
    if figures.refused or figures.broken:
        raise SystemExit(f"{name}: {figures.refused} answers were refusals; {figures.broken}")
    return figures
