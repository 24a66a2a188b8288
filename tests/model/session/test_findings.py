"""Settings that were accepted and do not act: each cause when it is true, and when it nearly is."""

from typing import Any, ClassVar

import pytest

from tests.support.memory_journal import TRANSCRIPTION, MemoryJournal

VAD = {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 500}
EOU = {"model": "semantic_detection_v1", "threshold_level": "default"}
MANUAL: dict[str, Any] = {"turn_detection": None}
WHISPER = {"input_audio_transcription": {"model": "whisper-1"}}
PHRASES = {"input_audio_transcription": {"model": "azure-speech"}}
BUFFER = "input_audio_buffer"


def begun(asked: dict[str, Any], *, model: str = "gpt-4o", answered: bool = True) -> MemoryJournal:
    """A session that was asked for these settings, which it accepted if `answered`."""
    journal = MemoryJournal()
    session = {"id": "s", "model": model, "turn_detection": VAD}
    journal("=", 0.0, "console.connected", service="azure")
    journal("<", 0.1, "session.created", session=session)
    journal(">", 0.2, "session.update", event_id="e1", session=asked)
    if answered:
        journal("<", 0.3, "session.updated", session={**session, **asked})
    return journal


def keys(journal: MemoryJournal) -> list[str]:
    return [finding.key for finding in journal.view.findings]


def turn(journal: MemoryJournal, t_s: float, number: int, transcript: str | None = None) -> None:
    """A spoken turn of one second with its answer, which is over three seconds after it began."""
    journal.spoken(t_s, f"u{number}", transcript)
    journal.answer(t_s + 1.5, f"a{number}", "Yes.", response=f"r{number}")
    journal.done(t_s + 3, f"r{number}")


def silence(journal: MemoryJournal, t_s: float) -> None:
    """The microphone is still sent at this time."""
    journal(">", t_s, f"{BUFFER}.append", audio={"$wav": "mic.wav", "offset": 0, "bytes": 960})


class TestMissingTranscripts:
    def test_two_spoken_turns_without_words_are_a_finding(self) -> None:
        journal = begun(WHISPER)
        turn(journal, 1, 1)
        turn(journal, 5, 2)
        silence(journal, 15.9)
        assert not keys(journal)
        silence(journal, 16.1)
        assert keys(journal) == ["session.input_audio_transcription.model"]
        finding = journal.view.findings[0]
        assert "whisper-1" in finding.sentence and "azure-speech" in finding.cure
        assert finding.since_s == 16.1

    def test_the_view_keeps_the_same_findings_until_they_change(self) -> None:
        journal = begun(WHISPER)
        turn(journal, 1, 1)
        turn(journal, 5, 2)
        silence(journal, 17)
        found = journal.view.findings
        turn(journal, 20, 3)
        silence(journal, 40)
        assert journal.view.findings is found

    @pytest.mark.parametrize("end", ["delta", "completed", "failed"])
    def test_a_single_late_event_of_a_transcription_is_enough(self, end: str) -> None:
        journal = begun(WHISPER)
        turn(journal, 1, 1)
        turn(journal, 5, 2)
        journal("<", 15.8, f"{TRANSCRIPTION}.{end}", item_id="u2", content_index=0)
        silence(journal, 60)
        assert not keys(journal)

    def test_a_single_turn_may_have_been_a_cough(self) -> None:
        journal = begun(WHISPER)
        turn(journal, 1, 1)
        silence(journal, 60)
        assert not keys(journal)

    def test_a_service_that_is_busy_with_the_answer_is_waited_for(self) -> None:
        journal = begun(WHISPER)
        turn(journal, 1, 1)
        journal.spoken(5, "u2")
        silence(journal, 60)
        assert not keys(journal)
        journal.done(61, "r2")
        silence(journal, 63.9)
        assert not keys(journal)
        silence(journal, 64.1)
        assert keys(journal)

    @pytest.mark.parametrize("asked", [{}, {"input_audio_transcription": None}])
    def test_transcription_that_nobody_asked_for_is_not_missed(self, asked: dict[str, Any]) -> None:
        journal = begun(asked)
        turn(journal, 1, 1)
        turn(journal, 5, 2)
        silence(journal, 60)
        assert not keys(journal)

    def test_transcription_that_was_refused_is_not_missed(self) -> None:
        journal = begun(WHISPER, answered=False)
        error = {"code": "invalid_value", "message": "no", "event_id": "e1"}
        journal("<", 0.3, "error", error=error)
        turn(journal, 1, 1)
        turn(journal, 5, 2)
        silence(journal, 60)
        assert not keys(journal)

    def test_manual_turns_in_which_nobody_speaks_have_no_words(self) -> None:
        journal = begun({**WHISPER, **MANUAL})
        for number in range(3):
            journal("<", 1 + number, f"{BUFFER}.committed", item_id=f"u{number}")
        journal.done(5)
        silence(journal, 60)
        assert not keys(journal)

    def test_manual_turns_with_speech_that_only_this_machine_heard_have_words(self) -> None:
        journal = begun({**WHISPER, **MANUAL})
        for number in range(3):
            journal("=", 1 + number, "console.speech", on=True)
            journal("<", 1.5 + number, f"{BUFFER}.committed", item_id=f"u{number}")
        silence(journal, 60)
        assert keys(journal) == ["session.input_audio_transcription.model"]

    def test_another_model_that_is_asked_for_gets_a_new_chance(self) -> None:
        journal = begun(WHISPER)
        turn(journal, 1, 1)
        turn(journal, 5, 2)
        silence(journal, 17)
        assert keys(journal)
        journal(">", 20, "session.update", event_id="e2", session=PHRASES)
        assert not keys(journal)

    def test_another_connection_begins_without_findings(self) -> None:
        journal = begun(WHISPER)
        turn(journal, 1, 1)
        turn(journal, 5, 2)
        silence(journal, 17)
        assert keys(journal)
        journal("=", 20, "console.connected", service="azure", connection=2)
        assert not keys(journal)


