"""Texts that stand for something else in Pulumi's messages."""

from __future__ import annotations

from pulumi.runtime import rpc

from warehouse_sync_pulumi import signatures


def test_they_are_those_of_the_sdk():
    """As far as the SDK for Python has them."""
    ours = (signatures.KEY, signatures.SECRET, signatures.OUTPUT_VALUE, signatures.UNKNOWN_STRING_VALUE)
    sdk = (rpc._special_sig_key, rpc._special_secret_sig, rpc._special_output_value_sig, rpc.UNKNOWN)
    assert ours == sdk


def test_each_type_has_an_unknown_of_its_own():
    assert len(set(signatures.UNKNOWNS.values())) == len(signatures.UNKNOWNS) == 7
