"""The ten-line server: answers one request on port 8000 of this machine.

In: what one client says. Out: the answer to its request, and the end of the connection.
"""

import socket

import h11

with socket.create_server(("127.0.0.1", 8000)) as listener, listener.accept()[0] as sock:
    connection = h11.Connection(our_role=h11.SERVER)
    while connection.our_state is not h11.MUST_CLOSE:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(sock.recv(65536))
        elif isinstance(event, h11.EndOfMessage):
            response = h11.Response(status_code=200, headers=[("Connection", "close")])
            for answer in (response, h11.Data(data=b"hello\n"), h11.EndOfMessage()):
                sock.sendall(connection.send(answer))
