"""Whether secrets that a service made up look random: a pure function of the secrets, in the order of their making.

A test is allowed to raise a false alarm with a probability below `FALSE_ALARM` / 6; there are six of them, so that all
together stay below one in a million. The probabilities hold for a service that draws each secret on its own, of all
strings of its length that obey the rules each alike, whatever the lengths. The bounds are derived so:

Let the rules allow k characters, and c(n) strings of n characters. Were the characters independent and uniform over
those k, a string of n would obey the rules with the probability c(n) / k^n. So whatever has the probability p there has
at most p times the product of k^n / c(n) over the secrets concerned among strings that obey. With that factor:

repeated   two equal secrets of n characters: 1 / c(n) a pair.
similar    m of n places equal in a pair: the tail of the binomial law of n and 1/k, for every pair.
position   a character x times at one place of N secrets: the tail of that of N and 1/k, for each of k characters and
           each place, counted from either end.
ordered    each secret sorts after the one before, or each before: 2 / N!, as all orders are alike.
alphabet   all M characters of all secrets are of some d: at most binomial(k, d) (d / k)^M.
frequency  a character x times among all M: k times the tail of the binomial law of M and 1/k.

Where 1/k stands in `similar` and `position`, the greater share that the secrets themselves show is taken, so that a
service with a smaller alphabet of its own (hexadecimal digits, say) is told so once, by `alphabet`. That can only
make an alarm rarer. Vendors promise random secrets, not a law: an uneven one is an observation as long as the secrets
keep enough bits, and an error below.
"""

import math
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from watchword.contract import Clause
from watchword.ground import Certainty, Finding, Severity, Side
from watchword.language import Language, Rules

Json = Any

FALSE_ALARM = 1e-6
"""The probability that a service with good secrets is accused of anything, at most."""
_TESTS = 6
_SHARE = math.log2(FALSE_ALARM / _TESTS)
_ENOUGH_BITS = 64.0
_SPARE_BITS = 8.0


@dataclass(frozen=True, slots=True)
class _Suspicion:
    """One test that a set of secrets failed."""

    name: str
    message: str
    is_sure: bool


def generated_secret_findings(
    secrets: Sequence[str],
    rules: Rules,
    *,
    operation: str | None = None,
    location: str | None = None,
    clause: Clause | None = None,
    case: str | None = None,
    promised: bool = True,
) -> list[Finding]:
    """One finding per broken rule, then one per test failed; `secrets` are in the order of their making.

    No finding tells a secret or one of its characters. `clause` says where the promise stands and what it goes back to.
    Where nothing is `promised` of a secret but that it is one, only what leaves it guessable is found.
    """
    found = []
    for rule in rules.names if promised else ():
        broken = sum(rule in rules.broken(secret) for secret in set(secrets))
        if broken:
            message = f"{broken} of {len(set(secrets))} different generated secrets break the rule"
            found.append((rule, message, rules.certainty(rule)))
    judge = suspicions if promised else guessable
    for suspicion in judge(secrets, Law(rules.valid)):
        certainty = Certainty.DOCUMENTED if suspicion.is_sure else Certainty.ASSUMED
        found.append((f"generated-secret/{suspicion.name}", suspicion.message, certainty))
    return [
        Finding(
            rule=rule,
            message=message,
            severity=Severity.OBSERVATION if certainty is Certainty.ASSUMED else Severity.ERROR,
            certainty=certainty,
            side=Side.RESPONSE,
            location=location,
            source=clause.source if clause else None,
            place=clause.place if clause else None,
            operation=operation,
            case=case,
        )
        for rule, message, certainty in found
    ]


@dataclass(slots=True)
class Law:
    """What secrets are compared to: all strings of a length that obey the rules are alike."""

    language: Language
    _bits: dict[int, float] = field(default_factory=dict)

    @property
    def characters(self) -> int:
        """How many characters the rules allow."""
        return sum(high - low + 1 for low, high in self.language.alphabet)

    @property
    def least_bits(self) -> float:
        """The bits of a secret of the least length."""
        return self.bits(self.language.shortest or 0)

    def bits(self, length: int) -> float:
        """log2 of the number of strings of that length."""
        if length not in self._bits:
            self._bits[length] = math.log2(self.language.count(length) or 1)
        return self._bits[length]


def suspicions(secrets: Sequence[str], law: Law) -> list[_Suspicion]:
    """The tests that the secrets failed, in the order of the module's list."""
    if len(secrets) < 2 or not all(secrets):
        return []
    sample = _Sample.of(tuple(secrets), law)
    return [*_repeated(sample), *_similar(sample), *_ordered(sample), *_uneven(sample)]


