"""Every field of the table is changed once: from the form of the settings page to the simulator's
`session.updated` over a real socket, in one console with one engine."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import ChangeSettings
from voicelive_tui.model.profile.fields.availability import discriminator_of
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS, FIELDS_BY_KEY
from voicelive_tui.model.profile.fields.sections import SECTIONS
from voicelive_tui.model.profile.settings import REMOVED, Setting, setting_at, with_setting
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.setting_facts import SettingFacts
from voicelive_tui.tui.setting_input import editor_of, parse_typed, typed_text
from voicelive_tui.tui.widgets.settings_list import SettingsList

from tests.support.console_pilot import running_engine, shows, until
from tests.support.field_samples import document_for, requirements, sample_value
from tests.tui.support.console_screen import connect, console_app, session_of

TAB, MODEL = "every", "gpt-4o"
VERSION, OLD_VERSION = "2026-07-15", "2025-05-01-preview"
PROFILE = f"""
[service]
model = "{MODEL}"
api_version = "{VERSION}"

[session]
input_audio_sampling_rate = 24000
"""

NOT_TYPED: Final[Mapping[str, str]] = {
    "service.headers": "their values may be secrets, so they are written in the file",
    "session.model": "the address sets it; the field of the service's model changes it",
    "session.tools": "a list of tables is written in the file; its elements' fields are typed",
    "session.avatar.ice_servers": "a list of tables is written in the file",
    "session.avatar.scene": "its values are numbers, and pairs are typed as texts",
    "session.tools.*.authorization": "a secret comes from the environment, never from the screen",
    "session.tools.*.headers": "a secret comes from the environment, never from the screen",
}
"""The fields that the form does not change, and why."""

PAIRS: Final[Mapping[str, Any]] = {
    "service.url": "ws://127.0.0.1:9/voice",
    "service.query": {"team": "desk"},
    "session.input_audio": {"model": "azure-standard"},
    "session.avatar.video": {"codec": "h264"},
    "session.tools.*.parameters": {"type": "object"},
}
"""Other samples for fields whose pairs are typed as texts."""

ALONE: Final = frozenset(("session.input_audio_format",))
"""Fields that the service does not take together with the samples of others."""

FORM: Final = frozenset(key for section in SECTIONS for key in section.keys)
TYPED: Final = tuple(each for each in FIELDS if each.key in FORM and each.key not in NOT_TYPED)


SERVICE_FIELDS: Final = tuple(each for each in TYPED if each.key.startswith("session."))
OWN_FIELDS: Final = tuple(each for each in TYPED if each not in SERVICE_FIELDS)
"""Those that say where a session connects, and those of this machine."""


def sample(field: Field) -> Any:
    """The value that the field gets."""
    return PAIRS[field.key] if field.key in PAIRS else sample_value(field)


def key_of(field: Field) -> str:
    """The key of the field's row; of an array, the first element is changed."""
    return field.key.replace("*", "0")


def label(field: Field) -> str:
    """The key of the field, with its variants where several fields have that key."""
    return " ".join((field.key, *field.variants))


def is_discriminator(field: Field) -> bool:
    """Whether the value decides which other fields its table has."""
    table, _, name = field.key.rpartition(".")
    return discriminator_of(table) == name or field.key in CHILDREN


def model_for(field: Field) -> str:
    """A model that has the field: that of the profile if it does."""
    families = [needs.models for needs in requirements(field) if needs.models]
    if all("text" in each for each in families):
        return MODEL
    return str(document_for(field)["service"]["model"])


