#!/bin/sh
# nginx: the connections that `fastcgi_keep_conn on` and `keepalive` keep to a FastCGI server are never
# used again by the subrequest of auth_request.
#
# One expects the two directives to work for every fastcgi_pass. A subrequest that is made for its
# status alone stops reading after the answer's header, so nginx never sees the record that ends the
# answer, cannot know whether the connection is free, and closes it: one new connection for each
# request to a protected location. The same FastCGI server behind the same upstream answers ordinary
# requests over one connection.
#
# Seen with nginx 1.22.1-9+deb12u11 of Debian 12, 50 requests each over one kept client connection:
#   location with fastcgi_pass      1 connection
#   location with auth_request     50 connections
#
# Needs Debian 12, python3, apt-get and the right to run as root. Leaves nothing behind. Exits with 1
# if the behaviour is another one by now, with 2 if it could not be tried.
set -eu
version=${NGINX_VERSION:-1.22.1-9+deb12u11}

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || :; }; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -qq download "nginx=$version" || exit 2
dpkg-deb -x nginx_*.deb root
mkdir site
echo content >site/file

cat >nginx.conf <<END
daemon off;
user root;
pid $folder/pid;
error_log $folder/error.log;
events {}
http {
    access_log off;
    client_body_temp_path $folder/body;
    fastcgi_temp_path $folder/fastcgi;
    proxy_temp_path $folder/proxy;
    scgi_temp_path $folder/scgi;
    uwsgi_temp_path $folder/uwsgi;
    upstream application {
        server unix:$folder/application;
        keepalive 8;
    }
    server {
        listen unix:$folder/http;
        root $folder/site;
        location = /plain {
            fastcgi_pass application;
            fastcgi_keep_conn on;
        }
        location = /file {
            auth_request /ask;
        }
        location = /ask {
            internal;
            fastcgi_pass application;
            fastcgi_keep_conn on;
        }
    }
}
END

cat >try.py <<'END'
"""A FastCGI server that counts its connections, and a client that asks nginx 50 times."""
import http.client
import socket
import struct
import sys
import threading

REQUESTS = 50
BEGIN, END, STDIN, STDOUT = 1, 3, 5, 6
folder = sys.argv[1]
opened = 0


def record(kind, content):
    return struct.pack('>BBHHBB', 1, kind, 1, len(content), 0, 0) + content


def answer(connection):
    stream = connection.makefile('rb')
    while header := stream.read(8):
        _, kind, _, length, padding, _ = struct.unpack('>BBHHBB', header)
        stream.read(length + padding)
        if kind == STDIN and length == 0:
            connection.sendall(record(STDOUT, b'Status: 200\r\nContent-Type: text/plain\r\n\r\n')
                               + record(STDOUT, b'') + record(END, bytes(8)))


def serve(listener):
    global opened
    while True:
        connection, _ = listener.accept()
        opened += 1
        threading.Thread(target=quietly, args=(connection,), daemon=True).start()


def quietly(connection):
    try:
        answer(connection)
    except OSError:  # nginx closes as it likes
        pass


class Client(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(f'{folder}/http')


def connections_for(path):
    before = opened
    client = Client('localhost')
    for _ in range(REQUESTS):
        client.request('GET', path)
        response = client.getresponse()
        response.read()
        if response.status != 200:
            sys.exit(2)
    return opened - before


listener = socket.socket(socket.AF_UNIX)
listener.bind(f'{folder}/application')
listener.listen(64)
threading.Thread(target=serve, args=(listener,), daemon=True).start()
guarded = connections_for('/file')  # first: it would begin with what the other leaves open
plain = connections_for('/plain')
print(f'location with fastcgi_pass   {plain:4} connections')
print(f'location with auth_request   {guarded:4} connections')
sys.exit(0 if plain == 1 and guarded == REQUESTS else 1)
END

"$folder/root/usr/sbin/nginx" -c "$folder/nginx.conf" -e "$folder/error.log" &
server=$!
tries=0
until [ -S http ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 2
    sleep 0.1
done
code=0
python3 try.py "$folder" || code=$?
exit "$code"
