"""Our two roles against the servers, clients and proxies that the world runs."""
