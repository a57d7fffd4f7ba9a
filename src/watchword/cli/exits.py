"""Exit codes of every command."""

OK = 0
FINDINGS = 1
MISTAKE = 2
BUG = 3
INTERRUPTED = 130
BROKEN_PIPE = 141
"""128 + SIGPIPE, as a shell says it."""
