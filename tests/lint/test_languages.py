"""What lint says of patterns, held against real engines: Python's `re`, node's RegExp, Java's Pattern."""

import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise

import pytest

from watchword.language import parse_pattern, pattern_language
from watchword.lint.attacks import Attack, Purse, attack_on
from watchword.lint.backtracking import Engine
from watchword.lint.dialects import ANYTHING, PRINTABLE, difference, is_plain

EXPONENTIAL = [
    r"^(a+)+$",
    r"^(a|a)*$",
    r"^(a|aa)+$",
    r"^([a-z]+\d?)+$",
    r"^(\w+\s?)*$",
    r"^([a-zA-Z0-9_.+-]+)*@x$",
    r"^(?=(a+)+$)a",
    r"(x+x+)+y",
    r"(a*)*b",
    r"(.*)*x",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^(?:a{1,50}){1,50}$",
]
POLYNOMIAL = [r"^[a-z]*[a-z]*$", r"\s+$", r"[a-z]+$", r"^.*a.*b.*c$", r"^\d+\d+\d+x$"]
HARMLESS = [
    r"^(a?)*$",
    r"^(a?b?)*$",
    r"^[a-z]+$",
    r"^(?:[a-z0-9]+(?:-[a-z0-9]+)*)$",
    r"^\d{1,64}(,\d{1,64})*$",
    r"^[A-Za-z0-9_-]*$",
    r"^[^@]+@[^@]+\.[^@]+$",
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$",
    r"^(?!.*\.\.)[a-z.]+$",
    r"^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$",
]


def _attack(pattern: str) -> Attack | None:
    return attack_on(parse_pattern(pattern), Purse())


def _python_seconds(pattern: str, text: str, most: float) -> float:
    """Seconds that Python's re takes in a process of its own; `most` where it takes longer."""
    code = (
        "import re,sys,time; t=time.process_time(); re.search(sys.argv[1], sys.argv[2]); print(time.process_time()-t)"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, pattern, text], capture_output=True, text=True, check=True, timeout=most
        )
    except subprocess.TimeoutExpired:
        return most
    return float(done.stdout)


@pytest.mark.parametrize("pattern", EXPONENTIAL)
def test_exponential_pattern_has_an_attack(pattern: str) -> None:
    """The attack doubles the steps with every pump or two."""
    attack = _attack(pattern)
    assert attack is not None
    assert attack.is_exponential


@pytest.mark.parametrize("pattern", POLYNOMIAL)
def test_polynomial_pattern_has_an_attack_that_is_called_so(pattern: str) -> None:
    """Quadratic growth is found, and not taken for more."""
    attack = _attack(pattern)
    assert attack is not None
    assert not attack.is_exponential


@pytest.mark.parametrize("pattern", HARMLESS)
def test_harmless_pattern_has_none(pattern: str) -> None:
    """A loop that can read each text in one way only is let pass, empty rounds included."""
    assert _attack(pattern) is None


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [each for each in EXPONENTIAL if "(?=" not in each])
def test_exponential_attack_stalls_pythons_re(pattern: str) -> None:
    """Some sixty pumps keep a real engine busy for longer than we wait; six take no time."""
    attack = _attack(pattern)
    assert attack is not None
    assert _python_seconds(pattern, attack.text(4), 20) < 1
    assert _python_seconds(pattern, attack.text(60), 4) == 4


@pytest.mark.slow
@pytest.mark.parametrize("pattern", POLYNOMIAL)
def test_polynomial_attack_slows_pythons_re(pattern: str) -> None:
    """Four times the pumps take more than seven times as long: linear growth would be four."""
    attack = _attack(pattern)
    assert attack is not None
    times = 250
    while (few := _python_seconds(pattern, attack.text(times), 30)) < 0.03:
        times *= 2
    assert _python_seconds(pattern, attack.text(4 * times), 120) > 7 * few


