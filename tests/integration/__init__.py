"""Real traffic: conversations over loopback sockets with programs that others wrote."""
