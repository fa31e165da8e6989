from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from threading import Barrier

import pytest

from kbportal.settings import Settings, SettingsInvalid, load


def loaded(root: Path, file: str = "", *, flags=None, **environ: str) -> Settings:
    if file:
        (root / "kbportal.toml").write_text(file, encoding="utf-8")
    return load(root=root, environ=environ, flags=flags)


def refusal(root: Path, file: str = "", *, flags=None, **environ: str) -> str:
    with pytest.raises(SettingsInvalid) as caught:
        loaded(root, file, flags=flags, **environ)
    return str(caught.value)


def test_nothing_has_to_be_set(tmp_path):
    assert loaded(tmp_path).languages == ("en", "sk", "pl", "fi", "ro")


def test_variables_beat_the_file_and_flags_beat_both(tmp_path):
    file = 'site_name = "file"\nmodel = "file"\ncurrency = "PLN"\n'
    environ = {"KBPORTAL_SITE_NAME": "variable", "KBPORTAL_MODEL": "variable"}

    settings = loaded(tmp_path, file, flags={"site_name": "flag", "model": None}, **environ)

    assert (settings.site_name, settings.model, settings.currency) == ("flag", "variable", "PLN")


def test_variables_of_others_are_none_of_ours(tmp_path):
    assert loaded(tmp_path, PATH="/bin", KB_SITE_NAME="x") == loaded(tmp_path)


def test_paths_start_from_the_folder_of_the_file_and_are_absolute(tmp_path):
    settings = loaded(tmp_path, 'articles = "help"\nindexes = "/var/idx"', KBPORTAL_INSTANCE="../i")

    assert settings.articles == tmp_path / "help"
    assert settings.indexes == Path("/var/idx")
    assert settings.instance == tmp_path.parent / "i"


@pytest.mark.parametrize("value", ["sk, pl", "sk,pl,", " sk ,, pl "])
def test_a_list_in_a_variable_is_comma_separated(tmp_path, value):
    settings = loaded(tmp_path, KBPORTAL_LANGUAGES=value)

    assert settings.languages == ("sk", "pl")
    assert settings.default_language == "sk"


@pytest.mark.parametrize(
    ("said", "meant"), [("1", True), ("TRUE", True), ("on", True), ("0", False), (" No ", False)]
)
def test_yes_and_no_may_be_said_in_several_ways(tmp_path, said, meant):
    assert loaded(tmp_path, KBPORTAL_SUGGESTIONS=said).suggestions is meant


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("colour = 1", "'colour'"),
        ("languages = 5", "languages"),
        ('languages = ["xx"]', "'xx'"),
        ("languages = []", "name at least one"),
        ('suggestions = "maybe"', "say true or false"),
        ('reply_time_h = "soon"', "reply_time_h"),
        ("reply_time_h = 0", "at least 1"),
        ("horizon_h = 9_000_000_000", "at most 36500"),
        ("ticket_retention_d = 1_000_000", "at most 36500"),
        ("reply_time_h = true", "a number or text is expected"),
        ("cost_per_ticket = -1", "cost_per_ticket"),
        ('visitor_identity = "face"', "visitor_identity"),
        ('site_url = "help.example"', "http://"),
        ("articles = 5", "articles"),
        ("model = ", "kbportal.toml"),
        ("reply_time_h = 2.5", "reply_time_h"),
        ("reply_time_h = inf", "reply_time_h"),
        (r'articles = "a\u0000b"', "articles"),
        ("cost_per_ticket = nan", "cost_per_ticket"),
        ("[site]\nname = 1", "'site'"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path, file, named):
    assert named in refusal(tmp_path, file)


def test_every_mistake_is_told_at_once(tmp_path):
    told = refusal(tmp_path, "colour = 1\nhorizon_h = 0", KBPORTAL_RETENTION_D="-1", KBPORTAL_X="")

    assert all(name in told for name in ("colour", "horizon_h", "retention_d", "'x'"))


def test_a_mistake_says_where_it_stands(tmp_path):
    told = refusal(tmp_path, "colour = 1", KBPORTAL_SIZE="1", flags={"shape": 1})

    assert "kbportal.toml: there is no setting 'colour'" in told
    assert "environment: there is no setting 'size'" in told
    assert "flags: there is no setting 'shape'" in told


def test_a_file_that_is_not_utf_8_is_told(tmp_path):
    (tmp_path / "kbportal.toml").write_bytes(b'site_name = "caf\xe9"')

    assert "kbportal.toml" in refusal(tmp_path)


def test_a_list_in_the_file_stays_a_list(tmp_path):
    assert loaded(tmp_path, 'trusted_hosts = ["a.example", "b.example"]').trusted_hosts == (
        "a.example", "b.example",
    )  # fmt: skip


def test_the_database_is_in_the_instance_folder_unless_said_otherwise(tmp_path):
    assert loaded(tmp_path).database == f"sqlite:///{tmp_path}/instance/kbportal.sqlite"
    assert loaded(tmp_path, KBPORTAL_DATABASE_URL="sqlite:///x").database == "sqlite:///x"


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    settings = loaded(tmp_path)

    key = settings.secret_key()

    assert settings.secret_key() == key
    assert len(key) >= 32
    assert stat.S_IMODE((settings.instance / "secret_key").stat().st_mode) == 0o600


def test_many_that_make_the_key_at_once_get_the_same_one(tmp_path):
    settings = loaded(tmp_path)
    together = Barrier(8)

    def make(_one: int) -> str:
        together.wait()
        return settings.secret_key()

    with ThreadPoolExecutor(8) as workers:
        keys = set(workers.map(make, range(8)))

    assert len(keys) == 1
    assert [path.name for path in settings.instance.iterdir()] == ["secret_key"]


def test_two_portals_have_two_keys(tmp_path):
    settings = loaded(tmp_path)

    assert replace(settings, instance=tmp_path / "b").secret_key() != settings.secret_key()


def test_a_short_secret_key_is_refused(tmp_path):
    settings = loaded(tmp_path)
    settings.instance.mkdir()
    (settings.instance / "secret_key").write_text("secret")

    with pytest.raises(SettingsInvalid, match="delete it to have one made"):
        settings.secret_key()


def test_every_setting_is_explained():
    assert [f.name for f in fields(Settings) if not f.metadata.get("doc")] == []
