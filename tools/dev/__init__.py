"""The development stack: the root's Pulumi program deployed to an emulator of the API that runs in the background.

All that it keeps, the stack's state, its config, the emulator's memory and its log, is in `.dev`.
"""
