"""Takes one guard against leaks out of the package, so that a test can see that it would notice.

`MUTANT` names the guard. Loaded by every Python process below a `pulumi` command: the program's and the provider's.
"""

import os
from contextlib import nullcontext

import pulumi
from pulumi.dynamic import CheckFailure

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi import redaction as secrets
from warehouse_sync_pulumi.api import client, request_log
from warehouse_sync_pulumi.engine import dynamic as provider
from warehouse_sync_pulumi.engine.manager import Manager
from warehouse_sync_pulumi.engine.packaged import server, values


def no_hiding():
    """What a service echoes in a message or in another field is shown and kept."""
    secrets.hiding = client.hiding = lambda _secrets: lambda text: text


def no_marking():
    """A secret is one only where the program says so."""
    pulumi.Output.secret = staticmethod(pulumi.Output.from_input)
    merge = pulumi.ResourceOptions.merge
    pulumi.ResourceOptions.merge = staticmethod(lambda one, _other: merge(one, None))
    server.sent = lambda properties, _secret=(): values.sent(properties)


def named_failures():
    """A failed check names its property, whose value the engine then prints."""
    provider.CheckFailure = lambda _property, reason: CheckFailure("password", reason)
    named = server.provider_pb2.CheckFailure(property="password")
    server.Servicer._failures = lambda _self, problems: [named] if problems else []
    pulumi.Output.secret = staticmethod(pulumi.Output.from_input)


def kept_answers():
    """Another field of an answer goes into the state as it came, and so does the mask."""
    lifecycle.hide_in = lambda value, _secrets: value
    client.each_text = lambda value, _change: value


def logged_bodies():
    """The log of requests has all that was sent."""

    class Talkative(client.RequestLog):
        def attempt(self, request, *_others):
            request_log._logger.debug("POST %s", request.content)

    client.RequestLog = Talkative


def bare_errors():
    """A failure is raised as it is, with all that led to it, and nothing was learnt of the request."""
    values.secrets = secrets.Secrets()
    Manager.reporting_failures = lambda *_arguments, **_options: nullcontext()


if "MUTANT" in os.environ:
    globals()[os.environ["MUTANT"]]()
