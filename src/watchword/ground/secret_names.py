"""What is most likely a secret by its name alone. Knows no document.

Names are judged by their last words, so that `secret` and `clientSecret` are secrets, `secret_type` and
`passwordExpiresAt` are not.
"""

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LAST = frozenset({"password", "passwd", "passphrase", "passcode", "pwd", "secret"})
_LAST_TWO = frozenset(
    {("api", "key"), ("access", "token"), ("refresh", "token"), ("auth", "token"), ("private", "key")}
    | {("secret", "key"), ("session", "token"), ("bearer", "token"), ("id", "token"), ("access", "secret")}
    | {("access", "key"), ("account", "key"), ("auth", "key"), ("authentication", "key"), ("hmac", "key")}
    | {("api", "token"), ("security", "token"), ("service", "token"), ("reset", "token"), ("login", "token")}
    | {("recovery", "code"), ("backup", "code")}
    | {("encryption", "key"), ("signing", "key"), ("shared", "key"), ("master", "key"), ("security", "code")}
)
_ALONE = frozenset({("token",), ("pin",), ("otp",), ("cvv",), ("cvc",), ("jwt",), ("psk",), ("credential",)})
"""What is a secret where it is the whole name: `next_token` is none."""
_LAST_ONE_WORD = frozenset(
    {
        "apikey",
        "accesskey",
        "authkey",
        "accesstoken",
        "apitoken",
        "refreshtoken",
        "authtoken",
        "privatekey",
        "secretkey",
    }
)


def sounds_secret(name: str) -> bool:
    """Whether a member or parameter of that name most likely holds a secret."""
    words = tuple(word.lower() for word in _WORD.findall(name))
    if not words:
        return False
    return words in _ALONE or words[-1] in _LAST or words[-2:] in _LAST_TWO or words[-1] in _LAST_ONE_WORD
