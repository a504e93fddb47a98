"""The host of programs in any language: a packaged provider, which the engine talks to directly."""

from .package import Package, Resource
from .server import serve

__all__ = ["Package", "Resource", "serve"]
