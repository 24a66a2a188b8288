"""The console's config file with any content: each mistake is one sentence, and what is right is
used."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from voicelive_tui.tui.config import ConsoleConfig, read_config, with_prices
from voicelive_tui.tui.glyphs import GLYPHS, Glyphs
from voicelive_tui.tui.limits import Limits

from tests.support.hostile_documents import DIGITS, hostile_toml

CONFIG = [
    'theme = "nord"',
    'glyphs = "ascii"',
    "[keys]",
    'session.toggle = "f5"',
    "[keys.audio]",
    'mute = "m"',
]
FOLDERS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def config_of(folder: Path, content: str | bytes) -> ConsoleConfig:
    """What is read of a file with this content."""
    path = folder / "config.toml"
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    )
    return read_config(path)


@settings(max_examples=100, deadline=None, suppress_health_check=FOLDERS)
@given(hostile_toml(CONFIG))
def test_any_config_is_keys_and_sentences(tmp_path: Path, text: str) -> None:
    config = config_of(tmp_path, text)
    assert config.glyphs in GLYPHS
    assert all(isinstance(keys, str) for keys in config.keys.values())
    assert all("\n" not in problem for problem in config.problems)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"theme = " + DIGITS.encode(), ", line 1, column 9: the number has 6,000 characters"),
        (b"theme = " + b"[" * 2_000, ", line 1, column 73: the tables are nested too deeply"),
        (b"[keys\n", ", line 1, column 6: this is not TOML: "),
        (b'theme = "nord"\n[keys]\nsession.toggle = f5\n', ", line 3, column 18: this is not TOML"),
        (b"\xff", " is not UTF-8 text"),
        (b"#" * (2**20 + 1), " cannot be read (it is larger than 1 MiB)"),
    ],
)
def test_a_config_that_cannot_be_used_costs_one_sentence(
    tmp_path: Path, content: bytes, why: str
) -> None:
    config = config_of(tmp_path, content)
    (problem,) = config.problems
    assert problem.startswith(f"config.toml{why}") and problem.endswith("; the defaults are used.")
    assert config == ConsoleConfig(problems=config.problems)


@pytest.mark.parametrize("glyphs", GLYPHS)
def test_the_glyphs_are_one_of_three_words(tmp_path: Path, glyphs: Glyphs) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'glyphs = "{glyphs}"\n')
    assert read_config(path) == ConsoleConfig(glyphs=glyphs)


@pytest.mark.parametrize("value", ['"ASCII"', "5", "[]", "true"])
def test_other_glyphs_cost_one_sentence(tmp_path: Path, value: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"glyphs = {value}\n")
    config = read_config(path)
    (problem,) = config.problems
    assert config.glyphs == "auto"
    assert "glyphs must be auto, unicode or ascii" in problem


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            'colour = "red"',
            'line 1: there is no setting "colour"; glyphs, keys, limits and theme are known.',
        ),
        ("theme = 5", 'line 1: theme must be a name such as "voicelive-dark".'),
        ('\ntheme = "nope"', 'line 2: there is no theme "nope"; the default is used.'),
        ("keys = 5", 'line 1: [keys] must be a table of command = "key".'),
        (
            '[keys]\nsession.mut = "f5"',
            'line 2: [keys] names no command "session.mut"; the help lists the commands.',
        ),
        ("[keys]\nsession.mute = 5", 'line 2: [keys] session.mute must be a key such as "f5".'),
        (
            '[keys]\n"session.mute" = "x,controle+m"',
            'line 2: [keys] session.mute: there is no key "controle+m".',
        ),
        (
            '[keys]\n"session.toggle" = "t"',
            'line 2: "talk.toggle" has lost the key t, which "session.toggle" has.',
        ),
    ],
)
def test_each_kind_of_mistake_has_its_line_and_its_sentence(
    tmp_path: Path, content: str, sentence: str
) -> None:
    assert config_of(tmp_path, content).problems == (f"config.toml, {sentence}",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("limits = 5", "line 1: limits must be a table: [limits]."),
        ("[limits]\nheard = 5", 'line 2: there is no limit "heard"; heard_ms is known.'),
        *(
            (
                f"[limits]\nheard_ms = {value}",
                "line 2: heard_ms must be a number of milliseconds above 0.",
            )
            for value in ("0", "true", "nan", '"1500"', "-3")
        ),
    ],
)
def test_a_limit_that_cannot_be_used_is_none(tmp_path: Path, content: str, sentence: str) -> None:
    config = config_of(tmp_path, content)
    assert config == ConsoleConfig(problems=(f"config.toml, {sentence}",))


@pytest.mark.parametrize("value", ["1500", "742.5"])
def test_a_limit_is_in_milliseconds(tmp_path: Path, value: str) -> None:
    config = config_of(tmp_path, f"[limits]\nheard_ms = {value}")
    assert config == ConsoleConfig(limits=Limits(heard_ms=float(value)))


def test_three_mistakes_are_three_sentences_and_the_rest_is_used(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        'theme = "nope"\n[keys]\nsession.mute = "f6"\nsession.mut = "f7"\nsession.toggle = "t"\n',
    )
    assert [problem.split(":")[0] for problem in config.problems] == [
        f"config.toml, line {line}" for line in (1, 4, 5)
    ]
    assert config.keys == {"session.mute": "f6", "session.toggle": "t"} and config.theme == ""


def test_a_clash_of_several_keys_is_said_once(tmp_path: Path) -> None:
    (problem,) = config_of(tmp_path, '[keys]\n"console.help" = "plus,o"').problems
    assert problem == (
        'config.toml, line 2: "tab.open" has lost the keys + and o, which "console.help" has.'
    )


@pytest.mark.parametrize(
    "key", ["f5", "ctrl+x", "ctrl+shift+left", "question_mark", "minus", "?", "+", "upper_n", "é"]
)
def test_what_the_terminal_can_send_is_a_key(tmp_path: Path, key: str) -> None:
    assert config_of(tmp_path, f'[keys]\n"console.help" = "{key}"').keys == {"console.help": key}


@pytest.mark.parametrize("theme", ["voicelive-light", "nord", "ansi-dark"])
def test_the_themes_of_the_console_and_of_textual_are_known(tmp_path: Path, theme: str) -> None:
    config = config_of(tmp_path, f'theme = "{theme}"')
    assert config == ConsoleConfig(theme=theme)


def test_prices_have_a_file_of_their_own_and_a_mistake_in_it_leaves_the_rest(
    tmp_path: Path,
) -> None:
    config, path = ConsoleConfig(theme="nord"), tmp_path / "prices.toml"
    assert with_prices(config, path) == config
    path.write_text("date = 2026-11-01\n[models.gpt-4o]\ninput_text = 4\n")
    priced = with_prices(config, path)
    assert priced.prices is not None
    assert (priced.prices.date, priced.theme, priced.problems) == ("2026-11-01", "nord", ())
    path.write_text("date = 2026-11-01\n")
    wrong = with_prices(config, path)
    assert (wrong.prices, wrong.theme) == (None, "nord")
    assert wrong.problems == (
        "prices.toml: it needs a table for each model, such as [models.gpt-4o]; "
        "no costs are shown.",
    )