def committed(journal: MemoryJournal, t_s: float) -> None:
    """The user opens the microphone of a manual turn, and sends it a second later."""
    journal("=", t_s, "console.talk", on=True)
    journal("=", t_s + 1, "console.talk", on=False)
    journal(">", t_s + 1, f"{BUFFER}.commit")
    journal("<", t_s + 1.1, f"{BUFFER}.committed", item_id=f"u{t_s}")


def created(journal: MemoryJournal, t_s: float, response: str) -> None:
    journal("<", t_s, "response.created", response={"id": response})


class TestUnaskedResponses:
    def test_an_answer_in_the_middle_of_a_manual_turn_is_a_finding(self) -> None:
        journal = begun(MANUAL)
        journal("=", 1, "console.talk", on=True)
        created(journal, 3.5, "r1")
        assert keys(journal) == ["session.turn_detection.type"]

    def test_an_answer_that_overtakes_the_request_is_a_finding(self) -> None:
        journal = begun(MANUAL)
        committed(journal, 1)
        journal(">", 2.2, "response.create", event_id="e2")
        created(journal, 2.2, "r1")
        assert not keys(journal)
        error = {"code": "conversation_already_has_active_response", "event_id": "e2"}
        journal("<", 2.3, "error", error={**error, "message": "busy"})
        assert keys(journal) == ["session.turn_detection.type"]

    def test_a_second_answer_to_one_request_is_a_finding(self) -> None:
        journal = begun(MANUAL)
        committed(journal, 1)
        journal(">", 2.2, "response.create", event_id="e2")
        created(journal, 2.3, "r1")
        journal("<", 3, f"{BUFFER}.speech_started", item_id="u9", audio_start_ms=1000)
        created(journal, 4, "r2")
        assert keys(journal) == ["session.turn_detection.type"]

    def test_answers_that_were_asked_for_are_none(self) -> None:
        journal = begun(MANUAL)
        for number in range(1, 4):
            committed(journal, number * 10)
            journal(">", number * 10 + 1.2, "response.create")
            created(journal, number * 10 + 1.3, f"r{number}")
            created(journal, number * 10 + 1.4, f"r{number}")
        assert not keys(journal)

    def test_a_request_that_was_too_much_proves_nothing(self) -> None:
        journal = begun(MANUAL)
        committed(journal, 1)
        journal(">", 2.2, "response.create", event_id="e2")
        created(journal, 2.3, "r1")
        journal(">", 2.4, "response.create", event_id="e3")
        error = {"code": "conversation_already_has_active_response", "event_id": "e3"}
        journal("<", 2.5, "error", error={**error, "message": "busy"})
        assert not keys(journal)

    def test_a_greeting_before_anyone_spoke_proves_nothing(self) -> None:
        journal = begun(MANUAL)
        created(journal, 1, "r1")
        assert not keys(journal)

    def test_an_answer_that_goes_on_after_a_tool_proves_nothing(self) -> None:
        journal = begun(MANUAL)
        committed(journal, 1)
        journal(">", 2.2, "response.create")
        created(journal, 2.3, "r1")
        journal.done(3, "r1")
        created(journal, 3.1, "r2")
        assert not keys(journal)

    def test_a_call_that_was_approved_runs_in_an_answer_of_its_own(self) -> None:
        journal = begun(MANUAL)
        item = {"type": "mcp_approval_response", "approve": True}
        journal(">", 1, "conversation.item.create", item=item)
        journal("=", 1.1, "console.talk", on=True)
        created(journal, 1.2, "r1")
        assert not keys(journal)

    def test_an_answer_to_speech_from_before_turns_were_manual_proves_nothing(self) -> None:
        journal = begun({"turn_detection": VAD})
        journal("<", 1, f"{BUFFER}.speech_started", item_id="u1", audio_start_ms=700)
        journal(">", 1.5, "session.update", event_id="e2", session=MANUAL)
        journal("<", 1.6, "session.updated", session={"model": "gpt-4o", **MANUAL})
        journal("=", 1.7, "console.talk", on=True)
        created(journal, 1.8, "r1")
        assert not keys(journal)

    @pytest.mark.parametrize(
        ("asked", "answered"), [({"turn_detection": VAD}, True), (MANUAL, False)]
    )
    def test_turns_that_are_not_or_not_yet_manual_are_answered(
        self, asked: dict[str, Any], answered: bool
    ) -> None:
        journal = begun(asked, answered=answered)
        journal("<", 1, f"{BUFFER}.speech_started", item_id="u1", audio_start_ms=700)
        created(journal, 3, "r1")
        assert not keys(journal)


