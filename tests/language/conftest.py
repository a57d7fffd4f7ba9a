"""Engines to compare with, and generators of patterns and strings, for the tests of the language room."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import product

import pytest

_SCRIPT = """
const vm = require('vm');
const room = vm.createContext({});
require('readline').createInterface({input: process.stdin}).on('line', line => {
  [room.pattern, room.flags, room.texts] = JSON.parse(line);
  let answer;
  try {
    const code = 'compiled = new RegExp(pattern, flags); texts.map(text => compiled.test(text))';
    answer = vm.runInContext(code, room, {timeout: 1000});
  } catch (error) { answer = error.message; }
  console.log(JSON.stringify(answer));
});
"""

Verdicts = list[bool] | str


@pytest.fixture(scope="session")
def node() -> Iterator[Callable[..., Verdicts]]:
    """`node(pattern, texts, flags="u")`: what RegExp.prototype.test says of each text, or why it says nothing.

    It backtracks: where that takes over a second, the answer is "Script execution timed out after 1000ms".
    """
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not installed: no ECMA-262 engine to compare with")
    with subprocess.Popen(
        [program, "-e", _SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        questions, answers = process.stdin, process.stdout

        def ask(pattern: str, texts: list[str], flags: str = "u") -> Verdicts:
            questions.write(json.dumps([pattern, flags, texts]) + "\n")
            questions.flush()
            verdicts: Verdicts = json.loads(answers.readline())
            return verdicts

        yield ask
        questions.close()


class PatternMaker:
    """Random ECMA-262 patterns over a few characters, with every construct that the language room reads."""

    def __init__(self, seed: int, *, looks: bool = True) -> None:
        self._random = random.Random(seed)
        self._looks = looks

    def pattern(self, depth: int = 3) -> str:
        """A pattern of at most so many nested brackets."""
        parts = [self._sequence(depth) for _ in range(self._random.choice([1, 1, 1, 2, 3]))]
        return "|".join(parts)

    def _sequence(self, depth: int) -> str:
        return "".join(self._item(depth) for _ in range(self._random.randint(0, 4)))

    def _item(self, depth: int) -> str:
        choice = self._random.random()
        if choice < 0.12:
            return self._random.choice(["^", "$", "^", "$", r"\b", r"\B"])
        if choice < 0.24 and depth and self._looks:
            return f"(?{self._random.choice(['=', '!', '<=', '<!'])}{self.pattern(depth - 1)})"
        if choice < 0.45 and depth:
            inner = self._random.choice(["(", "(?:", "(?:"]) + self.pattern(depth - 1) + ")"
        else:
            inner = self._random.choice(
                [
                    "a",
                    "a",
                    "b",
                    "b",
                    ".",
                    r"\w",
                    r"\W",
                    r"\d",
                    r"\s",
                    "[ab]",
                    "[^a]",
                    "[^]",
                    "[]",
                    r"\p{L}",
                    "é",
                    r"[\W_]",
                ]
            )
        return inner + self._random.choice([""] * 6 + ["*", "+", "?", "*?", "{2}", "{1,2}", "{0,3}", "{2,}"])


@pytest.fixture(scope="session")
def pattern_maker() -> type[PatternMaker]:
    """The class of pattern makers: `pattern_maker(seed).pattern()`."""
    return PatternMaker


@pytest.fixture(scope="session")
def short_texts() -> list[str]:
    """Every text of up to four characters out of six that classes, boundaries and line ends tell apart."""
    return ["".join(letters) for length in range(5) for letters in product("ab é\n_", repeat=length)]
