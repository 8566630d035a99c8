"""`martlet config`, exit codes, and what a relay says that cannot start."""

import socket
import stat
from pathlib import Path

import pytest
import yaml

from conftest import RelayFactory
from support.backends import Backend, Database, SQLiteDatabase
from support.relay_process import run_command


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "martlet.yaml"


def check(config: Path, text: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit code and standard error of `config check`."""
    config.write_text(text)
    result = run_command("config", "check", "--config", config, environment=environment)
    assert result.returncode == 0 or not result.stdout
    return result.returncode, result.stderr


def test_a_valid_configuration_passes(config: Path) -> None:
    assert check(config, "events:\n  max_content: 5\n") == (0, "")
    assert check(config, "") == (0, "")
    assert check(config, "# only a comment\n") == (0, "")


@pytest.mark.parametrize(
    "text, line, nearest",
    [
        ("events:\n  max_contents: 5\n", 2, "events.max_content"),
        ("\n\nlisten_on: 127.0.0.1:1\n", 3, "listen"),
        ("subscription:\n  max: 5\n", 1, "subscriptions"),
        ("rate_limits:\n  enable: false\n", 2, "rate_limits.enabled"),
    ],
)
def test_a_key_that_does_not_exist_is_named_with_its_line_and_the_nearest_key(
    config: Path, text: str, line: int, nearest: str
) -> None:
    code, errors = check(config, text)
    assert code == 1
    assert f"{config}:{line}:" in errors and nearest in errors


@pytest.mark.parametrize(
    "text, line, key",
    [
        ("events:\n  max_content: many\n", 2, "events.max_content"),
        ("events:\n  max_content: -1\n", 2, "events.max_content"),
        ("events:\n  max_age: 5\n", 2, "events.max_age"),
        ("events:\n  max_size: 5 parsecs\n", 2, "events.max_size"),
        ("listen: nowhere\n", 1, "listen"),
        ("listen: 127.0.0.1:70000\n", 1, "listen"),
        ("info:\n  pubkey: npub1x\n", 2, "info.pubkey"),
        ("rate_limits:\n  enabled: perhaps\n", 2, "rate_limits.enabled"),
        ("trusted_proxies: [1.2.3]\n", 1, "trusted_proxies"),
        ("events: 5\n", 1, "events"),
        ("events:\n  max_content: 1\n  max_content: 2\n", 3, "max_content"),
    ],
)
def test_a_value_of_the_wrong_form_is_named_with_line_and_key(config: Path, text: str, line: int, key: str) -> None:
    code, errors = check(config, text)
    assert code == 1
    assert f"{config}:{line}:" in errors and key in errors


@pytest.mark.parametrize("text", ["events: [\n", "\tlisten: x\n", "- a\n- b\n", "a: b: c\n", "listen: &a x\nurl: *b\n"])
def test_a_file_that_is_no_yaml_mapping_is_refused_with_its_line(config: Path, text: str) -> None:
    code, errors = check(config, text)
    assert code == 1 and f"{config}:" in errors


def test_all_problems_are_told_at_once(config: Path) -> None:
    code, errors = check(config, "events:\n  max_tag: 5\n  max_size: x\nlisten: nowhere\n")
    assert code == 1 and len(errors.strip().splitlines()) == 3


def test_two_values_that_contradict_each_other_are_refused(config: Path) -> None:
    code, errors = check(config, "subscriptions:\n  max_limit: 5\n  default_limit: 6\n")
    assert code == 1 and "subscriptions.default_limit" in errors and "subscriptions.max_limit" in errors


def test_a_configuration_file_that_is_named_has_to_exist(tmp_path: Path) -> None:
    result = run_command("config", "check", "--config", tmp_path / "missing.yaml")
    assert result.returncode == 1 and "missing.yaml" in result.stderr


def shown(*arguments: str | Path, environment: dict[str, str] | None = None, folder: Path | None = None) -> str:
    result = run_command("config", "show", *arguments, environment=environment, folder=folder)
    assert result.returncode == 0, result.stderr
    return result.stdout


def origin(output: str, key: str) -> str:
    [line] = [line for line in output.splitlines() if line.strip().startswith(f"{key}:")]
    return line.split("#", 1)[1].strip()


def test_show_prints_every_value_with_its_origin(config: Path) -> None:
    config.write_text("events:\n  max_content: 5\n")
    output = shown("--config", config, "--database", "sqlite:x.db", environment={"MARTLET_EVENTS_MAX_TAGS": "7"})
    values = yaml.safe_load(output)
    assert (values["events"]["max_content"], values["events"]["max_tags"], values["database"]) == (5, 7, "sqlite:x.db")
    assert origin(output, "max_content") == f"{config}:2"
    assert "MARTLET_EVENTS_MAX_TAGS" in origin(output, "max_tags")
    assert "--database" in origin(output, "database")
    assert origin(output, "max_size") == "default"


def test_what_show_prints_is_a_configuration_with_the_same_values(config: Path, tmp_path: Path) -> None:
    config.write_text('info:\n  name: "x: # y"\n  description: "two\\nlines \\\\ \\""\nevents:\n  max_age: 365d\n')
    first = shown("--config", config)
    again = tmp_path / "again.yaml"
    again.write_text(first)
    assert yaml.safe_load(shown("--config", again)) == yaml.safe_load(first)


def test_the_environment_overrides_the_file_and_flags_override_both(config: Path) -> None:
    config.write_text("database: sqlite:file.db\nevents:\n  max_age: 1d\n")
    environment = {"MARTLET_DATABASE": "sqlite:env.db", "MARTLET_EVENTS_MAX_AGE": "2d"}
    values = yaml.safe_load(shown("--config", config, environment=environment))
    assert (values["database"], values["events"]["max_age"]) == ("sqlite:env.db", "2d")
    values = yaml.safe_load(shown("--config", config, "--database", "sqlite:flag.db", environment=environment))
    assert values["database"] == "sqlite:flag.db"


def test_a_variable_that_names_no_key_is_refused_with_the_nearest_one(config: Path) -> None:
    code, errors = check(config, "", {"MARTLET_EVENT_MAX_AGE": "5d"})
    assert code == 1 and "MARTLET_EVENT_MAX_AGE" in errors and "MARTLET_EVENTS_MAX_AGE" in errors


def test_a_variable_with_a_bad_value_is_refused_by_its_name(config: Path) -> None:
    code, errors = check(config, "", {"MARTLET_EVENTS_MAX_AGE": "soon"})
    assert code == 1 and "MARTLET_EVENTS_MAX_AGE" in errors


def test_the_default_file_is_read_where_it_exists(tmp_path: Path) -> None:
    (tmp_path / "Config").mkdir()
    (tmp_path / "Config" / "martlet.yaml").write_text("info:\n  name: from the default file\n")
    assert "from the default file" in shown(folder=tmp_path)


@pytest.mark.parametrize("url", ["postgres://user:geheim@127.0.0.1:1/name?x=1", "mysql://user:geheim@host/x"])
def test_no_password_is_shown_whatever_becomes_of_the_url(url: str) -> None:
    for arguments in (["config", "show"], ["config", "check"], ["count", "{}"], ["relay", "--listen", "127.0.0.1:0"]):
        result = run_command(*arguments, environment={"MARTLET_DATABASE": url})
        assert "geheim" not in result.stdout + result.stderr, arguments


def test_no_password_is_shown_of_a_server_that_is_not_there() -> None:
    url = "postgres://user:geheim@127.0.0.1:1/name?password=geheim"
    for arguments in (["config", "show"], ["config", "check"], ["count", "{}"]):
        result = run_command(*arguments, environment={"MARTLET_DATABASE": url})
        assert "geheim" not in result.stdout + result.stderr, arguments


@pytest.mark.parametrize("url", ["mysql://host/x", "sqlite", "sqlite:", "/path/to.db", ""])
def test_an_unknown_database_scheme_is_refused_with_one_sentence(url: str) -> None:
    for command in (["relay", "--listen", "127.0.0.1:0"], ["count", "{}"]):
        result = run_command(*command, "--database", url)
        assert result.returncode == 1
        [sentence] = result.stderr.strip().splitlines()
        assert "sqlite:" in sentence or "database" in sentence


TOUCHING = [
    ["relay", "--listen", "127.0.0.1:0"],
    ["count", "{}"],
    ["export"],
    ["import"],
    ["delete", "--filter", "{}"],
]


def left_alone(database: Database) -> None:
    """No command takes the database for Martlet's, nor changes it."""
    before = database.fingerprint()
    for command in TOUCHING:
        result = run_command(*command, "--database", database.url)
        assert result.returncode == 1, command
        assert database.mention in result.stderr.strip().splitlines()[-1], command
    assert database.fingerprint() == before


def test_a_database_of_another_program_is_left_alone(backend: Backend, tmp_path: Path) -> None:
    database = backend.database(tmp_path, "foreign")
    database.make_foreign()
    left_alone(database)


@pytest.mark.sqlite_only("a server's database is no file")
@pytest.mark.parametrize("kind", ["text", "a folder"])
def test_what_is_no_database_is_left_alone(tmp_path: Path, kind: str) -> None:
    database = SQLiteDatabase(tmp_path / "foreign.db")
    if kind == "text":
        database.file.write_text("this is no database at all, but it is long enough to be one\n" * 100)
        left_alone(database)
        return
    database.file.mkdir()
    for command in TOUCHING:
        result = run_command(*command, "--database", database.url)
        assert result.returncode == 1 and database.name in result.stderr.strip().splitlines()[-1], command
    assert list(database.file.iterdir()) == []


def test_reading_a_database_that_does_not_exist_makes_none(backend: Backend, tmp_path: Path) -> None:
    database = backend.absent(tmp_path)
    for command in (["count", "{}"], ["scan", "{}"], ["export"]):
        result = run_command(*command, "--database", database.url)
        assert result.returncode == 1 and database.name in result.stderr, command
    assert not database.exists()


@pytest.mark.sqlite_only("a server's database lies in no folder")
def test_a_database_in_a_folder_that_does_not_exist_is_made_or_refused_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "new.db"
    result = run_command("import", "--database", f"sqlite:{path}", stdin=b"")
    assert result.returncode in (0, 1)
    assert path.exists() if result.returncode == 0 else len(result.stderr.strip().splitlines()) == 1


@pytest.mark.sqlite_only("a server's database is no file")
def test_others_may_not_write_to_the_database(start_relay: RelayFactory) -> None:
    database = start_relay().store
    assert isinstance(database, SQLiteDatabase)
    assert database.file.stat().st_mode & stat.S_IWOTH == 0


def test_a_port_in_use_is_told_in_one_sentence(backend: Backend, tmp_path: Path) -> None:
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        address = f"127.0.0.1:{occupant.getsockname()[1]}"
        result = run_command("relay", "--listen", address, "--database", backend.database(tmp_path).url)
    assert result.returncode == 1
    *log, sentence = result.stderr.strip().splitlines()
    assert all(line.startswith("{") for line in log)
    assert address in sentence and "in use" in sentence


@pytest.mark.parametrize(
    "arguments",
    [
        ["--unknown"],
        ["unknown"],
        ["relay", "extra"],
        ["export", "--since", "yesterday"],
        ["export", "--filter", "{"],
        ["export", "--filter", '{"ids":["x"]}'],
        ["scan"],
        ["count", "[]"],
        ["delete"],
        ["import", "a", "b"],
        ["config", "unknown"],
    ],
)
def test_wrong_usage_ends_with_64_and_says_why(arguments: list[str], tmp_path: Path) -> None:
    result = run_command(*arguments, folder=tmp_path)
    assert result.returncode == 64, result.stderr
    assert result.stderr.startswith("Error: ") and result.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["import", "missing.jsonl"], ["import", "."], ["import", "--rejects", "/dev/null/x"]]
)
def test_a_file_that_cannot_be_used_ends_with_1_and_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    result = run_command(*arguments, "--database", "sqlite:x.db", folder=tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["relay", "--help"],
        ["import", "--help"],
        ["export", "--help"],
        ["scan", "--help"],
        ["count", "--help"],
        ["delete", "--help"],
        ["config", "--help"],
        ["config", "check", "--help"],
        ["config", "show", "--help"],
        ["--version"],
    ],
)
def test_help_and_version_end_with_0(arguments: list[str]) -> None:
    result = run_command(*arguments)
    assert result.returncode == 0 and result.stdout and not result.stderr


def test_the_relay_listens_on_several_addresses(start_relay: RelayFactory) -> None:
    relay = start_relay({"listen": ["127.0.0.1:0", "[::1]:0"]})
    for address in relay.addresses():
        host, port = address.rsplit(":", 1)
        with socket.create_connection((host.strip("[]"), int(port))) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_the_relay_listens_on_a_unix_socket(start_relay: RelayFactory, tmp_path: Path) -> None:
    path = tmp_path / "relay.sock"
    start_relay({"listen": ["127.0.0.1:0", f"unix:{path}"]})
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")


def test_a_database_of_a_newer_version_is_left_alone(backend: Backend, tmp_path: Path) -> None:
    database = backend.database(tmp_path, "newer")
    assert run_command("import", "--database", database.url, stdin=b"").returncode == 0
    database.set_version(99)
    before = database.fingerprint()
    result = run_command("relay", "--listen", "127.0.0.1:0", "--database", database.url)
    assert result.returncode == 1 and "99" in result.stderr
    assert database.fingerprint() == before
