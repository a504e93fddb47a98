"""What the API answers, as far as it is known.

Each model takes whatever comes. A field that this version does not know is kept. A value that is not of the noted type,
such as a new word or another shape, is kept as it was sent; a number that is sent as text is a number. A field that is
left out is None.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from ..redaction import MASK, hide_in

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Connection", "DataModel", "ErrorBody", "Pipeline", "PipelineRun", "PipelineStatus"]

LEFT_OUT: Any = None
"""The default of a field that the API always has [page], and that may be missing all the same."""


class Answer(BaseModel):
    """One answer of the API; `answer["field"]` is the same as its attribute."""

    # Built when they are used: a deployment uses only the smallest of them.
    model_config = ConfigDict(extra="allow", hide_input_in_errors=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _without_masks(cls, answer: Any) -> Any:
        """In place of a secret the API answers a mask [recorded], which tells nothing."""
        sent = {name: value for name, value in answer.items() if value != MASK} if isinstance(answer, dict) else answer
        return hide_in(sent, ())

    @field_validator("*", mode="wrap")
    @classmethod
    def _kept_where_it_does_not_fit(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError:
            return value

    def model_post_init(self, _context: Any, /) -> None:
        """Hold what was sent and nothing else, since Pulumi exports an object by its `__dict__`."""
        unknown = {name: value for name, value in (self.model_extra or {}).items() if not hasattr(type(self), name)}
        known = {name: value for name, value in self.__dict__.items() if name in self.model_fields_set}
        object.__setattr__(self, "__dict__", known | unknown)

    @property
    def __iter__(self) -> Any:
        """There is none: Pulumi exports whatever can be iterated as a list."""
        raise AttributeError("__iter__")

    if not TYPE_CHECKING:  # a type checker refuses what is not declared

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                return None
            try:
                return super().__getattr__(name)
            except AttributeError:
                has = ", ".join(sorted(self.model_dump()))
                raise AttributeError(f"{type(self).__name__} has no {name}: it has {has}") from None

    def __getitem__(self, name: str) -> Any:
        if name in type(self).model_fields:
            return getattr(self, name)
        return (self.model_extra or {})[name]

    @model_serializer
    def _as_sent(self) -> dict[str, Any]:
        """What was sent, but for secrets."""
        secret = {name for name, field in type(self).model_fields.items() if field.exclude}
        return {name: value for name, value in (self.__dict__ | (self.model_extra or {})).items() if name not in secret}


def _as_text(value: Any) -> Any:
    """A secret that is no text is one all the same."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


Hidden = Annotated[SecretStr, BeforeValidator(_as_text)]


class Connection(Answer):
    """A connection."""

    service_account_key: Hidden | None = Field(None, exclude=True, repr=False)

    # Written by `make reference` from here on, from the resource's outputs.
    id: str = LEFT_OUT
    connection_id: str = Field(LEFT_OUT, validation_alias=AliasChoices("connection_id", "id"))
    """The same as `id`."""
    name: str = LEFT_OUT
    workspace_id: int = LEFT_OUT
    type: str = LEFT_OUT
    source_account_id: str | None = None
    region: str | None = None
    warehouse: str | None = None
    database: str | None = None
    role: str | None = None
    user: str | None = None
    password: Hidden | None = Field(None, exclude=True, repr=False)
    snowflake_aws_iam_user_arn: str | None = None
    snowflake_aws_external_id: str | None = None
    is_active: bool | None = None
    is_faulted: bool | None = None
    created_on: str | None = None
    created_by: str | None = None
    last_modified_on: str | None = None
    last_modified_by: str | None = None


