"""Tests of dependents whose distributions carry none: the real packages over real sockets."""
