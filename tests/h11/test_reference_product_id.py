"""The section "Identifying h11 in requests and responses" of the reference."""

import h11
from tests.h11.conversations import END, GET_HEAD, client, hear, length, request, response, server


def test_product_id_is_text_with_the_name_and_the_version() -> None:
    """It is a string that names the library and its current version."""
    assert isinstance(h11.PRODUCT_ID, str)
    assert h11.PRODUCT_ID.split("/") == ["python-h11", h11.__version__]


def test_product_id_suits_the_fields_for_products() -> None:
    """It goes into User-Agent and Server, and arrives as it is, alone or with other products."""
    answering = server()
    user_agent = f"my-client/1.0 {h11.PRODUCT_ID}"
    asked = request(("User-Agent", user_agent))
    assert hear(answering, client().send(asked) or b"") == [asked, END]
    reply = response(("Server", h11.PRODUCT_ID), length(0))
    assert hear(client(request(), END), answering.send(reply) or b"") == [reply, END]
    assert reply.headers[0] == (b"server", h11.PRODUCT_ID.encode())


def test_the_library_does_not_identify_itself() -> None:
    """The fields are up to the user: none is added to a request or response."""
    assert client().send(request()) == GET_HEAD
    assert (
        server(GET_HEAD).send(response(length(0))) == b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"
    )
