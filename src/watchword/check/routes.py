"""From a URL on the wire back to the operation that it is for, below a target's base URL. Judges nothing."""

from collections.abc import Mapping

from watchword.contract import Contract, Operation
from watchword.validation.route import Router, decoded, template_names


class Routes:
    """The operations of a contract as they are mounted at a base URL."""

    def __init__(self, contract: Contract, url: str) -> None:
        self._router: Router[tuple[Operation, tuple[str, ...]]] = Router()
        base = base_path(url)
        for operation in contract.operations:
            path = base + operation.path
            self._router.add(operation.method, path, (operation, tuple(template_names(path))))

    def find(self, method: str, url: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and its path values as they stand in the URL, escapes and all; `None` for no operation's."""
        found = self._router.find(method, url)
        if found is None:
            return None
        (operation, names), values, _ = found
        return operation, dict(zip(names, values, strict=True))


def plain(operation: Operation, values: Mapping[str, str]) -> dict[str, str]:
    """Path values as they stand in a URL, decoded and without what their styles put before them: as a device's."""
    leads = operation.leads
    return {name: decoded(value).removeprefix(leads.get(name, "")) for name, value in values.items()}


def base_path(url: str) -> str:
    """The path of a base URL, without a slash at its end."""
    return "/" + "/".join(url.split("/")[3:]) if url.count("/") > 2 else ""