class TestUnusedEndOfUtterance:
    @pytest.mark.parametrize("model", ["gpt-realtime", "gpt-realtime-2.1-mini", "phi4-mm-realtime"])
    def test_options_for_a_model_that_hears_speech_itself_are_a_finding(self, model: str) -> None:
        journal = begun({"turn_detection": {**VAD, "end_of_utterance_detection": EOU}}, model=model)
        assert keys(journal) == ["session.turn_detection.end_of_utterance_detection.model"]
        assert model in journal.view.findings[0].sentence

    @pytest.mark.parametrize(
        ("model", "options"),
        [
            ("gpt-4o", EOU),
            ("gpt-5", EOU),
            ("my-gpt-realtime", EOU),
            ("gpt-realtime", {"model": "smart_end_of_turn_detection"}),
            ("gpt-realtime", None),
            ("", EOU),
        ],
    )
    def test_options_that_may_act_are_none(self, model: str, options: object) -> None:
        detection = {**VAD, "end_of_utterance_detection": options}
        assert not keys(begun({"turn_detection": detection}, model=model))

    def test_options_that_were_not_accepted_yet_are_none(self) -> None:
        detection = {**VAD, "end_of_utterance_detection": EOU}
        journal = begun({"turn_detection": detection}, model="gpt-realtime", answered=False)
        assert not keys(journal)

    def test_options_that_are_taken_back_are_none_any_more(self) -> None:
        detection = {**VAD, "end_of_utterance_detection": EOU}
        journal = begun({"turn_detection": detection}, model="gpt-realtime")
        journal(">", 1, "session.update", event_id="e2", session={"turn_detection": VAD})
        journal("<", 1.1, "session.updated", session={"model": "gpt-realtime"})
        assert not keys(journal)


def voice(name: str, kind: str = "azure-standard", **more: Any) -> dict[str, Any]:
    return {**PHRASES, "voice": {"type": kind, "name": name, **more}}


def transcribed(journal: MemoryJournal, number: int, *locales: str) -> None:
    phrases = [{"text": "Guten Tag", "locale": locale} for locale in locales]
    fields = {"item_id": f"u{number}", "content_index": 0, "transcript": "Guten Tag"}
    journal("<", number, f"{TRANSCRIPTION}.completed", **fields, phrases=phrases)


