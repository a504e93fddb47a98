"""The HTTP side: the only user of httpx, and no user of Pulumi.

`Client` speaks for the API's endpoints, through one `httpx.Client` that is put together of small parts:

| part | what it adds to httpx |
|---|---|
| `auth.TokenAuth` | an access token on each request |
| `retry.RetryTransport` | retries where they are safe, and one gate for all threads after a 429 |
| `whole_answer.WholeAnswerTransport` | an answer is read whole, as it was sent, and no further than a bound |
| `network.NetworkTransport` | proxies, certificate authorities, time-outs, the longest time of an answer |

Nothing is imported here: a preview makes no request, and must not wait for an HTTP library.
"""
