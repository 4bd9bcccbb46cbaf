"""What settings mean, and that every fault in them is told."""

from pathlib import Path

import pytest

from server.config import Config, ConfigFaults


def test_defaults_serve_loopback_with_sqlite_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = Config.from_env({})
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.bind == "127.0.0.1"
    assert config.database_url == f"sqlite:///{tmp_path / 'data' / 'lantoa.db'}"
    assert config.keys_dir == tmp_path / "keys"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"LANTOA_URL": "lantoa.example.vn"}, "LANTOA_URL"),
        ({"LANTOA_URL": "https://lantoa.example.vn/app"}, "LANTOA_URL"),
        ({"LANTOA_URL": "https://lantoa.example.vn:port"}, "LANTOA_URL"),
        ({"TLS_CERT": "/nowhere/cert.pem", "TLS_KEY": "/nowhere/key.pem"}, "TLS_CERT"),
        ({"TLS_KEY": "/nowhere/key.pem"}, "TLS_CERT is not"),
        ({"LISTEN": "everywhere"}, "LISTEN"),
        ({"LISTEN": "0.0.0.0"}, "TRUSTED_PROXIES"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"LANTOA_DATA": "/srv/x", "LANTOA_KEYS": "/srv/x/keys"}, "LANTOA_KEYS"),
    ],
)
def test_a_broken_setting_is_named(environ: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigFaults) as caught:
        Config.from_env(environ)
    assert any(said in fault for fault in caught.value.faults)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ConfigFaults) as caught:
        Config.from_env({"PORT": "x", "TRUSTED_PROXIES": "y", "DATABASE_URL": "z://"})
    assert len(caught.value.faults) == 3


def test_a_password_in_the_database_url_is_not_repeated() -> None:
    with pytest.raises(ConfigFaults) as caught:
        Config.from_env({"DATABASE_URL": "oracle://me:hunter22@db/x"})
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "bind", "reachable"),
    [
        ({"public_url": "http://127.0.0.1:8000"}, "127.0.0.1", False),
        ({"public_url": "http://192.0.2.2:8000"}, "127.0.0.1", False),
        ({"public_url": "https://lantoa.example.vn"}, "127.0.0.1", False),
        ({"public_url": "https://lantoa.example.vn", "trusted_proxies": 1}, "127.0.0.1", True),
        ({"public_url": "https://lantoa.example.vn", "tls_cert": Path("c"), "tls_key": Path("k")}, "0.0.0.0", True),
        ({"public_url": "https://localhost:8000", "tls_cert": Path("c"), "tls_key": Path("k")}, "127.0.0.1", False),
        (
            {"public_url": "https://a.example", "tls_cert": Path("c"), "tls_key": Path("k"), "listen": "127.0.0.2"},
            "127.0.0.2",
            True,
        ),
    ],
)
def test_only_our_own_tls_leaves_the_machine(
    tmp_path: Path, changes: dict[str, object], bind: str, reachable: bool
) -> None:
    config = Config.for_tests(tmp_path, **changes)
    assert config.bind == bind
    assert (config.out_of_reach is None) == reachable


def test_postgres_urls_name_the_driver() -> None:
    config = Config.from_env({"DATABASE_URL": "postgres://me@db/lantoa"})
    assert config.database_url == "postgresql+psycopg://me@db/lantoa"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    config = Config.for_tests(tmp_path, data_dir=tmp_path / "file" / "data")
    with pytest.raises(ConfigFaults, match=r"LANTOA_DATA .*cannot be written"):
        config.make_folders()
