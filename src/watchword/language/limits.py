"""How much a rule may cost, and the counter that stops it. Holds no algorithm; counts steps, never seconds."""

from watchword.ground import RuleTooLarge, cut, record


@record()
class Limits:
    """Bounds on one compilation; passing one raises `RuleTooLarge`.

    `nodes` bounds the states of the nondeterministic automaton, `states` those of a deterministic one,
    `cells` its transitions, `steps` the elementary steps of one construction (one to two million a second).
    """

    nodes: int = 70_000
    states: int = 100_000
    cells: int = 6_000_000
    steps: int = 1_000_000


DEFAULT = Limits()


class Budget:
    """Steps left for one construction of what `subject` names."""

    __slots__ = ("limits", "spent", "subject")

    def __init__(self, limits: Limits, subject: str) -> None:
        self.limits = limits
        self.subject = subject
        self.spent = 0

    def spend(self, steps: int) -> None:
        """Count steps. Raises RuleTooLarge when more than `limits.steps` are spent."""
        self.spent += steps
        if self.spent > self.limits.steps:
            self.refuse("steps", self.limits.steps)

    def renew(self) -> None:
        """Begin another construction: what earlier ones took does not count against it."""
        self.spent = 0

    def check(self, kind: str, amount: int) -> None:
        """Raise RuleTooLarge when `amount` passes the limit called `kind`."""
        limit: int = getattr(self.limits, kind)
        if amount > limit:
            self.refuse(kind, limit)

    def refuse(self, kind: str, limit: int) -> None:
        """Raise RuleTooLarge."""
        raise RuleTooLarge(f"{cut(self.subject)} is too large: it needs more than {limit:,} {kind}")
