"""Patterns of Java, Python, RE2 and Rust: read as their engines read them, and written so that they agree."""

import re
import shutil
import subprocess
from itertools import product

import jsonschema_rs
import pytest

from watchword.ground import RuleTooLarge, UnsupportedPattern
from watchword.language import Rules, parse_pattern, pattern_language, render_pattern
from watchword.language.build import pattern_automaton
from watchword.language.language import Language
from watchword.language.limits import DEFAULT

_JAVA = """
import java.util.regex.*; import java.io.*; import java.nio.charset.StandardCharsets;
public class Engine {
  static String text(String hex) {
    StringBuilder found = new StringBuilder();
    for (String point : hex.split(" ")) if (!point.isEmpty()) found.appendCodePoint(Integer.parseInt(point, 16));
    return found.toString();
  }
  public static void main(String[] args) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line; (line = in.readLine()) != null; ) {
      String[] fields = line.split(",", -1);
      StringBuilder answer = new StringBuilder();
      try {
        Pattern pattern = Pattern.compile(text(fields[0]));
        for (int i = 1; i < fields.length; i++) answer.append(pattern.matcher(text(fields[i])).find() ? '1' : '0');
      } catch (PatternSyntaxException error) { answer.append('E'); }
      System.out.println(answer);
    }
  }
}
"""


