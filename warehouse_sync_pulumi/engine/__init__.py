"""How Pulumi calls the lifecycle: the dynamic host, the resource class, and what is known of the SDK's inside."""
