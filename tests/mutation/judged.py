"""The mutants that no quick test kills, and why none needs to."""

# ruff: noqa: E501 - a mutant is named by its code

JUDGED: dict[str, dict[str, str]] = {
    "engine/create_records.py": {
        "CreateRecord.may_be_made_by_this_run: made.timestamp() >= self._began - _CLOCKS -> made.timestamp() > self._began - _CLOCKS": "On which side of a margin of two minutes the very moment falls makes no difference.",
    },
    "engine/dependencies.py": {
        "once_they_exist: set(wanted) if isinstance(wanted, (list, tuple)) else {wanted} -> set(wanted) if not isinstance(wanted, (list, tuple)) else {wanted}": "Held under the engine alone, by what depends on a component (tests/engine/test_get.py).",
    },
    "engine/dynamic.py": {
        "SyncProvider.configure: sdk.lift_concurrency_limit() -> pass": "Held under the engine alone: more calls are served at once (tests/engine/test_sdk_inside.py).",
    },
    "engine/manager.py": {
        "Manager.is_up_to_date: not difference.changed and (not difference.is_unfinished) -> not difference.changed or not difference.is_unfinished": "Held under the engine alone, by the way to the packaged provider and back (tests/engine/packaged).",
    },
    "engine/objects.py": {
        "ObjectManager.read: 404 -> 405": "Nobody reads the status of this failure, which is raised here and shown as text.",
        "ObjectManager.create: self._tell_written({}, inputs) -> pass": "A message after an import, held under the engine alone (tests/engine/test_import_option.py).",
    },
    "engine/operation.py": {
        "Log.__init__: atexit.register(self.close) -> pass": "Held under the engine alone: nothing is left behind (tests/engine/packaged/test_two_providers.py).",
        "_opened: os.close(file) -> pass": "It saves an open file until the process ends.",
        "_remove_unless_used: os.close(file) -> pass": "It saves an open file until the process ends.",
    },
    "engine/requirement.py": {
        "_installed: 0 -> 1 (2)": "An SDK without a version is older than any, and refused either way.",
    },
    "engine/resource.py": {
        "SyncResource.__init__: sdk.await_only('workspace_id', self) -> pass": "It saves time, and does nothing else.",
        "SyncResource.__init__: sorted((name for name in kind.nullable & args.keys() if args[name] is None)) or None -> sorted((name for name in kind.nullable & args.keys() if args[name] is None)) and None": "What a program says to be None, held under the engine alone (tests/engine/test_import.py).",
    },
}
