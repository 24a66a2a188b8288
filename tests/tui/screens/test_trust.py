"""The question about an unconfirmed host: asked once, never answered by accident, and the answer
kept."""

from pathlib import Path

from voicelive_tui.engine.config.settings import Secret
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.trust import TrustScreen

from tests.support.console_pilot import running_engine, shows, until
from tests.support.hostile_servers import saying, serving_beside

KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


async def test_a_host_is_asked_about_and_the_answer_is_kept(tmp_path: Path) -> None:
    with serving_beside(saying(stay=True)) as stranger:
        (tmp_path / "profiles").mkdir()
        text = f'[service]\ntarget = "url"\nurl = "{stranger.url}"\nauth = "key"\n'
        (tmp_path / "profiles" / "cloned.toml").write_text(text)
        mine = {"simulator": False, "endpoint": "https://mine.example", "key": Secret(KEY)}
        with running_engine(tmp_path, input="none", output="none", **mine) as engine:
            app = ConsoleApp(engine, tabs=["cloned"])
            async with app.run_test(size=(100, 30)) as pilot:
                host = stranger.url.removeprefix("http://")
                assert f"would go to {host}" in " ".join(
                    (await shows(pilot, "signed in by")).split()
                )
                await pilot.press("s")
                await until(pilot, lambda: isinstance(app.screen, TrustScreen), "the question")
                await shows(pilot, f"Trust {host}?")
                await pilot.press("enter")
                assert isinstance(app.screen, TrustScreen)
                await pilot.press("n")
                await until(pilot, lambda: app.screen is app.main_screen, "the console")
                await shows(pilot, "was not sent")
                assert stranger.requests == []
                await pilot.press("s")
                await until(
                    pilot, lambda: isinstance(app.screen, TrustScreen), "the question again"
                )
                await pilot.press("y")
                await until(
                    pilot,
                    lambda: engine.snapshot().sessions["cloned"].state is SessionState.CONNECTED,
                    "a connection",
                )
            assert f"api-key: {KEY}" in stranger.requests[0]
        assert TrustedHosts(tmp_path / "config").stored_hosts() == (host,)


async def test_without_credentials_it_is_asked_too_and_the_badge_names_the_host(
    tmp_path: Path,
) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "cloned.toml").write_text(
        '[service]\ntarget = "url"\nurl = "wss://talk.invalid"\n'
    )
    with running_engine(tmp_path, input="none", output="none", simulator=False) as engine:
        app = ConsoleApp(engine, tabs=["cloned"])
        async with app.run_test(size=(80, 24)) as pilot:
            await shows(pilot, " talk.invalid ")
            await pilot.press("s")
            await until(pilot, lambda: isinstance(app.screen, TrustScreen), "the question")
            await shows(pilot, "your microphone and the profile's instructions; no")
            await shows(pilot, "y trust this host and connect")  # also where lines are wrapped
            await pilot.press("y")
            await until(
                pilot,
                lambda: TrustedHosts(tmp_path / "config").stored_hosts() != (),
                "an answer that is kept",
            )
    assert TrustedHosts(tmp_path / "config").stored_hosts() == ("talk.invalid without credentials",)
    TrustedHosts(tmp_path / "config").remove("talk.invalid")
    assert TrustedHosts(tmp_path / "config").stored_hosts() == ()


async def test_a_profile_that_hides_another_is_marked(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "sound-check.toml").write_text('[service]\ntarget = "simulator"\n')
    with running_engine(tmp_path) as engine:
        async with ConsoleApp(engine, tabs=["sound-check"]).run_test(size=(100, 30)) as pilot:
            await shows(pilot, "start the session")
            await pilot.press("plus")
            await shows(pilot, "hides     the starter")
