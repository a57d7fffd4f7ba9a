"""How a text that was told differs from the one that was given, in words."""

import pytest

from watchword.check.distortions import difference, distorted


@pytest.mark.parametrize(
    ("given", "told", "phrase"),
    [
        ("Abc&1", "abc&1", "is told in lower case"),
        (" abc ", "abc", "is told without white space at its ends"),
        ("a<b>&c", "a&lt;b&gt;&amp;c", "is told with HTML escapes"),
        ("a+b", "a b", "is told decoded as a form (`+` is a space)"),
        ("abcdefghijklmnopqrst", "abcdefghijklmnop", "is told cut after 16 characters"),
        ("a#bc", "a", "is told cut at U+0023"),
        ("thing-1", "VENDOR:thing-1", "has 7 characters before it and nothing after it"),
        ("a^b~c^", "ab~c", "is told without U+005E"),
        ("a_b_c_d", "aXbXcXd", "has something else for U+005F"),
        ("secret", "******", "is one character, 6 times"),
        ("secret", "", "is empty"),
        ("secret", "quite another", "is another text, of 13 characters"),
    ],
)
def test_difference_is_named_without_telling_either_text(given: str, told: str, phrase: str) -> None:
    """A finding says what became of a value precisely enough to find the line that did it."""
    assert difference(given, told) == phrase


def test_distortions_are_different_texts_none_empty() -> None:
    """Each is worth a login of its own."""
    found = [text for _, text in distorted("  Ab&<c>+%41'\\\\ ##")]
    assert len(found) == len(set(found))
    assert "" not in found
    assert "  Ab&<c>+%41'\\\\ ##" not in found
