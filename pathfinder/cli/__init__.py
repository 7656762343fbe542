"""The command line, one file for each command: parse, call one library function, hand the result to a report."""
