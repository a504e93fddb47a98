"""What `warehouse-sync doctor` looks at: this machine, the settings, and the way to the service.

Each module yields findings. Nothing is changed, here or at the service.
"""
