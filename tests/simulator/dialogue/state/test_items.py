"""The owner of an item's id: ids that clients reuse from an earlier session with the same seed, or
from an announcement."""

from tests.simulator.support.conversation_driver import ConversationDriver, error_in, user
from tests.support.speech_like import pcm16, silence, speech_like

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))


def test_the_id_that_speech_started_announced_is_the_turn_s() -> None:
    driver = ConversationDriver()
    [started] = driver.append(pcm16(silence(0.5), speech_like(1.0)))
    mine = {**user("x"), "id": started["item_id"]}
    assert error_in(driver.say("conversation.item.create", item=mine))["param"] == "item.id"
    assert (
        error_in(driver.say("input_text.delta", id=started["item_id"], delta="x"))["param"] == "id"
    )
    events = driver.append(pcm16(silence(0.52)))
    assert "error" not in [event["type"] for event in events]
    assert driver.last("conversation.item.created")["item"]["id"] == started["item_id"]


def test_an_announced_id_is_free_again_when_its_turn_is_cleared() -> None:
    driver = ConversationDriver()
    [started] = driver.append(pcm16(silence(0.5), speech_like(1.0)))
    driver.say("input_audio_buffer.clear")
    [created] = driver.say("conversation.item.create", item={**user("x"), "id": started["item_id"]})
    assert created["item"]["id"] == started["item_id"]


def first_ids() -> tuple[str, str]:
    """The ids of a spoken turn and the response to it, in a session with the tests' seed."""
    driver = ConversationDriver()
    driver.append(TURN)
    driver.wait(1.0)
    turn, answer = (
        event["item"]["id"]
        for event in driver.events
        if event["type"] == "conversation.item.created"
    )
    return turn, answer


def test_items_brought_back_under_their_ids_do_not_stand_in_the_way_of_new_ones() -> None:
    """With a seed, a session draws the same ids as the one before."""
    driver = ConversationDriver()
    for item_id in first_ids():
        driver.say("conversation.item.create", item={**user("brought back"), "id": item_id})
    driver.append(TURN)
    driver.wait(30.0)
    ids = [
        event["item"]["id"]
        for event in driver.events
        if event["type"] == "conversation.item.created"
    ]
    assert len(set(ids)) == len(ids) == 4 and "error" not in driver.types()
    assert driver.last("response.done")["response"]["status"] == "completed"


def test_the_id_of_an_answer_that_has_not_begun_is_taken_until_it_is_cancelled() -> None:
    _, answer = first_ids()
    mine = {**user("x"), "id": answer}
    driver = ConversationDriver()
    driver.append(TURN)
    assert error_in(driver.say("conversation.item.create", item=mine))["param"] == "item.id"
    driver.say("response.cancel")
    assert driver.say("conversation.item.create", item=mine)[0]["item"]["id"] == answer