def guessable(secrets: Sequence[str], law: Law) -> list[_Suspicion]:
    """What is certainly wrong with secrets of which no text says how they are made: repetition, counting, too few bits.

    What all of them share (a prefix, dashes) is their form, not their randomness, and a part that grows with time does
    no harm beside enough of chance.
    """
    if len(secrets) < 2 or not all(secrets):
        return []
    different, chance = len(set(secrets)), _repetition(secrets, law)
    if different < len(secrets) and chance <= _SHARE:
        message = f"{len(secrets)} generated secrets are {different} different ones"
        return [_Suspicion("repeated", message, is_sure=True)]
    if len(secrets) < _FEWEST_JUDGED:
        return []
    own = tuple(_varying(secret, secrets) for secret in secrets)
    counts = Counter("".join(own))
    k = max(2, len(counts))
    bits = {len(each): len(each) * math.log2(k) for each in own}
    sample = _Sample(own, k, dict.fromkeys(bits, 0.0), bits, min(bits.values()), counts, obeys=False)
    obeys = all(secret in law.language for secret in set(secrets))
    narrow = obeys and law.characters <= _ASCII and bool(law.language.shortest)
    left = _bits_left(sample, sample.fixed_places)
    if left >= (min(_ENOUGH_BITS, law.least_bits - _SPARE_BITS) if narrow else _LITTLE_BITS):
        return []
    found = [*_similar(sample), *_ordered(sample)]
    if not found:
        message = f"{sum(map(len, secrets))} characters of generated secrets are {len(set(''.join(secrets)))} ones"
        found.append(_Suspicion("alphabet", message, is_sure=narrow))
    return [replace(each, message=f"{each.message}; about {left:.0f} bits are left") for each in found]


_FEWEST_JUDGED = 11
"""The least number of secrets that can be told to be in order by more than chance: 2 / 11!."""
_LITTLE_BITS = 40.0
"""What secrets are held to whose rules leave length or alphabet open: below it, all can be tried in hours."""
_ASCII = 128


def _repetition(secrets: Sequence[str], law: Law) -> float:
    """log2 of the probability of so many repetitions among secrets of the kinds of characters that these show."""
    kinds = {_KINDS.get(character, "") for secret in secrets for character in secret}
    k = law.characters if "" in kinds else sum(_SIZES[kind] for kind in kinds)
    shortest = min(map(len, secrets))
    share = 2.0 ** -min(law.bits(shortest) or math.inf, shortest * math.log2(max(2, k)))
    return _tail(math.comb(len(secrets), 2), share, len(secrets) - len(set(secrets)))


_KINDS = {
    character: name for name in ("digits", "ascii_lowercase", "ascii_uppercase") for character in vars(string)[name]
}
_KINDS |= dict.fromkeys(string.punctuation, "punctuation")
_SIZES = Counter(_KINDS.values())


def _varying(secret: str, secrets: Sequence[str]) -> str:
    """The characters of a secret at the places where those of its length differ."""
    like = [other for other in secrets if len(other) == len(secret)]
    if len(set(like)) == 1:
        return secret
    return "".join(each for place, each in enumerate(secret) if any(other[place] != each for other in like))


@dataclass(frozen=True, slots=True)
class _Sample:
    """The secrets with the law that they are compared to.

    `k` is how many characters there are to choose from. `missing` is, by length, how many bits a string that obeys
    has less than one of free characters; `bits` how many bits it has. Places count from 0, negative ones from the end.
    """

    secrets: tuple[str, ...]
    k: int
    missing: dict[int, float]
    bits: dict[int, float]
    least_bits: float
    counts: Counter[str]
    obeys: bool

    @classmethod
    def of(cls, secrets: tuple[str, ...], law: Law) -> "_Sample":
        """The sample; secrets that break the rules are compared to free strings of their own characters."""
        counts = Counter("".join(secrets))
        lengths = {len(secret) for secret in secrets}
        obeys = all(secret in law.language for secret in set(secrets))
        k = law.characters if obeys else max(2, len(counts))
        free = {length: length * math.log2(k) for length in lengths}
        bits = {length: law.bits(length) for length in lengths} if obeys else free
        missing = {length: free[length] - bits[length] for length in lengths}
        least = law.least_bits if obeys else min(free.values())
        return cls(secrets, k, missing, bits, least, counts, obeys)

    @property
    def all_missing(self) -> float:
        return sum(self.missing[len(secret)] for secret in self.secrets)

    @property
    def characters(self) -> int:
        return sum(self.counts.values())

    @property
    def likeness(self) -> float:
        """How probable two characters are equal: as the secrets show it, at least 1/k."""
        shown = sum(count * count for count in self.counts.values()) / self.characters**2
        return max(1 / self.k, shown)

    @property
    def commonest(self) -> float:
        """The share of the commonest character, at least 1/k."""
        return max(1 / self.k, max(self.counts.values()) / self.characters)

    @property
    def fixed_places(self) -> list[tuple[int, int, int]]:
        """Place, how often its commonest character stands there, of how many; only where that is no chance."""
        lengths = {len(secret) for secret in self.secrets}
        longest = max(lengths)
        tests = math.log2(self.k) + math.log2(2 * longest) + self.all_missing
        from_the_end = range(-longest, 0) if len(lengths) > 1 else range(0)
        found = []
        for place in (*range(longest), *from_the_end):
            held = [secret[place] for secret in self.secrets if -len(secret) <= place < len(secret)]
            count = max(Counter(held).values())
            if count > 1 and tests + _tail(len(held), self.commonest, count) <= _SHARE:
                found.append((place, count, len(held)))
        return found


