"""The command line, one file a command: parse, call one library function, hand the result to a report."""
