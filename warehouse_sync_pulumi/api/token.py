"""What the authorization server answers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Secret,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)

__all__ = ["Token"]


class Token(BaseModel):
    """An access token. Without one that can be read, the answer is none."""

    model_config = ConfigDict(hide_input_in_errors=True)

    # It travels in a header: anything but visible ASCII in it is no token.
    access_token: Secret[Annotated[str, StringConstraints(pattern=r"^[!-~]+$")]]
    expires_in: float | None = Field(None, allow_inf_nan=False)
    """Seconds; None when it does not say."""

    @field_validator("expires_in", mode="wrap")
    @classmethod
    def _none_when_it_is_no_number(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError:
            return None
