"""httpx2 over real sockets."""
