"""The ten-line client: asks port 8000 of this machine for a page.

In: what the server answers. Out: its events on standard output.
"""

import socket

import h11

with socket.create_connection(("127.0.0.1", 8000)) as sock:
    connection = h11.Connection(our_role=h11.CLIENT)
    request = h11.Request(method="GET", target="/", headers=[("Host", "127.0.0.1:8000")])
    sock.sendall(connection.send(request) + connection.send(h11.EndOfMessage()))
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if event is h11.NEED_DATA:
            connection.receive_data(sock.recv(65536))
        else:
            print(event)
