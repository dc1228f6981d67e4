"""Benches and fault trials: real processes and real sockets, as in production."""
