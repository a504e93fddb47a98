"""The HTTP side: the only user of httpcore, and no user of Pulumi.

`Client` speaks for the API's endpoints. Below it, authentication stands above the transport and retries in it, so that
each attempt is one request and the caller knows of neither.

Nothing is imported here: a preview makes no request, and must not pay for an HTTP library.
"""
