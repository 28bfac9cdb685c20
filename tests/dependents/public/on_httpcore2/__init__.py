"""httpcore2 over real sockets."""
