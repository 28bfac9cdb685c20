"""Our server role with the clients and reverse proxies that the world runs."""
