"""What a test sees and changes: the journal, faults, objects and the clock, in the process or over HTTP."""
