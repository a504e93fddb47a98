"""The column names that the service takes for an identity and not for a user attribute [recorded]; in any case."""

from __future__ import annotations

__all__ = ["IDENTITIES"]

_USER = frozenset(
    {
        "mpid",
        "customerid",
        "customer_id",
        "facebook",
        "twitter",
        "google",
        "microsoft",
        "yahoo",
        "email",
        "facebook_custom_audience_id",
        "other",
        "other_id_2",
        "other_id_3",
        "other_id_4",
        "other_id_5",
        "other_id_6",
        "other_id_7",
        "other_id_8",
        "other_id_9",
        "other_id_10",
        "mobile_number",
        "phone_number_2",
        "phone_number_3",
    }
)
_DEVICE = frozenset(
    {
        "android_uuid",
        "ios_advertising_id",
        "push_token",
        "ios_idfv",
        "android_advertising_id",
        "amp_id",
        "roku_advertising_id",
        "roku_publisher_id",
        "microsoft_advertising_id",
        "microsoft_publisher_id",
        "fire_advertising_id",
        "mp_deviceid",
    }
)

IDENTITIES = _USER | _DEVICE
