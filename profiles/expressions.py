"""Invariants in FHIRPath that a loaded package brings, executed by a library (fhirpathpy, R4 model).

The library never accuses by its own weakness: an expression is executed only if it is made of functions that we
tried; a failure, a limit reached or a construct it is known to read wrongly gives `None`, which is said as "not
judged". An empty result holds: validators disagree on it.

Chosen after trials on the constraints of the published guides: fhirpathpy 2.2.4 knows the model (`value` reads
`valueQuantity`) and gives the right answer on all of them but for what this module completes; fhirpathrs 0.1.5 is
three times as fast but reads every choice type as absent, which would accuse wrongly.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from profiles.model import Json
from profiles.scope import CURRENT, contained

MAX_LENGTH = 4_000  # characters of an expression
MAX_STEPS = 1_000_000  # nodes of the value, to the power of the loops that the expression nests

LOOPS = frozenset(("where", "select", "all", "exists", "repeat", "descendants"))
TRIED = LOOPS | frozenset(
    ("allTrue", "anyTrue", "allFalse", "anyFalse", "as", "children", "combine", "contains", "convertsToInteger",
     "count", "distinct", "empty", "endsWith", "exclude", "extension", "first", "hasValue", "iif", "indexOf",
     "intersect", "is", "isDistinct", "join", "last", "length", "lower", "matches", "not", "ofType", "replace",
     "resolve", "single", "skip", "split", "startsWith", "subsetOf", "substring", "supersetOf", "tail", "take",
     "toInteger", "toString", "today", "now", "trace", "trim", "union", "upper")
)  # fmt: skip
VARIABLES = {"sct": "http://snomed.info/sct", "loinc": "http://loinc.org", "ucum": "http://unitsofmeasure.org"}
CONTEXT = frozenset(("resource", "rootResource", "context"))
# What an expression says of the id or the extensions of a primitive: the library gives the value twice there.
TWIN_WORDS = ("extension", "id", "children", "descendants")


class Undetermined(Exception):  # noqa: N818
    """The expression cannot be evaluated on this value."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression ready to run, or why it cannot be (`problem`, in French)."""

    problem: str = ""
    run: Callable[[Any, Json], list[Any]] | None = None
    loops: int = 0
    reads_value: bool = False
    reads_twins: bool = False
    reads_resource: bool = False
    names_type: bool = False

    def holds(self, value: Any, type_name: str) -> bool | None:
        """Tell whether the invariant holds on a value of a FHIR type; None when that cannot be told.

        Only an evaluation that ends with exactly one `false` is a breach.
        """
        if self.run is None:
            return None
        try:
            result = self._result(value, type_name)
        except Exception:  # the library raises bare exceptions; whatever went wrong is no fault of the resource
            return None
        return None if len(result) > 1 else result != [False]

    def _result(self, value: Any, type_name: str) -> list[Any]:
        assert self.run is not None
        context = around(type_name) if self.reads_resource else {}
        limit = MAX_STEPS ** (1 / max(1, self.loops))
        if any(size(each, limit) > limit for each in (value, *context.values())):
            raise Undetermined
        context = {name: typed(self._clean(each), "") for name, each in context.items()}
        focus = self._clean(value)
        if not isinstance(focus, dict) and self.reads_value:
            focus = {"value": focus}
        # A path that starts with the type (`Appointment.start`) is only read from a resource given as it is.
        return self.run(focus if self.names_type else typed(focus, type_name), context)

    def _clean(self, value: Any) -> Any:
        cleaned, lost = without_twins(value)
        if lost and self.reads_twins:
            raise Undetermined
        return cleaned


@functools.lru_cache(maxsize=4096)
def expression(text: str) -> Expression:
    """Return an expression compiled (once for all), with its problem when it cannot be executed."""
    from fhirpathpy import compile as compile_path
    from fhirpathpy.models import models
    from fhirpathpy.parser import parse

    if not text:
        return Expression("il n'a pas d'expression FHIRPath")
    if len(text) > MAX_LENGTH:
        return Expression("son expression est trop longue")
    try:
        check_syntax(text)
        tree = parse(text)
    except Exception:
        return Expression("son expression n'est pas du FHIRPath")
    functions = set(called(tree))
    if unknown := sorted(functions - TRIED):
        return Expression(f"fonction {', '.join(unknown)} non exécutée")
    variables = set(named(tree, "ExternalConstant"))
    if unknown := sorted(variables - CONTEXT - VARIABLES.keys()):
        return Expression(f"variable {', '.join(unknown)} inconnue")
    words = set(named(tree, "Identifier"))
    try:
        # `select` gives `$this` its value, which the library leaves undefined at the root of an expression.
        run = compile_path(f"select({text})", models["r4"], {"userInvocationTable": OWN, "traceFn": silent})
    except Exception:
        return Expression("son expression n'est pas du FHIRPath")
    return Expression(
        run=lambda value, context: run(value, {**VARIABLES, **context}),
        loops=depth(tree),
        reads_value="value" in words,
        reads_twins=bool(words & set(TWIN_WORDS)),
        reads_resource=bool(variables & CONTEXT) or "resolve" in functions,
        names_type=any(name[:1].isupper() for name in members(tree)),
    )


