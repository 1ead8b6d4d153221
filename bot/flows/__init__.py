"""Every flow, a script each: importing this package imports each of its modules, which registers them."""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__, prefix=f"{__name__}."):
    import_module(module.name)
