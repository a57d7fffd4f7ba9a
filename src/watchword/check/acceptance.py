"""What a status says of a request: accepted, or refused for a reason that no request shows. Makes no finding."""

from watchword.contract import Contract, Operation
from watchword.contract.secrets import is_secret
from watchword.contract.shape import properties

_OF_THE_STATE = frozenset({409, 412, 423, 429})
"""A conflict, a precondition, a lock, a limit (RFC 9110 section 15.5, RFC 4918, RFC 6585): no request shows these."""
_OF_THE_CALLER = frozenset({401, 403})


def is_success(status: int) -> bool:
    """Whether a status says that the request was accepted, whatever the operation."""
    return 200 <= status < 300


def accepts(operation: Operation, status: int) -> bool:
    """Whether an operation accepts with a status: a success, or where it documents none a redirection that it does."""
    if is_success(status):
        return True
    documented = [reply.status.upper() for reply in operation.replies]
    return (
        300 <= status < 400
        and not any(each.startswith("2") for each in documented)
        and any(each in (str(status), "3XX") for each in documented)
    )


def documents_refusals(operation: Operation) -> bool:
    """Whether the contract has a status by which an operation refuses."""
    return any(reply.status.startswith("4") for reply in operation.replies)


def may_have_another_reason(operation: Operation, status: int, contract: Contract) -> bool:
    """Whether the contract documents a status by which a valid request may be refused all the same.

    For the state of what it is about; or, where it is how a caller proves who he is, for a secret that nobody has.
    """
    if not any(reply.status == str(status) for reply in operation.replies):
        return False
    return status in _OF_THE_STATE or (status in _OF_THE_CALLER and _is_login(operation, contract))


def _is_login(operation: Operation, contract: Contract) -> bool:
    """Whether anybody may call an operation, as the document says or as it says of others, with a secret in its body.

    A document that has no word on security may have forgotten it.
    """
    if any(operation.security):
        return False
    is_open = operation.clause.node.get("security") is not None or any(other.security for other in contract.operations)
    return is_open and any(
        is_secret(child, media.schema.resolve)
        for media in (operation.body.content if operation.body else ())
        if media.schema is not None
        for child in properties(media.schema.value, media.schema.resolve).values()
    )