def check_syntax(text: str) -> None:
    """Raise an exception for what is not FHIRPath from end to end: the library would run what it could read of it."""
    from antlr4 import CommonTokenStream, InputStream, Token
    from antlr4.error.ErrorListener import ErrorListener
    from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
    from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

    class Strict(ErrorListener):  # type: ignore[misc]
        def syntaxError(self, *details: Any) -> None:  # noqa: N802 (name of the library)
            raise SyntaxError(str(details[4]))

    lexer = FHIRPathLexer(InputStream(text))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for each in (lexer, parser):
        each.removeErrorListeners()
        each.addErrorListener(Strict())
    parser.expression()
    if parser.getTokenStream().LA(1) != Token.EOF:
        raise SyntaxError(text)


def silent(*_: Any) -> None:
    """Nothing is written by `trace()`."""


def called(tree: Json) -> Iterator[str]:
    """Yield the names of the functions of a parsed expression."""
    yield from filter(None, map(called_as, nodes(tree)))


def named(tree: Json, kind: str) -> Iterator[str]:
    """Yield the texts of the nodes of a kind, without what surrounds a name (`%`, backquotes)."""
    for node in nodes(tree):
        if node.get("type") == kind:
            yield str(node.get("text") or node["children"][0].get("text", "")).strip("%`'")


def nodes(tree: Json) -> Iterator[Json]:
    """Yield all the nodes of a parsed expression."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("children", [])


def members(tree: Json) -> Iterator[str]:
    """Yield the names that an expression navigates to (types after `is`, `as` and `ofType` are none)."""
    if tree.get("type") == "TypeSpecifier" or called_as(tree) in ("is", "as", "ofType"):
        return
    if tree.get("type") == "MemberInvocation":
        yield tree["children"][0]["text"].strip("`")
    for child in tree.get("children", []):
        yield from members(child)


def called_as(node: Json) -> str:
    """Return the name of the function that a node calls, empty for another node."""
    return str(node["children"][0]["text"]) if node.get("type") == "Functn" else ""


def depth(tree: Json) -> int:
    """Return how many loops the expression nests, at most; `exists()` without a criterion is none."""
    name = called_as(tree)
    own = 1 if name in LOOPS and (name != "exists" or len(tree["children"]) > 1) else 0
    return own + max((depth(child) for child in tree.get("children", [])), default=0)


def size(value: Any, limit: float) -> int:
    """Count the nodes of a value, no further than just above a limit."""
    count, waiting = 0, [value]
    while waiting and count <= limit:
        each = waiting.pop()
        count += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return count


def around(type_name: str) -> Json:
    """Return what `%resource` and `%rootResource` stand for, for an element of that type.

    Raises Undetermined outside a judgment, and for an element that may be that of an entry: where a Bundle or
    Parameters describes the resources inside it in place, the scope does not know which one the element is in.
    """
    stack = CURRENT.get().stack
    if not stack:
        raise Undetermined
    resource = root = stack[-1]
    holder = resource.get("resourceType")
    if holder in ("Bundle", "Parameters") and type_name.split(".")[0] != holder:
        raise Undetermined
    if len(stack) > 1 and any(each is resource for each in contained(stack[-2])):
        root = stack[-2]
    return {"resource": resource, "rootResource": root}


def typed(value: Any, type_name: str) -> Any:
    """Return a value that the library takes for one of that FHIR type (a resource says its own)."""
    from fhirpathpy.engine.nodes import ResourceNode

    return ResourceNode.create_node(value, type_name)


def without_twins(value: Any) -> tuple[Any, bool]:
    """Return a value without the `_name` twins of the primitives that have a value, and whether there were any.

    With its twin the library would give such a primitive as two nodes. A primitive that has only its twin keeps it.
    """
    if isinstance(value, list):
        pairs = [without_twins(each) for each in value]
        return [each for each, _ in pairs], any(lost for _, lost in pairs)
    if not isinstance(value, dict):
        return value, False
    result, lost = {}, False
    for name, each in value.items():
        if name[:1] == "_" and value.get(name[1:]) is not None:
            lost = True
            continue
        if isinstance(each, list) and isinstance(twins := value.get(f"_{name}"), list):
            each = [twin if one is None else one for one, twin in zip(each, twins, strict=False)]
        result[name], inner = without_twins(each)
        lost = lost or inner
    return result, lost


def has_value(inputs: list[Any]) -> list[bool]:
    """hasValue(): one primitive that has a value (FHIR R4, additions to FHIRPath)."""
    return [len(inputs) == 1 and inputs[0] is not None and not isinstance(inputs[0], (dict, list))]


def resolve(inputs: list[Any]) -> list[Any]:
    """resolve(): what references name, among the contained resources and the entries of the bundle.

    Raises Undetermined for a reference that leads elsewhere: nobody can tell what is there.
    """
    found = [CURRENT.get().target(str(i.get("reference") if isinstance(i, dict) else i)) for i in inputs]
    if None in found:
        raise Undetermined
    return [typed(without_twins(each)[0], "") for each in found]


def matches(inputs: list[Any], pattern: str) -> list[bool]:
    """matches(), by an engine whose time grows with the text only, whatever the pattern."""
    if not inputs:
        return []
    return [pattern_of(pattern).is_valid(str(inputs[0]))]


@functools.lru_cache(maxsize=1024)
def pattern_of(pattern: str) -> Any:
    """Return a pattern compiled. Raises ValueError for one that the engine does not know."""
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions())


OWN: dict[str, Json] = {
    "hasValue": {"fn": has_value, "arity": {0: []}},
    "resolve": {"fn": resolve, "arity": {0: []}},
    "matches": {"fn": matches, "arity": {1: ["String"]}},
}
