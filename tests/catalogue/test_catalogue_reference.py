"""The catalogue is what it says: every switch is listed once, does something, and is proved by a witness."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.catalogue import iotda, kii, roma_connect, third_iotda, third_kii, third_roma
from tests.catalogue.defects import FILES, KINDS, READING, SERVICES, catalogue, transcript, witness
from tests.catalogue.witnesses import iotda_post, kii_login, kii_put, roma_put

MODULES = {
    "kii": (kii, third_kii),
    "iotda": (iotda, third_iotda),
    "roma-connect": (roma_connect, third_roma),
}
CATALOGUE = [defect for file in FILES for defect in catalogue(file)]


def test_catalogue_lists_each_switch_once_under_a_known_kind():
    """A defect is one switch of one service, with a kind and a sentence."""
    assert max(Counter(defect.name for defect in CATALOGUE).values()) == 1
    assert {defect.kind for defect in CATALOGUE} == {*KINDS, READING}
    assert all(defect.sentence for defect in CATALOGUE)


@pytest.mark.parametrize("service", SERVICES)
def test_switches_in_the_code_are_those_of_the_catalogue(service: str):
    """No switch is without a sentence, and no sentence without a switch."""
    source = "".join(Path(inspect.getfile(module)).read_text("utf-8") for module in MODULES[service])
    code = source.replace("`on(", "").replace("`read(", "")
    used = set(re.findall(r'\b(?:on|read)\("([^"]+)"\)', code))
    listed = {defect.switch for defect in CATALOGUE if defect.service == service}
    assert used <= listed
    assert all(f'"{switch}"' in code for switch in listed)


@pytest.mark.parametrize("defect", CATALOGUE, ids=lambda defect: defect.name)
def test_each_defect_answers_some_request_otherwise_than_the_reference(defect):
    """Each defect and each other reading is real: a script of requests tells it from the reference."""
    assert witness(defect) is not None


def test_reference_changes_only_what_an_administrator_asked_for():
    """The reference stores what it accepted, and nothing else."""
    service = kii.Kii()
    answers = transcript(
        service, [kii_put("a~ é"), kii_put("fresh one"), kii_login("fresh one"), kii_put("x", token=kii.USER)]
    )
    assert [answer.status for answer in answers[:4]] == [400, 204, 200, 401]
    assert service.passwords == {**kii.FIRST, ("app1", "thing-1"): "fresh one"}


def test_reference_keeps_slots_and_empty_members_apart():
    """The references of both Huawei services follow the tables of the vendor text."""
    slots = iotda.IoTDA()
    transcript(slots, [iotda_post({"secret": "given-one", "secret_type": "SECONDARY"})])
    assert slots.secrets[iotda.PROJECT, "d1_lamp-01"] == {"PRIMARY": "first-Secret_01", "SECONDARY": "given-one"}
    roma = roma_connect.RomaConnect()
    transcript(roma, [roma_put({"user_name": "renamed", "password": ""})])
    assert (roma.names[1001], roma.passwords[1001]) == ("renamed", "First-Passw0rd-#1")
