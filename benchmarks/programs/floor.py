"""Resources that do nothing: the floor."""

from benchmarks.declared import declare
from benchmarks.nothing import Connection, DataModel, Pipeline

declare(Connection, DataModel, Pipeline)
