"""Where the replica's address comes from."""

import pytest

import main
from commandcenter.command_line import parser
from db.reader import READER_VARIABLE, load_rules, reader_address
from db.server_error import ServerError

GIVEN, NOTED = "postgresql://db2/city", "postgresql://db3/city"


@pytest.mark.parametrize(("words", "noted", "wanted"), [
    (["run", "--reader", GIVEN], "", GIVEN),
    (["run", "--reader", GIVEN], NOTED, GIVEN),
    (["audit", "verify"], NOTED, NOTED),
    (["audit", "head", "--reader", GIVEN], NOTED, GIVEN),
    (["db", "status"], NOTED, NOTED),  # opens nothing, asks nothing
    (["run"], "", None),
])  # fmt: skip
def test_the_option_comes_before_the_environment(
    words: list[str], noted: str, wanted: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(READER_VARIABLE, noted)
    assert main._station(parser().parse_args(words)).reader == wanted


def test_the_address_takes_the_persons_login() -> None:
    address = reader_address("postgres://somebody:else@db2:6000/city", "t_cg", "pass word")
    assert (address.username, address.password, address.host, address.port) == ("t_cg", "pass word", "db2", 6000)


def test_a_wrong_address_is_said_to_be_the_readers_and_not_repeated() -> None:
    with pytest.raises(ServerError) as refused:
        reader_address("db2 with secret", "t_cg", "word")
    assert refused.value.message.startswith("报表库（--reader）") and "secret" not in str(refused.value)


def test_the_rules_make_sense() -> None:
    rules = load_rules()
    assert 0 < rules.lag_limit_s <= 600
    assert list(rules.retry_s) == sorted(rules.retry_s) and rules.retry_s[0] > 0
