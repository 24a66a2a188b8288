"""A message for the user, as a value that protocol, engine and front ends pass on unchanged."""

from dataclasses import dataclass
from typing import Literal

NoticeLevel = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for the user: what happened, and what the user can do about it.

    text: literal. It may quote the service or a profile, so nothing in it is ever replaced. It is
    complete without the cure, because the journal keeps only the text and a pipeline gets only it.

    cure: empty, or a constant sentence for a front end that has commands. It names commands in
    braces by their ids, as in "{session.toggle} starts it."; braces have no other meaning. The
    front end puts the user's own keys in their place and shows the sentence after the text. A front
    end without commands leaves the cure out.

    over: the texts of earlier notices that are true no longer, which a front end stops showing.
    """

    level: NoticeLevel
    text: str
    cure: str = ""
    over: tuple[str, ...] = ()