def _repeated(sample: _Sample) -> Iterator[_Suspicion]:
    different = len(set(sample.secrets))
    lengths = Counter(len(secret) for secret in sample.secrets)
    chance = sum(math.comb(count, 2) * 2.0 ** -sample.bits[length] for length, count in lengths.items())
    if different < len(sample.secrets) and chance <= 2.0**_SHARE:
        message = f"{len(sample.secrets)} generated secrets are {different} different ones"
        yield _Suspicion("repeated", message, is_sure=True)


def _similar(sample: _Sample) -> Iterator[_Suspicion]:
    """The most similar pair, equal ones aside: those are repeated."""
    pairs = math.log2(math.comb(len(sample.secrets), 2))
    tails: dict[tuple[int, int], float] = {}
    worst: tuple[float, int, int] | None = None
    for left, right in combinations(sample.secrets, 2):
        if left == right:
            continue
        length = min(len(left), len(right))
        equal = sum(map(str.__eq__, left, right))
        if (length, equal) not in tails:
            tails[length, equal] = _tail(length, sample.likeness, equal)
        chance = pairs + tails[length, equal] + sample.missing[len(left)] + sample.missing[len(right)]
        if chance <= _SHARE and (worst is None or chance < worst[0]):
            worst = (chance, equal, length)
    if worst:
        message = f"two generated secrets are equal in {worst[1]} of {worst[2]} places"
        yield _Suspicion("similar", message, is_sure=True)


def _ordered(sample: _Sample) -> Iterator[_Suspicion]:
    steps = list(zip(sample.secrets, sample.secrets[1:], strict=False))
    rising, falling = all(a < b for a, b in steps), all(a > b for a, b in steps)
    if (rising or falling) and 1 - math.lgamma(len(sample.secrets) + 1) / math.log(2) <= _SHARE:
        message = (
            f"each of {len(sample.secrets)} generated secrets sorts {'after' if rising else 'before'} the last one"
        )
        yield _Suspicion("ordered", message, is_sure=True)


def _uneven(sample: _Sample) -> Iterator[_Suspicion]:
    """Places, alphabet and frequencies; sure where the secrets keep too few bits for it."""
    fixed = sample.fixed_places
    left = _bits_left(sample, fixed)
    is_sure = left < min(_ENOUGH_BITS, sample.least_bits - _SPARE_BITS)
    rest = f"; about {left:.0f} bits are left"
    if fixed:
        place, count, of = max(fixed, key=lambda found: found[1] / found[2])
        where = f"place {place + 1}" if place >= 0 else f"place {-place} from the end"
        more = f", and {len(fixed) - 1} more places are like it" if len(fixed) > 1 else ""
        yield _Suspicion("position", f"{where} holds one character in {count} of {of} secrets{more}{rest}", is_sure)
    if not sample.obeys:
        return
    used, total = len(sample.counts), sample.characters
    if used < sample.k:
        ways = math.lgamma(sample.k + 1) - math.lgamma(used + 1) - math.lgamma(sample.k - used + 1)
        if ways / math.log(2) + total * math.log2(used / sample.k) + sample.all_missing <= _SHARE:
            message = f"{total} characters of generated secrets are {used} of the {sample.k} that the rules allow{rest}"
            yield _Suspicion("alphabet", message, is_sure)
            return
    most = max(sample.counts.values())
    if math.log2(sample.k) + _tail(total, 1 / sample.k, most) + sample.all_missing <= _SHARE:
        message = f"one character stands {most} times among {total}, {total / sample.k:.1f} times were to be expected"
        yield _Suspicion("frequency", message + rest, is_sure)


def _bits_left(sample: _Sample, fixed: Sequence[tuple[int, int, int]]) -> float:
    """The bits that two characters' likeness leaves a secret of the least length, fixed places counted by their own."""
    shortest = min(len(secret) for secret in sample.secrets)
    places = {place: count / of for place, count, of in fixed}
    free = Counter(
        character
        for secret in sample.secrets
        for place, character in enumerate(secret)
        if place not in places and place - len(secret) not in places
    )
    total = sum(free.values())
    own = sum(-math.log2(share) for share in places.values())
    if not total:
        return own
    likeness = sum(count * count for count in free.values()) / total**2
    return own + max(0, shortest - len(places)) * -math.log2(likeness)


def _tail(n: int, p: float, x: int) -> float:
    """log2 of the probability that a binomial variable of n and p is at least x."""
    if x <= 0 or p >= 1:
        return 0.0
    log_p, log_q = math.log(p), math.log1p(-p)
    terms = [
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * log_p + (n - i) * log_q
        for i in range(x, n + 1)
    ]
    if not terms:
        return -math.inf
    top = max(terms)
    return min(0.0, (top + math.log(sum(math.exp(term - top) for term in terms))) / math.log(2))
