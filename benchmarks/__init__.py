"""How long Pulumi's operations take with this provider, measured beside the floor and beside a plain provider.

`make bench` runs it. docs/performance.md says what is measured and how to read it.
"""
