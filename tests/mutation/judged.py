"""The mutants that no quick test kills, and why none needs to."""

JUDGED: dict[str, dict[str, str]] = {
    "engine/dynamic.py": {
        "_tell: sdk.log(message, fleeting=True) -> pass": "Shown while a request waits, and only by the engine.",
        "_tell: True -> False": "Shown while a request waits, and only by the engine.",
    },
    "engine/requirement.py": {
        "_installed: 0 -> 1 (2)": "An SDK without a version is older than any, and refused either way.",
    },
    "engine/resource.py": {
        "SyncResource.__init__: sdk.await_only('workspace_id', self) -> pass": "It saves time, and does nothing else.",
    },
    "lifecycle/updating.py": {
        "_is_another: abs((made[0] - made[1]).total_seconds()) > 1 -> abs((made[0] - made[1]).total_seconds()) >= 1": (
            "Times that lose their fractions differ by less than a second, and another object's by more."
        ),
    },
}
