"""The measured programs; each is copied into a folder of its own and run by Pulumi from there."""
