"""The names under which secrets appear in events, documents and the environment.

A field is judged in two ways. A recording has to stay replayable, so only certain secrets are
removed from it; a log or a message loses everything that may be one.
"""

import re
from typing import Final

SECRET_FIELDS: Final = frozenset(
    {
        "authorization",
        "api_key",
        "api-key",
        "apikey",
        "credential",
        "agent_access_token",
        "agent-access-token",
        "client_secret",
    }
)
"""Fields of events and profiles whose text is certainly a secret, in lower case (protocol.md
sections 10 and 11)."""
SECRET_TABLES: Final = frozenset({"headers"})
"""Fields that hold a table in which every value is a secret."""
OPEN_PARAMETERS: Final = frozenset(
    {
        *(
            "api-version",
            "model",
            "profile",
            "agent-name",
            "agent-project-name",
            "agent-version",
            "conversation-id",
        ),
        *(
            "agent-id",
            "project-name",
            "foundry-resource-override",
            "agent-authentication-identity-client-id",
        ),
    }
)
"""Query parameters whose values may be shown (protocol.md section 1). The value of any other
parameter may grant access to something."""
_SECRET_VARIABLES: Final = ("_KEY", "_SECRET", "_TOKEN", "_PASSWORD")
# An SDP contains the password of its connection. Token counts are not secrets.
_LIKELY: Final = re.compile(
    r"(?i:authorization|credential|password|secret|username|cookie|sdp)|(?i:keys?|token)(?![a-z]|_details|_count)"
)
_URL: Final = re.compile(r"(?i)ur[li]s?$")
_PATH_PARTS: Final = re.compile(r"[.\[\]]+")


def is_secret_name(name: str) -> bool:
    """Whether an environment variable of this name holds a secret."""
    return name.upper().endswith(_SECRET_VARIABLES)


def may_hold_secret(name: str) -> bool:
    """Whether a field of this name may hold a secret."""
    return _LIKELY.search(name) is not None


def is_url_field(name: str) -> bool:
    """Whether a field of this name holds one or several addresses."""
    return _URL.search(name) is not None


def path_may_hold_secret(path: str) -> bool:
    """Whether a value at this path, such as `session.tools[0].headers.x`, may be a secret or an
    address that contains one."""
    parts = _PATH_PARTS.split(path)
    return any(
        may_hold_secret(part) or is_url_field(part) or part.lower() in SECRET_TABLES
        for part in parts
    )