class DataModel(Answer):
    """A data model."""

    # Written by `make reference` from here on, from the resource's outputs.
    id: str = LEFT_OUT
    data_model_id: str = Field(LEFT_OUT, validation_alias=AliasChoices("data_model_id", "id"))
    """The same as `id`."""
    name: str = LEFT_OUT
    workspace_id: int = LEFT_OUT
    type: str = LEFT_OUT
    sql_query: str | None = None
    load_timestamp_field_name: str | None = None
    load_timestamp_field_type: str | None = None
    load_timestamp_field_time_zone: str | None = None
    load_timestamp_field_time_offset: int | None = None
    is_active: bool | None = None
    created_on: str | None = None
    created_by: str | None = None
    last_modified_on: str | None = None
    last_modified_by: str | None = None


class Pipeline(Answer):
    """A pipeline."""

    # Written by `make reference` from here on, from the resource's outputs.
    id: str = LEFT_OUT
    pipeline_id: str = Field(LEFT_OUT, validation_alias=AliasChoices("pipeline_id", "id"))
    """The same as `id`."""
    name: str = LEFT_OUT
    workspace_id: int = LEFT_OUT
    connection_id: str | None = None
    data_model_id: str | None = None
    partner_feed_id: int | None = None
    partner_feed_key: Hidden | None = Field(None, exclude=True, repr=False)
    schedule_interval: str | None = None
    schedule_start_time: str | None = None
    schedule_end_time: str | None = None
    environment: str | None = None
    is_active: bool | None = None
    is_draft: bool | None = None
    is_faulted: bool | None = None
    faulted_reason: str | None = None
    created_on: str | None = None
    created_by: str | None = None
    last_modified_on: str | None = None
    last_modified_by: str | None = None


class PipelineRun(Answer):
    """A run of a pipeline."""

    id: str = LEFT_OUT
    """The pipeline's, as the API has it."""
    pipeline_id: str = Field(LEFT_OUT, validation_alias=AliasChoices("pipeline_id", "id"))
    """The same as `id`."""

    # Written by `make reference` from here on, from the resource's outputs.
    workspace_id: int = LEFT_OUT
    pipeline_run_id: int = LEFT_OUT
    pipeline_run_state: str = LEFT_OUT
    pipeline_run_type: str | None = None
    is_externally_triggered: bool | None = None
    logical_date: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    data_interval_start: str | None = None
    data_interval_end: str | None = None
    records_extracted: int | None = None
    records_mapped: int | None = None
    event_batches_generated: int | None = None
    created_on: str | None = None
    created_by: str | None = None
    last_modified_on: str | None = None
    last_modified_by: str | None = None


class PipelineStatus(Answer):
    """The status of a pipeline."""

    pipeline_id: str = LEFT_OUT
    """The pipeline's id."""
    workspace_id: int = LEFT_OUT
    """The workspace that it is in."""
    is_active: bool | None = None
    """Whether the pipeline runs by its schedule. [page]"""
    is_faulted: bool | None = None
    """Whether something keeps it from running; the pipeline's own `faulted_reason` says what. [page]"""
    is_connection_active: bool | None = None
    """Whether its connection may be used. [page]"""
    is_connection_faulted: bool | None = None
    """Whether its connection does not reach the warehouse. [page]"""
    latest_pipeline_run: PipelineRun | None = None
    """The most recent run by its `logical_date`."""


class _Message(Answer):
    """One error, in any of the shapes that sibling APIs give it [recorded]."""

    message: str | None = None
    error_description: str | None = None
    error: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, error: Any) -> Any:
        return {"message": error} if isinstance(error, str) else error if isinstance(error, dict) else {}

    @property
    def texts(self) -> Iterator[str]:
        """What it says."""
        return (text for text in (self.message, self.error_description, self.error) if isinstance(text, str))


class ErrorBody(_Message):
    """What a refusal holds [page]; a list, or one error by itself, is read as well."""

    errors: list[_Message] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, body: Any) -> Any:
        errors = body.get("errors", [body]) if isinstance(body, dict) else body
        return {"errors": errors if isinstance(errors, list) else [errors]}

    @property
    def texts(self) -> Iterator[str]:
        """What its errors say, one after the other."""
        return (text for error in self.errors or () for text in error.texts)
