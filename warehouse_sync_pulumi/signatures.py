"""Texts that stand for something else in Pulumi's messages: a mark of what a value is, or a value that is not known.

The names are those of its SDK, in `go/common/resource/sig` and `go/common/resource/plugin`.
"""

from __future__ import annotations

__all__ = ["KEY", "OUTPUT_VALUE", "SECRET", "UNKNOWNS", "UNKNOWN_STRING_VALUE"]

KEY = "4dabf18193072939515e22adb298388d"
"""The key, in an object, of the mark that tells what the object stands for."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark
"""The mark of a secret."""
OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""The mark of an output, with what it depends on, and whether it is secret."""
UNKNOWN_STRING_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWNS = {
    "UnknownBoolValue": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "UnknownNumberValue": "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "UnknownStringValue": UNKNOWN_STRING_VALUE,
    "UnknownArrayValue": "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "UnknownAssetValue": "030794c1-ac77-496b-92df-f27374a8bd58",
    "UnknownArchiveValue": "e48ece36-62e2-4504-bad9-02848725956a",
    "UnknownObjectValue": "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
"""One for each type that a value may turn out to have."""
