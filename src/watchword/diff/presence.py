"""Parts of a message that came, went, or became required or optional, whoever sends it. Compares no values.

Who must take a part has to get along without it where it went; who gets it must not come to miss it.
"""

from dataclasses import dataclass

from watchword.contract import Clause
from watchword.diff.change import Change, Impact, Scene
from watchword.ground import Side


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message as one version has it: the `noun` of its kinds, what it is called, where it is."""

    noun: str
    what: str
    location: str
    required: bool
    clause: Clause


def turned(scene: Scene, old: Part, new: Part) -> list[Change]:
    """The change of a part that both versions have, where it became required or optional."""
    if old.required is new.required:
        return []
    word = "required" if new.required else "optional"
    sent = scene.judged is Side.RESPONSE
    if sent:
        message = f"{new.what} " + (
            "is now always there" if new.required else "was always there, now it may be missing"
        )
    else:
        message = _refused(scene, new) if new.required else f"{new.what} is no longer required"
    impact = Impact.BREAKING if new.required is not sent else Impact.SAFE
    return [scene.change(f"{new.noun}-{word}", impact, message, new.location, old=old.clause, new=new.clause)]


def gone(scene: Scene, part: Part, rest: Clause) -> Change:
    """A part that went; `rest` is the clause of the new version that had it."""
    if scene.judged is Side.REQUEST:
        impact, message = Impact.RISKY, f"{part.what} was removed; it may be ignored now, or refused"
    else:
        impact = Impact.BREAKING if part.required else Impact.SAFE
        message = f"{part.what} was {'always there' if part.required else 'documented'}, now it is not"
    return scene.change(
        f"{part.noun}-removed", impact, message, part.location, old=part.clause, new=rest, says=part.clause
    )


def came(scene: Scene, part: Part, before: Clause) -> Change:
    """A part that came; `before` is the clause of the old version that has it now."""
    if scene.judged is Side.RESPONSE:
        word, impact, message = "added", Impact.SAFE, f"{part.what} may now be {scene.sent}"
    elif part.required:
        word, impact, message = "required", Impact.BREAKING, _refused(scene, part)
    else:
        word, impact, message = "added", Impact.SAFE, f"{part.what} was added"
    return scene.change(f"{part.noun}-{word}", impact, message, part.location, old=before, new=part.clause)


def _refused(scene: Scene, part: Part) -> str:
    message = "reply" if scene.side is Side.RESPONSE else "request"
    return f"a {message} without {part.what} was accepted, now refused"
