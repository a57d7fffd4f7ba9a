"""The formats of recorded traffic, one file each, asked in this order whether a file is theirs."""

from watchword.audit.readers import har, json_lines
from watchword.audit.readers.protocol import Reader

__all__ = ["READERS"]

# json_lines comes last: it takes whatever nobody else recognises.
READERS: tuple[Reader, ...] = (har, json_lines)
