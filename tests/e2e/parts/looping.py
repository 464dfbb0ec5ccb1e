"""A process of its own, whose time is not the visitors': one account asks for the same thing without
a pause, over one connection for each address. Its arguments: the port of nginx, the cookie, the
method, the path, and the addresses. It tells of its hundredth answer, and ends when it is killed."""
import selectors
import socket
import sys


def request(cookie, method, path, address):
    return (f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
            f"Test-Client-Address: {address}\r\n\r\n").encode()


def main():
    port, cookie, method, path, *addresses = sys.argv[1:]
    selector = selectors.DefaultSelector()

    def begin(again):
        peer = socket.create_connection(("127.0.0.1", int(port)))
        selector.register(peer, selectors.EVENT_READ, again)
        peer.sendall(again)

    for address in addresses:
        begin(request(cookie, method, path, address))
    answers = 0
    while True:
        for key, _ in selector.select():
            if key.fileobj.recv(65536):  # an answer is short: it comes at once
                key.fileobj.sendall(key.data)
            else:  # nginx ends a connection after a thousand requests
                selector.unregister(key.fileobj)
                key.fileobj.close()
                begin(key.data)
            answers += 1
            if answers == 100:
                print("loops", flush=True)


if __name__ == "__main__":
    main()
