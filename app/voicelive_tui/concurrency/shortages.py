"""What a user can do about a lack of this machine's resources, by the operating system's error
number."""

import errno
from typing import Final

SHORTAGES: Final = {
    errno.EMFILE: "close other sessions, or raise the limit of open files with `ulimit -n`",
    errno.ENFILE: "close other programs, because this machine has no room for more open files",
    errno.ENOMEM: "close other programs, because this machine has too little memory",
    errno.EAGAIN: "close other programs, or raise the limit of processes with `ulimit -u`",
}
"""The cure for each error number; it completes "...; <cure>."."""
