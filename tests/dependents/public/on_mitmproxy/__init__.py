"""mitmproxy over real sockets."""
