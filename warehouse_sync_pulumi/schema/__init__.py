"""What an argument is: its field, the checks of its value, timestamps."""

from .arguments import Flag, Id, ObjectArgs, Secret, Slug, Text, Timestamp, Workspace
from .kind import Field, Kind, Problem, no_such_argument
from .timestamps import format_timestamp, moment_of, parse_timestamp, same_second, same_timestamp, timestamp
from .values import choice, flag, not_the_mask, number, same_value, slug, text

__all__ = [
    "Field",
    "Flag",
    "Id",
    "Kind",
    "ObjectArgs",
    "Problem",
    "Secret",
    "Slug",
    "Text",
    "Timestamp",
    "Workspace",
    "choice",
    "flag",
    "format_timestamp",
    "moment_of",
    "no_such_argument",
    "not_the_mask",
    "number",
    "parse_timestamp",
    "same_second",
    "same_timestamp",
    "same_value",
    "slug",
    "text",
    "timestamp",
]