class TestUnspeakableLanguage:
    @pytest.mark.parametrize(
        ("asked", "key"),
        [
            (voice("en-US-AvaNeural"), "session.voice.name"),
            (voice("zh-CN-XiaoxiaoNeural"), "session.voice.name"),
            (voice("zh-CN-liaoning-XiaobeiNeural"), "session.voice.name"),
            (voice("en-US-AvaMultilingualNeural", locale="fr-FR"), "session.voice.locale"),
            (voice("mine", "azure-custom", locale="fr-FR"), "session.voice.locale"),
        ],
    )
    def test_two_turns_in_a_language_that_the_voice_lacks_are_a_finding(
        self, asked: dict[str, Any], key: str
    ) -> None:
        journal = begun(asked)
        transcribed(journal, 1, "de-DE")
        assert not keys(journal)
        transcribed(journal, 2, "de-DE", "de-AT")
        assert keys(journal) == [key]
        assert "de-DE" in journal.view.findings[0].sentence

    @pytest.mark.parametrize(
        "asked",
        [
            voice("de-DE-KatjaNeural"),
            voice("de-AT-IngridNeural"),
            voice("en-US-AvaMultilingualNeural"),
            voice("en-US-Ava:DragonHDLatestNeural"),
            voice("en-US-AvaMultilingualNeural", locale="de-CH"),
            voice("marin", "openai"),
            voice("ava", "azure-realtime-native"),
            voice("mine", "azure-custom"),
            {**PHRASES, "voice": "alloy"},
        ],
    )
    def test_a_voice_that_may_have_the_language_is_none(self, asked: dict[str, Any]) -> None:
        journal = begun(asked)
        transcribed(journal, 1, "de-DE")
        transcribed(journal, 2, "de-DE")
        assert not keys(journal)

    @pytest.mark.parametrize(
        "locales",
        [
            [("de-DE",), ("en-US",), ("de-DE",)],
            [("de-DE",), ("fr-FR",)],
            [("de-DE",), ("de-DE", "en-US")],
            [("de-DE",), ()],
            [("de-DE",), ("",)],
        ],
    )
    def test_turns_in_several_languages_are_none(self, locales: list[tuple[str, ...]]) -> None:
        journal = begun(voice("en-US-AvaNeural"))
        for number, each in enumerate(locales):
            transcribed(journal, number + 1, *each)
        assert not keys(journal)

    def test_a_voice_of_another_language_speaks_english_too(self) -> None:
        journal = begun(voice("de-DE-KatjaNeural"))
        transcribed(journal, 1, "en-US")
        transcribed(journal, 2, "en-GB")
        assert not keys(journal)

    @pytest.mark.parametrize("locale", ["yue-CN", "zh-HK"])
    def test_the_spoken_forms_of_chinese_count_as_one(self, locale: str) -> None:
        journal = begun(voice("zh-CN-XiaoxiaoNeural"))
        transcribed(journal, 1, locale)
        transcribed(journal, 2, locale)
        assert not keys(journal)


def speak(journal: MemoryJournal, t_s: float, *, until_s: float, sent: bool = True) -> None:
    """Speech at the microphone, which this machine hears after 0.2 s. Its end is known half a
    second later."""
    journal("=", t_s, "console.speech", on=True)
    for block in range(round((until_s - t_s) * 50) + 15):
        at_s = t_s + (block + 10) / 50
        if sent:
            silence(journal, at_s)
        else:
            journal("<", at_s, "rate_limits.updated")
    journal("=", until_s, "console.speech", on=False)
    silence(journal, until_s + 0.8)


