"""Times of long computations on generated accounts: run by hand, each one command, never a part of the tests."""
