"""A Pulumi provider for mParticle's Warehouse Sync API."""
