"""What a target's probe can see of devices with several secrets. Tries none."""

from dataclasses import dataclass

from watchword.check.custody import configured
from watchword.check.probe import Probe, tells_slots
from watchword.check.secret_form import SecretForm
from watchword.check.target import Target


@dataclass(frozen=True, slots=True)
class Sight:
    """Which answers of a probe say something of one slot.

    A probe that is not told the slot lets a device in with a secret of whichever slot it tries, perhaps of all: that a
    secret opens then says nothing, and that it does not says something of the `tried` slots alone.
    """

    is_told: bool
    tried: frozenset[str]

    @classmethod
    def of(cls, probe: Probe, form: SecretForm | None, target: Target) -> "Sight":
        """Tried are the default slot, and slots with a configured secret of their own: that one opened in the end."""
        if form is None or len(form.slots) < 2 or tells_slots(probe):
            return cls(is_told=True, tried=frozenset())
        tried = {form.default_slot}
        for device in target.devices:
            default = configured(device, form.default_slot, form)
            tried |= {slot for slot in form.slots if configured(device, slot, form) not in (None, default)}
        return cls(is_told=False, tried=frozenset(tried))

    @property
    def tells_open(self) -> bool:
        """Whether a secret that opens is known to do so in its slot."""
        return self.is_told

    def tells_closed(self, slot: str) -> bool:
        """Whether a secret that does not open is known not to do so in its slot."""
        return self.is_told or slot in self.tried

    def note(self, form: SecretForm) -> str | None:
        """What is not exercised, with the remedy; `None` where all is."""
        if self.is_told:
            return None
        unseen = [slot for slot in form.slots if slot not in self.tried]
        more = f", nor was any login with {' or '.join(unseen)}" if unseen else ""
        return (
            f"not exercised: the probe does not say which of {' and '.join(form.slots)} it tries, so no login that "
            f"must be refused was tried{more}; name the slot in it by `{{slot}}`"
        )
