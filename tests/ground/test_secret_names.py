"""Which names are those of secrets, and which only sound a little like it."""

import pytest

from watchword.ground import sounds_secret


@pytest.mark.parametrize(
    "name",
    [
        *("accessKey", "access_key", "secretAccessKey", "accesskey", "X-Auth-Key", "accountKey", "hmacKey", "apiToken"),
        *("recovery_code", "securityToken", "clientSecret", "apikey", "otp"),
    ],
)
def test_name_of_a_secret_sounds_like_one(name: str) -> None:
    """Keys that open something, tokens that stand for somebody, codes that replace a password."""
    assert sounds_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("accessKeyId", "access_key_name", "key", "primaryKey", "publicKey", "sortKey", "next_token", "pageToken"),
        *("accessKeyRotationDays", "statusCode", "countryCode", "deviceToken", "accounts", "keyAccess"),
    ],
)
def test_name_of_something_about_a_secret_does_not(name: str) -> None:
    """Ids, dates and places of secrets, and the keys and tokens of other trades."""
    assert not sounds_secret(name)