def test_counting_engine_agrees_with_the_language() -> None:
    """The engine whose steps are counted matches exactly what the automaton accepts, so it runs the same pattern."""
    for pattern in [*EXPONENTIAL, *POLYNOMIAL, *HARMLESS]:
        if "(?=" in pattern or "(?!" in pattern or "{1,50}" in pattern:
            continue
        engine, language = Engine(parse_pattern(pattern)), pattern_language(pattern)
        for text in ("", "a", "aa", "ab", "a1", "x", "xxy", "abc", "1.2", "a@b.c", " ", "a-b", "0.0-a.b", "255.1.1.1"):
            matched = any(
                engine._attempt(text, [1 << engine.alphabet.class_of(ord(c)) for c in text], start, 10_000)[0]
                for start in range(len(text) + 1)
            )
            assert matched == (text in language), (pattern, text)


PORTABLE = [r"^[a-z]{4}$", r"^[\[\]{}]+$", r"^(?:a|b)+\.c$", r"^[^,]*,?$", r"^a\/b$"]
DIFFERENT = [
    (r"^\d{4}$", "Python accepts"),
    (r"^\w+$", "Python accepts"),
    (r"^\s$", "Java refuses"),
    (r"^[a-z&&[^b]]$", "Java"),
    (r"^a\Sb$", "Java accepts"),
]


@pytest.mark.parametrize("pattern", PORTABLE)
def test_portable_pattern_has_no_difference(pattern: str) -> None:
    """Sets and escapes of punctuation mean the same everywhere; the short cut says so without automata."""
    assert is_plain(pattern)
    assert difference(pattern, PRINTABLE) is None


@pytest.mark.parametrize(("pattern", "words"), DIFFERENT)
def test_difference_names_dialect_and_witness(pattern: str, words: str) -> None:
    """The witness is told with who accepts it."""
    found = difference(pattern, PRINTABLE)
    assert found is not None
    assert words in found


def _witness(message: str) -> tuple[str, str, bool]:
    """Dialect, witness and whether the dialect accepts it."""
    found = re.fullmatch(r"(\w+) (accepts|refuses) (\".*\"), ECMA-262 .*", message)
    assert found
    return found[1], json.loads(found[3]), found[2] == "accepts"


def test_short_cut_never_hides_a_difference() -> None:
    """Whatever counts as plain has no difference among printable texts."""
    pieces = ["a", "[a-c]", "[^x-z]", r"\.", r"[\]\[]", "(?:a|b)", "[!-/]", "$", "^", "x*", "y{2,3}", "[a^b]", "[&-~]"]
    for left, right in pairwise(pieces * 2):
        pattern = left + right
        if is_plain(pattern):
            ours, texts = pattern_language(pattern), pattern_language(PRINTABLE)
            for dialect in ("java", "python", "re2"):
                assert ((ours ^ pattern_language(pattern, dialect)) & texts).is_empty, (pattern, dialect)


@pytest.mark.slow
def test_witnesses_hold_on_real_engines() -> None:
    """Python's `re` (and node and Java where they are installed) judge the witnesses as the message says."""
    messages = [(p, m) for p, _ in DIFFERENT if (m := difference(p, PRINTABLE))]
    messages += [(p, m) for p in (r"^[a-z]+$", r"^.$") if (m := difference(p, ANYTHING))]
    assert len(messages) >= 6
    for pattern, message in messages:
        dialect, witness, accepts = _witness(message)
        if dialect == "Python":
            assert (re.search(pattern, witness) is not None) == accepts
        if shutil.which("node"):
            code = "const [p,t]=JSON.parse(process.argv[1]);console.log(new RegExp(p).test(t))"
            done = subprocess.run(
                ["node", "-e", code, json.dumps([pattern, witness])], capture_output=True, text=True, check=True
            )
            assert (done.stdout.strip() == "true") is not accepts, (pattern, witness)
        if dialect == "Java" and shutil.which("jshell"):
            search = f"Pattern.compile({json.dumps(pattern)}).matcher({json.dumps(witness)}).find()"
            text = f"System.out.println(java.util.regex.{search})"
            done = subprocess.run(
                ["jshell", "-s", "-"], input=text + "\n", capture_output=True, text=True, check=True, timeout=120
            )
            assert (done.stdout.strip() == "true") is accepts, (pattern, witness)
