"""Characters and fragments that software treats specially, each with its name. Says nothing about where they fit."""

FOREIGN: tuple[tuple[str, str], ...] = (
    ("space", " "),
    ("newline", "\n"),
    ("latin-accent", "é"),
    ("emoji", "\N{GRINNING FACE}"),
    ("nul", "\0"),
    ("arabic-indic-digit", "\N{ARABIC-INDIC DIGIT ONE}"),
    ("superscript-two", "\N{SUPERSCRIPT TWO}"),
    ("long-s", "\N{LATIN SMALL LETTER LONG S}"),
    ("underscore", "_"),
    ("hyphen", "-"),
    ("full-stop", "."),
    ("at", "@"),
    ("caret", "^"),
    ("plus", "+"),
    ("slash", "/"),
    ("equals", "="),
    ("delete", "\x7f"),
    ("tab", "\t"),
    ("full-width-letter", "\N{FULLWIDTH LATIN CAPITAL LETTER A}"),
    ("percent", "%"),
    ("colon", ":"),
    ("tilde", "~"),
    ("dollar", "$"),
    ("number-sign", "#"),
    ("ampersand", "&"),
    ("star", "*"),
    ("comma", ","),
    ("quote", '"'),
    ("backslash", "\\"),
    ("less-than", "<"),
    ("apostrophe", "'"),
    ("no-break-space", "\N{NO-BREAK SPACE}"),
    ("lone-surrogate", "\ud800"),
    ("bar", "|"),
    ("chinese", "\N{CJK UNIFIED IDEOGRAPH-4E2D}"),
    ("cyrillic", "\N{CYRILLIC SMALL LETTER ZHE}"),
    ("combining-accent", "\N{COMBINING ACUTE ACCENT}"),
    ("digit", "0"),
    ("upper", "A"),
    ("lower", "a"),
    ("upper-g", "G"),
    ("lower-g", "g"),
)
"""What a rule may not allow, most telling first."""

RARE = frozenset(
    {
        "tilde",
        "dollar",
        "number-sign",
        "ampersand",
        "star",
        "less-than",
        "percent",
        "backslash",
        "quote",
        "apostrophe",
    }
)
"""Those that a rule rarely allows by mistake and nobody takes for something else: tried in secrets only."""

TAKEN_WITH = {"caret": "_"}
"""Whoever takes the one by mistake (`A-z`) takes the other too, which is tried where it is foreign as well."""

TRIMMED = frozenset({"space", "newline", "nul"})
"""Those that careless software takes off the ends of a text."""

WIDE: tuple[tuple[str, str], ...] = (("utf-16-units", "\N{GRINNING FACE}"), ("utf-8-bytes", "é"))
"""Characters that count more in units other than code points."""

LOOK_ALIKES: tuple[tuple[str, str, str], ...] = (
    ("digit", "full-width-digit", "\N{FULLWIDTH DIGIT ONE}"),
    ("digit", "superscript-two", "\N{SUPERSCRIPT TWO}"),
    ("upper", "full-width-upper", "\N{FULLWIDTH LATIN CAPITAL LETTER A}"),
    ("upper", "accented-upper", "É"),
    ("lower", "full-width-lower", "\N{FULLWIDTH LATIN SMALL LETTER A}"),
    ("lower", "accented-lower", "é"),
    ("special", "other-special", "§"),
    ("special", "full-stop", "."),
    ("special", "comma", ","),
    ("special", "space", " "),
    ("special", "apostrophe", "'"),
    ("special", "quote", '"'),
    ("special", "backslash", "\\"),
    ("special", "backtick", "`"),
    ("special", "underscore", "_"),
)
"""What careless software counts as a member of a class of characters; the class comes first."""

NASTY: tuple[tuple[str, str], ...] = (
    ("percent", "%"),
    ("percent-escape", "%41"),
    ("percent-format", "%s%n"),
    ("percent-nul", "%00"),
    ("dollar-ampersand", "$&"),
    ("braces", "{}"),
    ("open-brace", "{"),
    ("format-field", "{0}"),
    ("dollar-brace", "${jndi:1}"),
    ("script", "<script>"),
    ("ampersand-entity", "&lt;"),
    ("apostrophe-space", "' or 1=1--"),
    ("quotes", '"\'"'),
    ("backslash", "\\"),
    ("backslash-n", "\\n"),
    ("double-backslash", "\\\\"),
    ("plus", "+"),
    ("equals-ampersand", "=&"),
    ("slashes", "/../"),
    ("hash", "#"),
    ("question", "?"),
    ("semicolon", ";"),
    ("pipe", "|"),
    ("hyphens", "--"),
    ("comment", "/*"),
    ("colon", ":"),
    ("at", "@"),
    ("caret", "^"),
    ("brackets", "[]"),
    ("parentheses", "()"),
    ("tilde", "~"),
    ("bang", "!!"),
    ("star", "*"),
    ("space-inside", "a b"),
    ("double-space", "a  b"),
    ("double-underscore", "__"),
    ("double-percent", "%%"),
)
"""Fragments that break careless software where they are allowed."""
