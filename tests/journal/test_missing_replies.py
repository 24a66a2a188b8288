"""Requests without a reply, by the time of the newest record."""

from voicelive_tui.journal.missing_replies import MissingReplies

from tests.support.indexed_journal import IndexedJournal


def test_a_request_lacks_its_reply_from_five_seconds_on() -> None:
    journal = IndexedJournal()
    replies = MissingReplies(journal.index)
    request = journal(">", 1.0, "session.update", event_id="e1")
    assert not replies.lacks_reply(request)
    journal("<", 5.9, "input_audio_buffer.speech_started")
    assert not replies.due and not replies.lacks_reply(request)
    journal(">", 6.0, "input_audio_buffer.append")
    assert replies.due and replies.lacks_reply(request)


def test_a_late_reply_is_found_within_a_second() -> None:
    journal = IndexedJournal()
    replies = MissingReplies(journal.index)
    request = journal(">", 0.0, "session.update")
    journal(">", 7.0, "input_audio_buffer.append")
    assert replies.lacks_reply(request)
    journal("<", 7.5, "session.updated")
    assert not replies.due
    journal(">", 8.0, "input_audio_buffer.append")
    assert replies.due
    replies.begin()
    assert not replies.lacks_reply(request) and not replies.due


def test_an_error_is_a_reply_and_nothing_else_is_a_request() -> None:
    journal = IndexedJournal()
    replies = MissingReplies(journal.index)
    numbers = [
        journal(">", 0.0, "session.update", event_id="e1"),
        journal("<", 0.1, "error", error={"event_id": "e1", "code": "no"}),
        journal(">", 0.2, "input_audio_buffer.append"),
        journal("<", 0.3, "response.created"),
        journal("=", 20.0, "console.muted"),
    ]
    assert [replies.lacks_reply(n) for n in numbers] == [False] * 5
    assert not replies.due


def test_of_many_requests_at_once_none_is_said_to_lack_its_reply_that_has_one() -> None:
    journal = IndexedJournal()
    replies = MissingReplies(journal.index)
    items = [{"id": f"carried_{at}"} for at in range(100)]
    asked = [journal(">", 0.1, "conversation.item.create", item=item) for item in items]
    for item in items:
        journal("<", 0.2, "conversation.item.created", item=item)
    journal("=", 20.0, "console.muted")
    assert not any(map(replies.lacks_reply, asked))
