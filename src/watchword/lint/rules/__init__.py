"""One file per rule; the list is in `watchword.lint.registry`."""
