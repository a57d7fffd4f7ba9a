"""The three services of docs/recipes.md: they keep their contract, and what the page says of them is so."""

import pytest
from tests.recipes.conftest import FILES, Run

START = {
    "fastapi": "uvicorn door_fastapi:app --port {port} --log-level warning",
    "flask": "flask --app door_flask run --port {port}",
    "django": "uvicorn door_django:app --port {port} --log-level warning",
}
SECRETS = {"DOOR_TOKEN": "t0k3n", "DOOR_CODE": "initial-code-1"}
WAIT = "curl --silent --output /dev/null --retry 30 --retry-delay 1 --retry-connrefused http://127.0.0.1:{port}/\n"
CHECK = "{start} &\n" + WAIT + "watchword check --target door"


@pytest.mark.slow
@pytest.mark.parametrize("name", START)
def test_service_keeps_its_contract_and_its_own_tests_pass(name: str, run: Run, port: str) -> None:
    """No case finds anything, every rule is exercised on both sides, and the tests under the contract are green."""
    done = run(CHECK.format(start=START[name].format(port=port), port=port), **SECRETS)
    assert done.returncode == 0, done.stdout
    assert "no findings" in done.stdout
    assert "initial-code-1" not in done.stdout
    done = run(f"pytest test_{name}.py")
    assert done.returncode == 0, done.stdout
    assert "door setCode" in done.stdout, "the exchanges were not judged"


@pytest.mark.parametrize(
    ("name", "line", "instead", "told"),
    [
        ("fastapi", ", _: Json", "", "a media type that is not documented"),
        ("fastapi", "@app.exception_handler(RequestValidationError)\n", "", "`422` is not documented"),
        ("flask", "@app.errorhandler(RecursionError)\n", "", "`500` for a request that the contract refuses: a list"),
        ("django", 'request.method != "PUT" or ', "", "a method that the contract does not describe for this path"),
    ],
)
@pytest.mark.slow
def test_line_that_is_left_out_is_missed_by_the_check(
    name: str, line: str, instead: str, told: str, run: Run, port: str, folder
) -> None:
    """Each line that the page calls needed is: without it the check finds what the page says."""
    program = folder / f"door_{name}.py"
    text = program.read_text("utf-8")
    assert line in text
    program.write_text(text.replace(line, instead), "utf-8")
    done = run(CHECK.format(start=START[name].format(port=port), port=port), **SECRETS)
    assert done.returncode == 1, done.stdout
    assert told in done.stdout


@pytest.mark.parametrize("name", START)
def test_service_is_about_twenty_lines(name: str) -> None:
    """Django's settings take three more."""
    lines = [line for line in FILES[f"door_{name}.py"].splitlines() if line.strip()]
    assert len(lines) <= (23 if name == "django" else 20)


@pytest.mark.parametrize("name", START)
def test_page_shows_how_each_is_started(name: str) -> None:
    """The commands of these tests are those of the page."""
    from tests.recipes.conftest import PORT, RECIPES

    assert f"    {START[name].format(port=PORT).removesuffix(' --log-level warning')}\n" in RECIPES.read_text("utf-8")