def session_for(field: Field) -> Mapping[str, Any]:
    """A session that has the field with another value than its sample."""
    document: Mapping[str, Any] = with_setting(
        document_for(field), "session.input_audio_sampling_rate", 24_000
    )
    key, value = key_of(field), sample(field)
    if field.required and not is_discriminator(field):
        known = (each for each in (*field.values, *field.examples) if each != value)
        document = with_setting(document, key, next(known, "other"))
    elif setting_at(document, key) == value:
        gone = key.rpartition(".")[0] if is_discriminator(field) else key
        document = with_setting(document, gone, REMOVED)
    session: Mapping[str, Any] = document["session"]
    return session


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that can be changed one after the other in the same session of the same model."""

    model: str
    session: Mapping[str, Any]
    fields: tuple[Field, ...]
    alone: bool = False


def groups(fields: Iterable[Field]) -> list[Group]:
    """The fields in groups; one that decides about others is alone in its group."""
    found: list[Group] = []
    for field in sorted(fields, key=model_for):
        model, session = model_for(field), session_for(field)
        alone = field.key in ALONE or is_discriminator(field)
        newest = found[-1] if found else Group("", {}, ())
        if alone or (newest.model, newest.session) != (model, session) or newest.alone:
            found.append(Group(model, session, (field,), alone))
        else:
            found[-1] = replace(newest, fields=(*newest.fields, field))
    return found


class Form:
    """The settings page of a running session, as a person uses it."""

    def __init__(self, pilot: Pilot[Any], engine: Engine) -> None:
        assert isinstance(pilot.app, ConsoleApp)
        self.pilot, self.engine, self.app = pilot, engine, pilot.app

    @property
    def list(self) -> SettingsList:
        """The rows of the page."""
        return self.app.main_screen.query_one(SettingsList)

    @property
    def document(self) -> Mapping[str, Any]:
        """What the engine has of the tab's profile."""
        profile = self.engine.profile(TAB)
        assert profile is not None
        return profile.document

    async def open(self) -> None:
        """Open the page."""
        await self.pilot.press("comma")
        await until(self.pilot, lambda: self.app.main_screen.query(SettingsList), "the page")
        await until(self.pilot, lambda: self.list.has_focus and self.list.current, "the rows")

    async def prepare(self, session: Mapping[str, Any]) -> None:
        """Give the profile this session, once the page knows that its last change was made."""
        self.app.sync()
        present = self.document["session"]
        names = dict.fromkeys((*present, *session))
        changes = tuple((f"session.{name}", session.get(name, REMOVED)) for name in names)
        self.engine.post(ChangeSettings(TAB, changes))
        await until(self.pilot, lambda: self.document["session"] == session, "the tables")

    async def go_to(self, field: Field) -> SettingFacts:
        """Put the cursor on the row of this field, once the form has it with another value than its
        sample."""

        def row() -> SettingFacts | None:
            fitting = (each for each in self.list.facts.settings if each.setting.field is field)
            usable = (each for each in fitting if not each.setting.availability)
            return next((each for each in usable if each.setting.value != sample(field)), None)

        await until(self.pilot, row, f"the row of {label(field)}")
        facts = row()
        assert facts is not None
        self.list.put_cursor(facts.key)
        return facts

    async def change(self, field: Field, value: Any) -> None:
        """Type the value into the field, as a paste."""
        facts = await self.go_to(field)
        text = typed_text(Setting(facts.key, field, value, ""))
        assert parse_typed(field, text) == value, f"nobody can type this: {text}"
        for event in (Key("enter", None), Paste(text), Key("enter", None)):
            self.app.post_message(event)
        await until(
            self.pilot,
            lambda: setting_at(self.document, facts.key) == value and self.list.has_focus,
            f"{label(field)} in the profile",
        )

    async def change_group(self, group: Group) -> None:
        """Change each field of the group, and wait until the service has confirmed all of them."""
        await self.prepare(group.session)
        for field in group.fields:
            await self.change(field, sample(field))
        if any(each.changes == "new connection" for each in group.fields):
            await self.restart()
        for field in group.fields:
            await until(self.pilot, partial(self.is_in_force, field), f"{label(field)} in force")
        # The rate of the tables may have gone out with a format that does not take it.
        refused = set(session_of(self.engine, TAB).refused_settings)
        assert not refused & {key_of(field) for field in group.fields}

    def is_in_force(self, field: Field) -> bool:
        """Whether the newest `session.updated` has the field's sample; the service may add defaults
        to a table."""
        session = {"session": session_of(self.engine, TAB).view.effective}
        confirmed, value = setting_at(session, key_of(field)), sample(field)
        if isinstance(value, Mapping) and isinstance(confirmed, Mapping):
            return all(confirmed.get(name) == each for name, each in value.items())
        return bool(confirmed == value)

    async def restart(self) -> None:
        """Connect anew with one key."""
        before = session_of(self.engine, TAB).view.session_id
        await self.pilot.press("R")

        def anew() -> bool:
            session = session_of(self.engine, TAB)
            return session.ready and session.view.session_id not in (before, None)

        await until(self.pilot, anew, "a new connection")

    async def use(self, name: str, value: str) -> None:
        """Change a field of the service, such as its model, and restart with it."""
        (field,) = FIELDS_BY_KEY[f"service.{name}"]
        if setting_at(self.document, field.key) != value:
            await self.change(field, value)
            await self.restart()


@pytest.fixture
def profiled_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine with the profile of this test."""
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / f"{TAB}.toml").write_text(PROFILE)
    with running_engine(tmp_path) as engine:
        yield engine


@asynccontextmanager
async def opened_form(engine: Engine) -> AsyncIterator[Form]:
    """The console with this test's profile."""
    async with console_app(engine, TAB).run_test(size=(100, 30)) as pilot:
        await shows(pilot, f"1 {TAB}")
        yield Form(pilot, engine)


def test_every_field_is_in_the_form_or_is_a_table_of_others() -> None:
    left_out = {each.key for each in FIELDS} - {each.key for each in TYPED} - {*NOT_TYPED}
    assert left_out <= {*CHILDREN}


@pytest.mark.parametrize("key", [key for key in NOT_TYPED if "scene" not in key and "." in key])
def test_what_the_form_does_not_change_has_no_text_field(key: str) -> None:
    field = next(each for each in FIELDS if each.key == key)
    setting = Setting(key.replace("*", "0"), field, REMOVED, "")
    assert field.unusable or editor_of(setting) == "none"


async def test_every_field_goes_from_the_form_to_the_service(profiled_engine: Engine) -> None:
    now = [each for each in SERVICE_FIELDS if each.needs.until != OLD_VERSION]
    async with opened_form(profiled_engine) as form:
        await connect(form.pilot, form.engine, TAB)
        await form.open()
        for group in groups(now):
            await form.use("model", group.model)
            assert session_of(form.engine, TAB).view.model == group.model
            await form.change_group(group)
        await form.use("model", MODEL)
        await form.use("api_version", OLD_VERSION)
        for group in groups(each for each in SERVICE_FIELDS if each not in now):
            await form.change_group(group)


async def test_every_field_of_this_machine_goes_from_the_form_to_the_engine(
    profiled_engine: Engine,
) -> None:
    async with opened_form(profiled_engine) as form:
        await form.open()
        before = form.document
        # The sample of the API's version is one that does not have all of these fields.
        for field in sorted(OWN_FIELDS, key=lambda each: each.key == "service.api_version"):
            if field.key == "greeting.prompt":
                await form.pilot.press("u")  # a text and a prompt exclude each other
                await until(form.pilot, lambda: "greeting" not in form.document, "no text")
            await form.change(field, sample(field))
        await form.pilot.press(*"u" * (len(OWN_FIELDS) - 1))
        await until(form.pilot, lambda: form.document == before, "all of it taken back")
