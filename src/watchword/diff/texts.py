"""Claims about strings as exact languages. Holds no search: all strings of a claim are one language."""

from dataclasses import dataclass, field

from watchword.diff import claims as of
from watchword.diff.claims import Claim, Claims
from watchword.ground import RuleTooLarge
from watchword.language import Language, Rules, pattern_language


class NotUnderstood(Exception):
    """A claim about strings that is no language we can build; the message says which."""


@dataclass(eq=False, slots=True)
class Texts:
    """The languages of claims, each built once."""

    claims: Claims
    _known: dict[Claim, Language | str] = field(default_factory=dict)
    _open: set[Claim] = field(default_factory=set)
    _differences: dict[tuple[Claim, Claim], Language | str] = field(default_factory=dict)

    def language(self, claim: Claim) -> Language:
        """The strings that meet the claim. Raises NotUnderstood."""
        if claim not in self._known:
            if claim in self._open:
                return self._everything()  # a schema that is its own condition adds nothing
            self._open.add(claim)
            try:
                self._known[claim] = self._build(claim)
            except NotUnderstood as error:
                self._known[claim] = str(error)
            except RuleTooLarge as error:
                self._known[claim] = str(error)
            finally:
                self._open.discard(claim)
        found = self._known[claim]
        if isinstance(found, str):
            raise NotUnderstood(found)
        return found

    def difference(self, one: Claim, other: Claim) -> Language:
        """The strings that meet one claim and not the other. Raises NotUnderstood."""
        key = (one, other)
        if key not in self._differences:
            try:
                self._differences[key] = self.language(one) - self.language(other)
                self._differences[key].is_empty  # type: ignore[union-attr]  # noqa: B018 (asked here: it may be too large)
            except (NotUnderstood, RuleTooLarge) as error:
                self._differences[key] = str(error)
        found = self._differences[key]
        if isinstance(found, str):
            raise NotUnderstood(found)
        return found

    def _everything(self) -> Language:
        return Rules.of({}).valid

    def _build(self, claim: Claim) -> Language:
        match claim:
            case of.Every(parts):
                return self._joined(parts)
            case of.Some(parts):
                found = ~self._everything()
                for part in parts:
                    found = found | self.language(part)
                return found
            case of.One(parts):
                once, more = ~self._everything(), ~self._everything()
                for part in parts:
                    language = self.language(part)
                    once, more = once | language, more | (once & language)
                return once - more
            case of.No(inner):
                return ~self.language(inner)
            case of.Later():
                return self.language(self.claims.target(claim))
            case of.OfType(types):
                return self._everything() if "string" in types else ~self._everything()
            case of.Among(values):
                return Rules.of({"enum": [value[1] for value in values if value[0] == "string"]}).valid  # type: ignore[index]
            case of.Length(low, high):
                return Rules.of(
                    {"minLength": low} if high == of.UNBOUNDED else {"minLength": low, "maxLength": high}
                ).valid
            case of.Matches(pattern):
                return pattern_language(pattern)
            case of.Opaque(keyword):
                if keyword in ("unevaluatedProperties", "unevaluatedItems", "patternProperties"):
                    return self._everything()
                raise NotUnderstood(f"`{keyword}` is not understood")
            case _:
                return self._everything()

    def _joined(self, parts: tuple[Claim, ...]) -> Language:
        found = self._everything()
        for part in parts:
            if isinstance(part, of.OfType) and "string" not in part.types:
                return ~self._everything()
        for part in parts:
            if of.ABOUT.get(type(part), "string") == "string":
                found = found & self.language(part)
        return found
