"""Changes of a tab's profile in memory.

Invariant: a profile that equals the one of its file is that very object, so that `edited` says
whether the two differ.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from voicelive_common.redaction.quote import quote_line

from voicelive_tui.engine.tab import ProfileContent
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.profile.profile import Profile, edited_profile
from voicelive_tui.model.profile.setting_values import with_setting

Changes = tuple[tuple[str, Any], ...]
"""Dotted keys with their new values, or `REMOVED`."""
_LONGEST = 300


def replace_file(
    content: ProfileContent, profile: Profile, changes: Changes
) -> ProfileContent | Notice:
    """Return the tab's content after its file was read again or saved. changes: what differs from
    the file in memory."""
    return edit(replace(content, profile=profile, file_profile=profile), changes)


def edit(content: ProfileContent, changes: Changes) -> ProfileContent | Notice:
    """Return the tab's content with these changes of its profile, or the notice that says why the
    profile would be broken with them."""
    document: Mapping[str, Any] = content.profile.document
    try:
        for key, value in changes:
            document = with_setting(document, key, value)
    except IndexError as error:
        return Notice("error", f"Not changed: {error}.")
    if document == content.file_profile.document:
        return replace(content, profile=content.file_profile)
    profile, problems = edited_profile(content.profile, document)
    if profile is None:
        return _refusal(problems)
    return replace(content, profile=profile)


def drop_changes(content: ProfileContent, keys: tuple[str, ...]) -> ProfileContent | Notice:
    """Return the tab's content without the changes that its session does not have. keys: those to
    take back; empty for all."""
    if content.session is None:
        return content
    return edit(content, content.session.settings_to_take_back(keys))


def _refusal(problems: tuple[Problem, ...]) -> Notice:
    problem = next(each for each in problems if each.unusable)
    hint = f" ({problem.hint})" if problem.hint else ""
    return Notice("error", quote_line(f"Not changed: {problem.message}{hint}.", _LONGEST))
