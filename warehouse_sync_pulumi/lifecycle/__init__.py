"""What happens to an object between a program and the API: check, diff, create, read, update, delete.

Once, for every kind and for whoever hosts it: it knows neither Pulumi's wire nor HTTP. `pipeline_runs` has the same for
a `PipelineRun`, `runs` triggers and follows runs, and `poll_timer` bounds every wait.
"""

from .checking import EXPLICIT_NONE, IMPORT, MARKED_SECRET, check
from .client import Client
from .creating import Created, CreateRecord, create
from .outputs import DEFAULTS, SENT, address_in_state, address_of, adjusted, inputs_of, outputs_of
from .reading import delete, read
from .updating import Difference, Updated, diff, update

__all__ = [
    "DEFAULTS",
    "EXPLICIT_NONE",
    "IMPORT",
    "MARKED_SECRET",
    "SENT",
    "Client",
    "CreateRecord",
    "Created",
    "Difference",
    "Updated",
    "address_in_state",
    "address_of",
    "adjusted",
    "check",
    "create",
    "delete",
    "diff",
    "inputs_of",
    "outputs_of",
    "read",
    "update",
]
