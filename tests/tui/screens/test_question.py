"""The one shape of the questions: the letters that they show, Esc, and nothing else."""

import pytest
from textual.app import App
from textual.screen import Screen
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.screens.question import TEXT_CELLS, QuestionScreen
from voicelive_tui.tui.screens.quit import QuitScreen
from voicelive_tui.tui.screens.resume import ResumeScreen
from voicelive_tui.tui.screens.trust import TrustScreen
from voicelive_tui.tui.screens.unsaved import UnsavedScreen
from voicelive_tui.tui.widgets.spans import cells
from voicelive_tui.tui.widgets.text_page import TextPage

from tests.tui.support.spans import text_of

ENDED = SessionSnapshot(
    "support", "support", SessionState.ENDED, problem="The service closed it.", connected_s=100.0
)
UNSAVED = SessionSnapshot(
    "a", "a", recording=RecordingStatus(wanted=True, problem="The disk is full.")
)


def questions() -> list[QuestionScreen]:
    return [
        QuitScreen([SessionSnapshot("a", "a", SessionState.CONNECTED, connected_s=1.0)], {}, 63.0),
        ResumeScreen(ENDED, 200.0),
        TrustScreen(Destination("host.example", ".env", "key", ".env", confirmed=False)),
        UnsavedScreen([UNSAVED], "Quit"),
    ]


QUESTIONS = pytest.mark.parametrize(
    "position", range(4), ids=["quit", "resume", "trust", "unsaved"]
)


class Asking(App[None]):
    """An app that asks, and keeps the answers."""

    answers: list[bool | None]

    def ask(self, question: Screen[bool]) -> None:
        self.answers = []
        self.push_screen(question, self.answers.append)


@QUESTIONS
@pytest.mark.parametrize("key", ["enter", "space", "q", "z"])
async def test_enter_and_other_keys_answer_nothing(position: int, key: str) -> None:
    question = questions()[position]
    if key == "q" and isinstance(question, QuitScreen):
        pytest.skip("q is the key that asks, and quits")
    app = Asking()
    async with app.run_test(size=(100, 30)) as pilot:
        app.ask(question)
        await pilot.pause()
        await pilot.press(key)
        assert app.screen is question and app.answers == []
        await pilot.press("escape")
        await pilot.pause()
        assert app.answers == [False]


@QUESTIONS
async def test_the_title_asks_and_the_whole_text_fits_a_small_screen(position: int) -> None:
    question = questions()[position]
    assert question.question.endswith("?")
    assert cells([(question.question, "")]) <= TEXT_CELLS
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        app.ask(question)
        await pilot.pause()
        page = question.query_one(TextPage)
        assert page.line_count <= page.page


def test_the_letters_are_shown() -> None:
    shown = ["\n".join(text_of(line) for line in question.lines()) for question in questions()]
    assert "y quit    n stay    (q again quits)" in shown[0]
    assert " 1:02, 0 turns" in shown[0]
    assert all(f"{letter} " in shown[1] for letter in ("g", "b", "Esc"))
    assert "y trust this host and connect    n send nothing" in shown[2]
    assert "y lose it    w write it elsewhere first    n keep it" in shown[3]


def test_the_question_to_go_on_says_how_long_ago_the_session_ended() -> None:
    assert "support ended 1:40 ago" in ResumeScreen(ENDED, 200.0).question
