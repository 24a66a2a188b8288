"""The names under which secrets stand in events, documents and the environment.

There are two judgements of a field. A recording has to be replayed, so it lacks only what is a
secret for certain; a log or a message lacks everything that may be one.
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
"""Fields of events and profiles whose text is a secret for certain, in lower case (protocol.md
sections 10 and 11)."""
SECRET_TABLES: Final = frozenset({"headers"})
"""Fields whose every value is one."""
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
"""What a query may say in the open (protocol.md section 1); every other parameter may be a ticket
to somewhere."""
_SECRET_VARIABLES: Final = ("_KEY", "_SECRET", "_TOKEN", "_PASSWORD")
# An SDP holds the password of its connection; what counts tokens is none.
_LIKELY: Final = re.compile(
    r"(?i:authorization|credential|password|secret|username|cookie|sdp)|(?i:keys?|token)(?![a-z]|_details|_count)"
)
_URL: Final = re.compile(r"(?i)ur[li]s?$")
_PATH_PARTS: Final = re.compile(r"[.\[\]]+")


def is_secret_name(name: str) -> bool:
    """Whether a variable of the environment holds a secret, as its name says."""
    return name.upper().endswith(_SECRET_VARIABLES)


def may_hold_secret(name: str) -> bool:
    """Whether a field of this name may hold a secret, as far as its name tells."""
    return _LIKELY.search(name) is not None


def is_url_field(name: str) -> bool:
    """Whether a field of this name holds an address, or several."""
    return _URL.search(name) is not None


def path_may_hold_secret(path: str) -> bool:
    """Whether a value at this path, such as `session.tools[0].headers.x`, may be a secret or hold
    one in an address."""
    parts = _PATH_PARTS.split(path)
    return any(
        may_hold_secret(part) or is_url_field(part) or part.lower() in SECRET_TABLES
        for part in parts
    )
