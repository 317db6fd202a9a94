"""Jinja with less ado: a page is thousands of small pieces, and the usual way spends more on each than it says.

What a page says stays exactly the same; two things are cheaper:

* a piece that needs no escaping goes out as it is, without being wrapped in `Markup` first;
* a plain function or a macro is called without asking what else it could be.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from flask.globals import _cv_app
from flask.templating import Environment as FlaskEnvironment
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

context: Callable[[], Any] = _cv_app.get
"""The present application context: what `g` asks as well, without its detours. LookupError where there is none."""


def shown(value: Any) -> str:
    """A value as it stands in a page: escaped, unless it is markup already."""
    kind = type(value)
    if kind is str:
        if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
            return escape(value)
        return value
    if kind is Markup:
        return value
    return str(value) if kind is int else escape(value)


class Pieces(CodeGenerator):
    """Lets the code of a template put its pieces out by `shown`."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Calls(Context):
    """Calls what is plain at once."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something from a template; functions that want the context get it in the usual way."""
        kind = type(obj)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif (kind is not FunctionType and kind is not MethodType) or hasattr(obj, "jinja_pass_arg"):
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


class Environment(FlaskEnvironment):
    """Where templates live."""

    code_generator_class = Pieces
    context_class = Calls
    shown = staticmethod(shown)
