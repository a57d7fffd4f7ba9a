"""Reading ECMA-262 patterns: what is refused and where, what is noted, what properties hold."""

import pytest

from watchword.ground import UnsupportedPattern
from watchword.language import parse_pattern, pattern_language
from watchword.language.dialects import parse_noted
from watchword.language.properties import ecma_property, property_members, unicode_version


@pytest.mark.parametrize(
    ("pattern", "reason", "position"),
    [
        ("a(b", "missing `)`", 1),
        ("a)b", "unmatched `)`", 1),
        ("[a", "missing `]`", 0),
        ("*a", "nothing to repeat", 0),
        ("a**", "nothing to repeat", 2),
        ("a{2,1}", "the quantifier's bounds are out of order", 1),
        ("[b-a]", "the range is out of order", 1),
        (r"(a)\1", "a back-reference describes no regular language", 3),
        (r"(?<x>a)\k<x>", "a back-reference describes no regular language", 7),
        (r"\p{Nope}", "unknown Unicode property `Nope`", 0),
        (r"\p{Print}", "unknown Unicode property `Print`", 0),
        ("(?>a)", "unknown kind of group", 0),
        ("a\\", "the pattern ends in a backslash", 2),
        ("(?<1>a)", "the group's name is no identifier", 0),
        ("^*", "an assertion cannot be repeated", 0),
        ("a{9999999999999}", "the number is out of all proportion", 2),
    ],
)
def test_unreadable_pattern_is_refused_with_reason_and_position(pattern, reason, position):
    """The message names what is wrong, and a caret stands under it."""
    with pytest.raises(UnsupportedPattern) as caught:
        parse_pattern(pattern)
    assert (caught.value.reason, caught.value.position) == (reason, position)
    assert str(caught.value).endswith("\n  " + " " * position + "^")


@pytest.mark.parametrize(
    ("pattern", "note", "text"),
    [
        (r"^a\-b$", "needless escape `\\-` at position 2", "a-b"),
        (r"^\_\@$", "needless escape `\\_` at position 1", "_@"),
        ("^{$", "lone `{` at position 1", "{"),
        ("^]$", "lone `]` at position 1", "]"),
        ("^a{,2}$", "lone `{` at position 2", "a{,2}"),
        (r"^\101$", "octal escape at position 1", "A"),
        (r"^[\w-.]$", "a class of characters bounds a range at position 2", "-"),
        (r"^(?=a)*b$", "repeated look-ahead at position 1", "b"),
        (r"^\c!$", "`\\c` without a letter at position 1", "\\c!"),
    ],
)
def test_pattern_that_only_annex_b_allows_is_read_and_noted(pattern, note, text, node):
    """Without the flag `u` these are patterns; a linter can tell that with it they are not."""
    _, notes = parse_noted(pattern)
    assert note in notes
    assert isinstance(node(pattern, [], "u"), str)
    assert node(pattern, [text], "") == [True]
    assert text in pattern_language(pattern)


def test_pattern_with_the_flag_u_has_no_notes():
    """What is valid with `u` gives nothing to note."""
    assert parse_noted(r"^\p{Lu}[\-.]{2}$")[1] == ()


def test_modifiers_close_classes_under_case():
    """`(?i:..)` takes the other case, by simple case folding; outside of it nothing changes."""
    language = pattern_language("^(?i:k)s$")
    assert [text in language for text in ("ks", "Ks", "\u212as", "kS")] == [True, True, True, False]


def test_table_names_its_unicode_version():
    """The properties are those of one version of Unicode, which is said."""
    assert unicode_version() == "17.0"


@pytest.mark.parametrize(
    "name",
    [
        *["L", "Letter", "Lu", "Nd", "digit", "Zs", "Cn", "gc=P", "Script=Greek", "sc=Latn", "scx=Deva"],
        *["Alphabetic", "ASCII", "Any", "White_Space", "Emoji"],
    ],
)
def test_property_holds_what_node_says(name, node):
    """Each property has the members that an engine of the same Unicode version gives; others may know fewer."""
    members = ecma_property(name)
    texts = [chr(point) for low, high in members for point in {low - 1, low, high, high + 1} if 0 <= point <= 0x10FFFF]
    texts = [text for text in texts if not 0xD800 <= ord(text) <= 0xDFFF][:2000]
    expected = node(f"^\\p{{{name}}}$", texts)
    unassigned = property_members("gc", "Cn")
    language = pattern_language(f"^\\p{{{name}}}$")
    wrong = [text for text, verdict in zip(texts, expected, strict=True) if (text in language) != verdict]
    newer = node(r"^\p{Cn}$", wrong)
    # A node built with older tables takes for unassigned what ours knows.
    assert [text for text, missing in zip(wrong, newer, strict=True) if not missing] == []
    assert unassigned
