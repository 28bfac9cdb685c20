"""The tests of real programs and libraries on h11, run with h11 0.16.0 and with ours."""
