"""The rules, as a user meets them, and what they find."""

from __future__ import annotations

from enum import Enum
from typing import Literal, NamedTuple

from typing_extensions import Self

__all__ = ["Finding", "SqlRule"]

Source = Literal["page", "recorded", "guess"]


class SqlRule(str, Enum):
    """The rules that `DataModel` examines its query by; `ignore_sql_rules` turns some of them off.

    Each has where it comes from: the API's reference page, the vendor's other pages and recorded requests, or a guess.
    """

    is_error: bool
    """Whether the preview refuses the query. Any other rule warns."""
    source: Source
    reason: str
    """Why it matters."""

    def __new__(cls, name: str, severity: Literal["error", "warning"], source: Source, reason: str) -> Self:
        """A rule is its name, with what is known of it."""
        rule = str.__new__(cls, name)
        rule._value_ = name
        rule.is_error = severity == "error"
        rule.source = source
        rule.reason = reason
        return rule

    EMPTY = "empty", "error", "page", "The query has to select something."
    SEVERAL_STATEMENTS = "several-statements", "error", "recorded", "The service wraps the query in one of its own."
    NOT_A_SELECT = "not-a-select", "error", "recorded", "Of all statements, the service supports SELECT alone."
    WITH = "with", "error", "recorded", "The service does not support WITH; a subquery in FROM says the same."
    NESTED_WITH = (
        "nested-with",
        "warning",
        "guess",
        "The service does not support WITH; the vendor does not say whether it looks for it within a subquery.",
    )
    NOT_UNDERSTOOD = (
        "not-understood",
        "warning",
        "guess",
        "The query could not be read, so that not all rules were applied. Snowflake is the judge.",
    )
    UNRENDERED_TEMPLATE = (
        "unrendered-template",
        "warning",
        "guess",
        "The service sends the query to Snowflake as it is: a template has to be filled in before.",
    )
    UNSET_VARIABLE = (
        "unset-variable",
        "warning",
        "guess",
        "A data model has no values for variables: Snowflake will refuse one that is not set.",
    )
    ODD_CHARACTER = (
        "odd-character",
        "warning",
        "guess",
        "Snowflake reads no typographic quote, no-break space or byte-order mark outside of a text.",
    )
    EXTRA_COMMA = "extra-comma", "warning", "guess", "Something is missing before a comma: Snowflake will refuse it."
    OTHER_DIALECT = (
        "other-dialect",
        "warning",
        "guess",
        "Another database, or a procedure, knows this syntax: in a query, Snowflake will refuse it.",
    )
    NESTED_STATEMENT = (
        "nested-statement",
        "warning",
        "guess",
        "Within a query there may be nothing but queries: Snowflake will refuse any other statement.",
    )
    STAGE = (
        "stage",
        "warning",
        "guess",
        "The service is documented to read tables; a stage holds files, which its role may not be granted.",
    )
    NO_COLUMNS = "no-columns", "warning", "guess", "A SELECT has to name a column: Snowflake will refuse it."
    LOAD_TIMESTAMP = (
        "load-timestamp",
        "warning",
        "recorded",
        "The service wraps the query and filters on the load timestamp, so its column has to be selected.",
    )
    TRAILING_SEMICOLON = (
        "trailing-semicolon",
        "warning",
        "guess",
        "The service wraps the query in parentheses, where a semicolon is an error.",
    )
    TRAILING_COMMENT = (
        "trailing-comment",
        "warning",
        "guess",
        "The service wraps the query in parentheses, and a comment to the end of the line hides the closing one.",
    )
    UNQUALIFIED_TABLE = (
        "unqualified-table",
        "warning",
        "page",
        "A table may not be found unless it is named in full: database.schema.name.",
    )
    UNDEFINED_ALIAS = (
        "undefined-alias",
        "warning",
        "guess",
        "A column is taken from a table or alias that FROM does not name: Snowflake will refuse it.",
    )
    AGGREGATE_WITHOUT_GROUP_BY = (
        "aggregate-without-group-by",
        "warning",
        "guess",
        "A column beside an aggregate has to be grouped by: Snowflake will refuse it.",
    )
    NOT_GROUPED = (
        "not-grouped",
        "warning",
        "guess",
        "Beside GROUP BY, a column has to be grouped by or aggregated: Snowflake will refuse it.",
    )
    AGGREGATE_IN_WHERE = (
        "aggregate-in-where",
        "warning",
        "guess",
        "WHERE comes before rows are grouped, HAVING after it: Snowflake will refuse the aggregate.",
    )
    UNION_WIDTH = (
        "union-width",
        "warning",
        "guess",
        "The SELECTs of a UNION, INTERSECT or EXCEPT need equally many columns: Snowflake will refuse it.",
    )
    POSITION_OUT_OF_RANGE = (
        "position-out-of-range",
        "warning",
        "guess",
        "A number in ORDER BY or GROUP BY is the position of a column: Snowflake will refuse one that is not there.",
    )
    SELECT_STAR = (
        "select-star",
        "warning",
        "recorded",
        "Every column becomes a user attribute, those too that the table gets later.",
    )
    TOO_MANY_COLUMNS = "too-many-columns", "warning", "recorded", "A data model has at most 100 columns."
    DUPLICATE_COLUMN = (
        "duplicate-column",
        "warning",
        "guess",
        "Every column becomes a user attribute of its name, so only one of several can arrive.",
    )
    NO_IDENTITY = (
        "no-identity",
        "warning",
        "recorded",
        "A row reaches a user's profile by a column that names an identity, such as email or customer_id.",
    )


class Finding(NamedTuple):
    """What a rule found, and where in the query, both counted from 1."""

    rule: SqlRule
    message: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message} [{self.rule.value}]"
