"""The pages in the place of the panes: before the first session, and after one that failed."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from voicelive_tui.engine.config.settings import Settings, Source
from voicelive_tui.engine.service.connection_facts import connection_facts
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.profile.profile import Profile, Service
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    SessionSnapshot,
    SessionState,
    SoundLink,
)
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.start_page import StartFacts, failed_page, page_name, start_page
from voicelive_tui.tui.widgets.spans import Spans, cells
from voicelive_tui.tui.widgets.transcript_hint import hint_lines

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.hostile_servers import answering, serving_beside
from tests.tui.support.spans import text_of

PROFILE = Profile("desk", description="Answers at a parcel desk, looks parcels up.")
SIMULATED = connection_facts(PROFILE, Settings())
OFF = SessionSnapshot("desk", "desk")
KEY = Destination("contoso.example", ".env", "key", ".env", confirmed=True)
REFUSED = SessionSnapshot(
    "desk",
    "desk",
    SessionState.FAILED,
    service="azure",
    problem="contoso.example refused the credentials (401): check AZURE_VOICELIVE_API_KEY",
    http_status=401,
    destination=KEY,
)
PROBLEMS = (
    Problem("desk.toml", 12, 9, "session.voice", "warning", "the voice is unknown", "Ava is one"),
    Problem("desk.toml", 14, 1, "session.speed", "warning", "no such field"),
)


def page(*lines: Spans) -> str:
    return "\n".join(text_of(line).rstrip() for line in lines)


NEW = Problem("k.toml", 3, 1, "session.sparkle", "info", "`session.sparkle` is not known")


def test_before_the_first_session_it_is_said_what_would_be_used_and_which_key_starts() -> None:
    lines = start_page(OFF, PROFILE, AudioStatus(), StartFacts(SIMULATED), {"tab.open": "f9"})
    assert page(*lines[:9]).split("\n") == [
        "desk              Answers at a parcel desk, looks parcels up.",
        "",
        "will talk to      the simulator: no endpoint is set (for Azure: AZURE_VOICELIVE_ENDPOINT)",
        "microphone        the default microphone",
        "speaker           the default speaker",
        "profile           no problems",
        "",
        "s     start the session",
        "",
    ]
    assert "f9    open another profile" in page(*lines)


@pytest.mark.parametrize(
    ("audio", "settings", "whose"),
    [
        (AudioStatus(), Settings(), ""),
        (AudioStatus(), Settings(audio_at="/run/s"), "those of the machine in front of you"),
        (
            AudioStatus(host="server"),
            Settings(),
            "those of server, over SSH; for your own, start with voicelive-tui ssh",
        ),
        (AudioStatus(host="server"), Settings(input="none", output="null"), ""),
        (AudioStatus(host="server", link=SoundLink("laptop")), Settings(audio_at="/run/s"), ""),
    ],
)
def test_whose_devices_are_used_is_said_where_that_is_not_plain(
    audio: AudioStatus, settings: Settings, whose: str
) -> None:
    lines = start_page(OFF, PROFILE, audio, StartFacts(connection_facts(PROFILE, settings)), {})
    said = [text_of(line) for line in lines if text_of(line).startswith("devices ")]
    assert said == ([f"devices           {whose}"] if whose else [])


def test_a_wrong_address_and_a_proxy_are_said_before_the_first_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for endpoint, line in (
        ("https://mine.openai.azure.com", f"{'endpoint':<18}The endpoint is the Azure OpenAI"),
        ("https://mine.services.ai.azure.com", f"{'proxy':<18}10.0.0.1:3128 (from HTTPS_PROXY)"),
    ):
        facts = StartFacts(connection_facts(PROFILE, Settings(endpoint=endpoint)))
        assert line in page(*start_page(OFF, PROFILE, AudioStatus(), facts, {}))


def test_the_problems_of_an_unfinished_profile_have_their_lines() -> None:
    text = page(*start_page(OFF, PROFILE, AudioStatus(), StartFacts(SIMULATED, PROBLEMS), {}))
    assert "profile           line 12: the voice is unknown (Ava is one)" in text
    assert "                  line 14: no such field" in text
    assert "no problems" not in text


def test_what_is_new_to_this_version_is_quiet() -> None:
    lines = start_page(OFF, PROFILE, AudioStatus(), StartFacts(SIMULATED, (NEW,)), {})
    (line,) = (line for line in lines if "sparkle" in text_of(line))
    assert line[-1][1] == "dim"


@pytest.mark.parametrize(
    ("settings", "microphone", "speaker"),
    [
        (
            Settings(input="none", output="none"),
            "none, as the options say: you type",
            "none, as the options say: you read",
        ),
        (
            Settings(input="wav:/tmp/question.wav"),
            "the file /tmp/question.wav",
            "the default speaker",
        ),
        (Settings(output="device:Headset"), "the default microphone", "Headset"),
    ],
)
def test_the_options_decide_about_the_sound(
    settings: Settings, microphone: str, speaker: str
) -> None:
    facts = connection_facts(PROFILE, settings)
    assert (facts.microphone, facts.speaker) == (microphone, speaker)


@pytest.mark.parametrize(
    ("service", "settings", "talks_to"),
    [
        (Service(), Settings(simulator=True), "the simulator, as --simulator says"),
        (Service("simulator"), Settings(), "the simulator, as the profile says"),
        (Service(), Settings(endpoint="https://contoso.example/?code=1"), "Azure, contoso.example"),
        (Service("url", "ws://127.0.0.1:8765"), Settings(), "127.0.0.1:8765"),
        (Service("url", "no address"), Settings(), "an address that cannot be used"),
    ],
)
def test_the_service_is_named_as_the_engine_would_choose_it(
    service: Service, settings: Settings, talks_to: str
) -> None:
    assert connection_facts(Profile("desk", service=service), settings).talks_to == talks_to


def test_a_refused_key_says_what_was_asked_what_was_answered_and_what_helps() -> None:
    settings = Settings(endpoint="https://contoso.example", endpoint_source=Source(".env"))
    facts = StartFacts(connection_facts(PROFILE, settings), events=6)
    text = page(*failed_page(REFUSED, facts, {}))
    assert text.startswith("FAILED before it began\n\ncontoso.example refused")
    assert "asked             contoso.example  gpt-4o  20" in text
    assert "signed in by      the key from .env" in text
    assert "answer            401 Unauthorized" in text
    assert "does the key belong to contoso.example?" in text and "az login" in text
    assert "voicelive-tui doctor" in text
    assert "s     try again" in text and "e     its events (6)" in text


@pytest.mark.parametrize("status", [None, 400, 401, 403, 404, 429, 500, 599])
def test_every_refusal_has_something_that_helps(status: int | None) -> None:
    session = SessionSnapshot(
        "k", "k", SessionState.FAILED, service="azure", problem="No.", http_status=status
    )
    text = page(*failed_page(session, StartFacts(SIMULATED), {}))
    assert "\n1   " in text and "\n2   " in text


@pytest.mark.parametrize("width", [80, 100, 200])
def test_no_line_is_wider_than_the_page_and_labels_stay_free(width: int) -> None:
    facts = StartFacts(SIMULATED, PROBLEMS * 2)
    lines = [
        *start_page(OFF, PROFILE, AudioStatus(problem="word " * 60), facts, {}),
        *failed_page(REFUSED, facts, {}),
    ]
    wrapped = [row for line in lines for row in hint_lines(line, width - 4)]
    assert all(cells(row) <= width - 4 for row in wrapped)
    sound = [text_of(row) for row in wrapped if "word word" in text_of(row)]
    assert all(row.startswith(" " * 18) for row in sound[1:]) and len(sound) > 1


def test_a_transcript_is_never_covered() -> None:
    assert page_name(OFF) == "Start" and page_name(REFUSED) == "desk"
    assert page_name(SessionSnapshot("k", "k", SessionState.CONNECTED)) == ""
    assert page_name(None) == ""


async def test_the_page_has_the_whole_width_and_gives_way_to_the_session(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        app = ConsoleApp(engine, tabs=["sound-check"])
        async with app.run_test(size=(100, 30)) as pilot:
            screen = await shows(pilot, "start the session")
            assert "Start" in screen and "Events" not in screen
            await pilot.press("s")
            await shows(pilot, "Events")
            assert "start the session" not in screen_text(app)


async def test_a_refused_start_shows_the_page_copies_it_and_gives_way_to_its_events(
    tmp_path: Path,
) -> None:
    with serving_beside(answering("401 Unauthorized")) as server:
        (tmp_path / "profiles").mkdir()
        text = f'[service]\ntarget = "url"\nurl = "{server.url}"\n'
        (tmp_path / "profiles" / "refused.toml").write_text(text)
        with running_engine(tmp_path, simulator=False) as engine:
            app = ConsoleApp(engine, tabs=["refused"])
            async with app.run_test(size=(100, 30)) as pilot:
                await shows(pilot, "start the session")
                await pilot.press("s")
                assert "What helps" in await shows(pilot, "FAILED before it began")
                await pilot.press("y")
                await until(pilot, lambda: app.clipboard != "", "the copied page")
                assert "401 Unauthorized" in app.clipboard and "try again" in app.clipboard
                await pilot.press("e")
                await shows(pilot, "Events")


async def test_a_profile_that_is_edited_into_pieces_says_so_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").write_text('[service]\ntarget = "simulator"\n')
    monkeypatch.setenv("VISUAL", "sed -i $asilence=500ms")
    # An app under test has no terminal to lend.
    monkeypatch.setattr(ConsoleApp, "suspend", lambda app: nullcontext())
    with running_engine(tmp_path) as engine:
        app = ConsoleApp(engine, tabs=["mine"])
        async with app.run_test(size=(100, 30)) as pilot:
            await shows(pilot, "no problems")
            await pilot.press("ctrl+e")
            assert "profile           line 3" in await shows(pilot, "line 3: this is not TOML")
