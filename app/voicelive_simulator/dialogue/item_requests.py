"""The client's requests about items: the conversation.item.* events except truncate, and
input_text.* (protocol.md 4)."""

from __future__ import annotations

from voicelive_simulator.api.errors import Refused, quote
from voicelive_simulator.api.ids import Ids
from voicelive_simulator.api.schema import JSON, Reading
from voicelive_simulator.dialogue.responses.params import ResponseParams
from voicelive_simulator.dialogue.responses.scheduler import ResponseScheduler
from voicelive_simulator.dialogue.state.effects import EffectQueue
from voicelive_simulator.dialogue.state.input_text import InputTexts
from voicelive_simulator.dialogue.state.item_fields import build_item
from voicelive_simulator.dialogue.state.items import Item, Items
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_simulator.sound.input_audio import InputFormat


class ItemRequests:
    """Changes items and sends events for checked client events (api.client_events). Every method
    raises Refused for what the conversation cannot do."""

    def __init__(
        self,
        session: SessionConfig,
        items: Items,
        ids: Ids,
        effects: EffectQueue,
        responses: ResponseScheduler,
    ) -> None:
        self._session = session
        self._items = items
        self._ids = ids
        self._effects = effects
        self._responses = responses
        self._texts = InputTexts(ids)

    def create(self, event: JSON, reading: Reading, now_s: float) -> None:
        """Add an item. An approval starts the call that it approves; a denial is only kept."""
        item = self._build(event["item"], reading, "item")
        self._items.refuse_orphan_output(item)
        request = self._items.approval_request_for(item)
        self._add(item, event.get("previous_item_id"))
        if request is not None:
            target, request.approval_target = request.approval_target, None
            if target and item.wire["approve"]:
                self._responses.run_approved(request, target, now_s)

    def delete(self, event: JSON) -> None:
        self._items.delete(event["item_id"])
        self._effects.send({"type": "conversation.item.deleted", "item_id": event["item_id"]})

    def retrieve(self, event: JSON) -> None:
        """Send the item as it is now. A user's audio is not kept, so its part has `audio` null, as
        in every other event."""
        item = self._items.find(event["item_id"])
        self._effects.send({"type": "conversation.item.retrieved", "item": item.to_json()})

    def text_delta(self, event: JSON) -> None:
        """Collect a delta; like audio deltas it has no reply."""
        item_id = event.get("id") or ""
        if item_id in self._items or item_id == "root":
            raise Refused(
                f"The id {quote(item_id)} is taken; text is streamed into a new item.", param="id"
            )
        self._texts.delta(item_id, event["content_index"], event["delta"])

    def text_done(self, event: JSON) -> None:
        item = self._texts.done(event.get("id") or "", event["content_index"])
        if item is not None:
            self._add(item, None)

    def context(self, params: ResponseParams, reading: Reading) -> list[Item]:
        """The items that the model would see: the conversation, or `input_items` instead, then
        `append_input_items`. Neither of the two is added to the conversation."""

        def built(name: str) -> list[Item]:
            return [
                self._build(entry, reading, f"response.{name}[{n}]")
                for n, entry in enumerate(params.items(name) or ())
            ]

        base = (
            self._items.in_order() if params.items("input_items") is None else built("input_items")
        )
        return [*base, *built("append_input_items")]

    def _build(self, requested: object, reading: Reading, param: str) -> Item:
        audio_format = InputFormat(
            self._session["input_audio_format"], self._session["input_audio_sampling_rate"]
        )
        return build_item(
            requested,
            reading,
            self._ids,
            audio_format if self._session.opening.is_native else None,
            param=param,
        )

    def _add(self, item: Item, previous_item_id: str | None) -> None:
        self._items.refuse_when_full(item.chars)
        previous = self._items.add(item, previous_item_id or None)
        if item.role == "user":
            self._responses.turn += 1
        self._effects.send(
            {
                "type": "conversation.item.created",
                "previous_item_id": previous,
                "item": item.to_json(),
            }
        )