class TestUnnoticedSpeech:
    def test_speech_of_three_seconds_without_notice_is_a_finding(self) -> None:
        journal = begun({"turn_detection": VAD})
        speak(journal, 5, until_s=8.05)
        assert keys(journal) == ["session.turn_detection.threshold"]
        assert "3 s" in journal.view.findings[0].sentence

    def test_longer_speech_is_found_before_it_ends(self) -> None:
        journal = begun({"turn_detection": VAD})
        speak(journal, 5, until_s=20)
        [finding] = journal.view.findings
        assert 8 < finding.since_s < 9

    def test_speech_that_ends_a_little_earlier_is_none(self) -> None:
        journal = begun({"turn_detection": VAD})
        speak(journal, 5, until_s=7.95)
        silence(journal, 60)
        assert not keys(journal)

    @pytest.mark.parametrize("noticed_s", [4.2, 5.3, 8.4])
    def test_speech_that_the_service_notices_early_or_late_is_none(self, noticed_s: float) -> None:
        journal = begun({"turn_detection": VAD})
        if noticed_s < 5:
            journal("<", noticed_s, f"{BUFFER}.speech_started", item_id="u", audio_start_ms=0)
            journal("<", 4.9, f"{BUFFER}.speech_stopped", item_id="u", audio_end_ms=700)
        journal("=", 5, "console.speech", on=True)
        for block in range(200):
            at_s = 5.2 + block / 50
            silence(journal, at_s)
            if noticed_s - 0.005 < at_s < noticed_s + 0.015:
                journal("<", noticed_s, f"{BUFFER}.speech_started", item_id="u", audio_start_ms=0)
        assert not keys(journal)

    def test_speech_within_a_turn_that_the_service_hears_is_none(self) -> None:
        journal = begun({"turn_detection": VAD})
        journal("<", 1, f"{BUFFER}.speech_started", item_id="u", audio_start_ms=0)
        speak(journal, 5, until_s=9)
        assert not keys(journal)

    @pytest.mark.parametrize("started_s", [1.0, 7.0])
    def test_what_sounds_like_speech_while_an_answer_plays_is_none(self, started_s: float) -> None:
        journal = begun({"turn_detection": VAD})
        if started_s < 5:
            journal.heard(started_s, "a1")
        journal("=", 5, "console.speech", on=True)
        for block in range(200):
            silence(journal, 5.2 + block / 50)
            if block == 90 and started_s > 5:
                journal.heard(started_s, "a1")
        assert not keys(journal)

    def test_speech_after_an_answer_was_played_is_a_finding_again(self) -> None:
        journal = begun({"turn_detection": VAD})
        journal.heard(1, "a1")
        journal.stopped(3, "a1", 2000, 2000, "drained")
        speak(journal, 5, until_s=9)
        assert keys(journal)

    def test_speech_that_was_not_sent_is_none(self) -> None:
        journal = begun({"turn_detection": VAD})
        speak(journal, 5, until_s=9, sent=False)
        assert not keys(journal)

    @pytest.mark.parametrize("asked", [MANUAL, {"turn_detection": {"type": "none"}}])
    def test_speech_in_manual_turns_is_none(self, asked: dict[str, Any]) -> None:
        journal = begun(asked)
        speak(journal, 5, until_s=9)
        assert not keys(journal)

    def test_speech_while_turn_detection_is_being_changed_is_none(self) -> None:
        journal = begun({"turn_detection": VAD})
        session = {"turn_detection": {**VAD, "threshold": 0.3}}
        journal(">", 4, "session.update", event_id="e2", session=session)
        speak(journal, 5, until_s=9)
        assert not keys(journal)

    def test_speech_as_the_tab_goes_off_air_is_none(self) -> None:
        journal = begun({"turn_detection": VAD})
        journal("=", 5, "console.speech", on=True)
        for block in range(150):
            silence(journal, 5.2 + block / 50)
        journal("=", 8.3, "console.on_air", on=False)
        silence(journal, 60)
        assert not keys(journal)


class TestUncancelledEcho:
    CANCELLED: ClassVar = {"input_audio_echo_cancellation": {"type": "server_echo_cancellation"}}
    KEY = "session.input_audio_echo_cancellation.type"

    @staticmethod
    def cut(journal: MemoryJournal, t_s: float, *, reason: str = "barge_in", echo: float) -> None:
        """An answer that is cut while the microphone resembles what plays."""
        item_id = f"a{t_s}"
        journal.answer(t_s, item_id, "0123456789", response=f"r{t_s}")
        journal.stopped(t_s + 1, item_id, 500, 1000, reason)
        measured = {"mic_dbfs": -30.0, "before_ms": 900, "voiced_ms": 600, "echo_delay_ms": 140}
        journal("=", t_s + 1, "console.cut", item_id=item_id, echo=echo, **measured)

    def test_a_second_cut_by_its_own_echo_is_a_finding(self) -> None:
        journal = begun(self.CANCELLED)
        self.cut(journal, 1, echo=0.82)
        assert not keys(journal)
        self.cut(journal, 5, echo=0.9)
        assert keys(journal) == [self.KEY]
        assert journal.view.findings[0].since_s == 6

    @pytest.mark.parametrize(
        ("asked", "reason", "echo"),
        [({}, "barge_in", 0.9), (CANCELLED, "user", 0.9), (CANCELLED, "barge_in", 0.3)],
    )
    def test_cuts_for_other_reasons_are_none(
        self, asked: dict[str, Any], reason: str, echo: float
    ) -> None:
        journal = begun(asked)
        for t_s in (1, 5, 9):
            self.cut(journal, t_s, reason=reason, echo=echo)
        assert not keys(journal)

    def test_what_was_cut_before_the_cancellation_was_asked_for_does_not_count(self) -> None:
        journal = begun({})
        self.cut(journal, 1, echo=0.9)
        journal(">", 3, "session.update", event_id="e2", session=self.CANCELLED)
        session = {"id": "s", "model": "gpt-4o", "turn_detection": VAD, **self.CANCELLED}
        journal("<", 3.1, "session.updated", session=session)
        self.cut(journal, 5, echo=0.9)
        assert not keys(journal)
