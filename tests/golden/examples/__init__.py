"""One or more examples of everything Kith can say: a module a feature, `builder/variant` -> what makes it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from tests.golden.examples.common import Example

_OF = {
    found.name: import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.name != "common"
}

EXAMPLES: Mapping[str, Mapping[str, Example]] = {name: module.EXAMPLES for name, module in _OF.items()}


def builders(feature: str) -> set[str]:
    """Return the names of the feature's public functions that say something: those that take a `say`."""
    return {
        name
        for module in _OF[feature].MODULES
        for name, made in inspect.getmembers(module, inspect.isfunction)
        if made.__module__ == module.__name__
        and not name.startswith("_")
        and "say" in inspect.signature(made).parameters
    }