@pytest.fixture(scope="module")
def java(tmp_path_factory):
    """`java(pattern, texts)`: what Matcher.find says of each text, or None if the pattern is refused."""
    program = shutil.which("java")
    if program is None or shutil.which("javac") is None:
        pytest.skip("no Java development kit is installed")
    source = tmp_path_factory.mktemp("java") / "Engine.java"
    source.write_text(_JAVA, encoding="ascii")
    with subprocess.Popen([program, str(source)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask(pattern, texts):
            fields = [" ".join(f"{ord(character):x}" for character in text) for text in (pattern, *texts)]
            process.stdin.write(",".join(fields) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline().strip()
            return None if answer == "E" else [verdict == "1" for verdict in answer]

        yield ask
        process.stdin.close()


_CHARACTERS = [chr(point) for point in range(0x180)] + list(
    "\u0130\u0660\u1680\u2000\u2028\u2029\u212a\ufeff\U0001d7d8\U0001f432"
)
_SHORT = ["".join(letters) for length in range(4) for letters in product("aB1 \n\r", repeat=length)]
_TEXTS = _CHARACTERS + _SHORT

_SHARED = [
    "^abc$",
    "^a$",
    "a$",
    "^[ab]{2}$",
    r"^[^a]$",
    "(?i)^[a-k]B$",
    "(?i:a)1",
    "(?s)^.$",
    "^.$",
    "(?m)^a$",
    "(?x) ^ a # comment\n [1 ] $",
    r"^\d\D\s\S$",
    r"^\s$",
    r"^\x41|\t|\n$",
    "^(?<n>a)(?:1)$",
    "a|^$",
    "^[a-]$",
    r"^[\]\-\\]$",
    "^a{2,3}?1$",
]
_READ = {
    "java": [
        *_SHARED,
        r"^\p{Print}{1,3}",
        r"^\p{Alpha}\P{Alnum}$",
        r"^\p{Punct}$",
        r"^\p{Lower}\p{Upper}$",
        r"^\p{L}$",
        r"^\p{IsAlphabetic}$",
        r"^\p{XDigit}\p{Cntrl}$",
        r"\Aa\z",
        r"a\Z",
        r"a++B",
        r"^a*+a",
        r"^a?+a$",
        r"^[a-z&&[^b]]$",
        r"^[a[B1]]$",
        r"^\Qa.\E",
        r"^\h\v$",
        r"^\cI$",
        r"^\0101$",
        r"^\x{41}$",
        r"^a\R",
        r"^\w\W$",
        "(?=a)[aB]",
        "(?<=a)B",
        "(?<!a)B",
    ],
    "python": [
        *[pattern.replace("(?<n>", "(?P<n>") for pattern in _SHARED],
        r"\Aa\Z",
        r"^\w$",
        r"^\W$",
        r"\ba\b",
        r"a\B",
        r"a++B",
        r"^a*+a",
        r"^(?>a*)1",
        r"^a{,2}$",
        r"^[]a]$",
        r"^[\w.-]$",
        "(?=a)[aB]",
        "(?<=a)B",
        "(?<!a)B",
        r"^\u0041|\U0001f432$",
    ],
    "rust": [
        r"^\d$",
        r"^\w$",
        r"^\s$",
        r"^.$",
        r"a\b",
        r"\Aa\z",
        r"^\x{41}$",
        "(?i)^k$",
        "^abc$",
        r"^\p{Greek}|\pN$",
    ],
}


def _language(pattern, dialect):
    return Language(pattern_automaton(parse_pattern(pattern, dialect), pattern, DEFAULT))


def _wrong(language, texts, verdicts):
    return [ascii(text) for text, verdict in zip(texts, verdicts, strict=True) if (text in language) != verdict][:5]


@pytest.mark.parametrize("pattern", _READ["java"])
def test_java_pattern_is_read_as_java_does(pattern, java):
    """Line ends, ASCII case, POSIX names, possessive repeats and class intersections are those of java.util.regex."""
    verdicts = java(pattern, _TEXTS)
    assert verdicts is not None
    assert _wrong(_language(pattern, "java"), _TEXTS, verdicts) == []


@pytest.mark.parametrize("pattern", _READ["python"])
def test_python_pattern_is_read_as_python_does(pattern):
    """`$` before a final newline, Unicode classes, possessive repeats and verbose mode are those of re."""
    compiled = re.compile(pattern)
    assert _wrong(_language(pattern, "python"), _TEXTS, [bool(compiled.search(text)) for text in _TEXTS]) == []


@pytest.mark.parametrize("pattern", _READ["rust"])
def test_rust_pattern_is_read_as_rust_does(pattern):
    """Beside look-around jsonschema-rs leaves escapes to Rust's own reading; classes it always reads as ECMA-262."""
    validator = jsonschema_rs.validator_for({"pattern": f"(?!\\x{{0}}\\x{{0}}){pattern}"})
    verdicts = [validator.is_valid(text) for text in _TEXTS]
    assert _wrong(_language(pattern, "rust"), _TEXTS, verdicts) == []


def test_rust_set_operators_are_read():
    """Classes nest, and `&&`, `--` and `~~` join them (regex 1.11, "Character classes")."""
    for pattern, members in [
        ("^[a-d&&[^b]]$", "acd"),
        ("^[a-d--bc]$", "ad"),
        ("^[a-c~~b-d]$", "ad"),
        ("^[[:digit:]&&[0-3]]$", "0123"),
        ("^[x[:^alpha:]&&[w-z0]]$", "0x"),
    ]:
        assert "".join(sorted(_language(pattern, "rust").members())) == members


def test_re2_pattern_is_read():
    r"""RE2 has POSIX classes, `\z`, `(?P<n>..)`, one-letter properties, and neither look-around nor long repeats."""
    language = _language(r"(?P<n>^[[:alpha:]]\pN\z)", "re2")
    assert [text in language for text in ("a1", "a1\n", "é1", "aa")] == [True, False, False, False]
    for pattern, reason in [("(?=a)", "look-around"), ("a{1001}", "at most 1000"), ("(?<!a)b", "look-around")]:
        with pytest.raises(UnsupportedPattern, match=reason):
            parse_pattern(pattern, "re2")


@pytest.mark.parametrize("dialect", ["java", "python", "re2", "rust"])
@pytest.mark.parametrize("pattern", [r"(a)\1", "(a", "a)", "[a", "*", "a{2,1}", r"\p{Nonsense}"])
def test_unreadable_pattern_of_any_dialect_is_refused(pattern, dialect):
    """Every reader says what is wrong instead of guessing."""
    with pytest.raises(UnsupportedPattern):
        parse_pattern(pattern, dialect)


def _written(maker, count, dialect, verdicts):
    texts = ["".join(letters) for length in range(4) for letters in product("ab é\n_\r", repeat=length)]
    compared = 0
    for _ in range(count):
        pattern = maker.pattern(2)
        try:
            written = render_pattern(parse_pattern(pattern), dialect)
            language = pattern_language(pattern)
        except (UnsupportedPattern, RuleTooLarge):
            continue
        compared += 1
        assert _wrong(language, texts, verdicts(written, texts)) == [], f"{pattern!r} became {written[:300]!r}"
    return compared


def test_pattern_written_for_python_decides_as_ecma_does(pattern_maker):
    """Random ECMA-262 patterns, written for re, give ECMA-262's verdicts."""

    def verdicts(written, texts):
        compiled = re.compile(written)
        return [bool(compiled.search(text)) for text in texts]

    assert _written(pattern_maker(41), 150, "python", verdicts) > 90


def test_pattern_written_for_java_decides_as_ecma_does(pattern_maker, java):
    """Random ECMA-262 patterns, written for java.util.regex, give ECMA-262's verdicts."""
    assert _written(pattern_maker(42), 150, "java", java) > 90


_ROMA_PATTERN = r"^(?=.*[0-9])(?=.*[A-Z])[A-Z0-9]{3,5}$"


@pytest.mark.parametrize("dialect", ["ecma", "java", "python", "rust", "re2"])
def test_rules_written_as_one_pattern_have_the_same_language(dialect):
    """A schema of several rules becomes one pattern of each dialect; read back, nothing is lost or gained."""
    rules = Rules.of(
        {
            "pattern": _ROMA_PATTERN,
            "maxLength": 4,
            "not": {"const": "A1A"},
            "anyOf": [{"minLength": 4}, {"pattern": "^A"}],
        }
    )
    assert _language(rules.as_pattern(dialect), dialect) == rules.valid
    assert _language(rules.valid.as_pattern(dialect), dialect) == rules.valid


def test_rules_too_large_for_re2_say_so():
    """Without look-ahead some rules have no pattern of sensible size."""
    rules = Rules.of(
        {
            "allOf": [
                {"minLength": 16, "maxLength": 32},
                {"pattern": "[0-9]"},
                {"pattern": "[A-Z]"},
                {"pattern": "[a-z]"},
            ]
        }
    )
    with pytest.raises(RuleTooLarge, match="as a pattern"):
        rules.as_pattern("re2")


def test_every_kind_of_clause_can_be_written():
    """`oneOf`, lists and conditions become look-aheads too."""
    rules = Rules.of(
        {
            "oneOf": [{"enum": ["a", "b.c"]}, {"pattern": "^b"}, {"type": "null"}],
            "if": {"maxLength": 1},
            "then": {"const": "a"},
        }
    )
    assert pattern_language(rules.as_pattern()) == rules.valid
    assert pattern_language(Rules.of(False).as_pattern()).is_empty
