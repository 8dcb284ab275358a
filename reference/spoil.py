"""How a defect spoils the product: a change of a request or of an answer that leaves it, or a switch of its code.

`outgoing("POST", "/fhir/Appointment").json("start", drop_offset)` changes a request of the product;
`answering("GET", "/sas/fhir/Slot").json("entry.*.resource.end", REMOVE)` what one of its APIs answers; `switch("…")`
names a reaction that the product's code asks about with `defects.has("…")` (list of switches: `defects/__init__.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

REMOVE: Final = object()
"""Returned by a change to take the element, header or field away."""


@dataclass
class Outgoing:
    """A request about to leave: what a defect may change.

    origin: scheme and host; query: raw, as it will be sent; xml: root of a message (lxml); about: facts on the
    person concerned (`ins`, `nom`…), that a correct product never sends; certificate: which one to present, where
    there are several; parts: what is attached to the message, by Content-ID; action: its SOAP action, with parts.
    """

    method: str
    origin: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: dict[str, str] | None = None
    xml: Any = None
    about: Mapping[str, str] = field(default_factory=dict)
    certificate: str = ""
    parts: dict[str, bytes] = field(default_factory=dict)
    action: str = ""


@dataclass
class Written:
    """A piece that the product has just written and that goes inside a request: what a defect may change.

    method: what it is, `CDA` (a document), `VIHF` (an assertion not yet signed). path: kind of the document, or
    transaction of the assertion. xml: its root (lxml).
    """

    method: str
    path: str
    xml: Any


@dataclass
class Answering:
    """An answer of an API of the product about to leave: what a defect may change.

    method, path, query: of the request that is answered, query as received. json: the resource, None without one.
    """

    method: str
    path: str
    status: int
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None


Message = Outgoing | Answering | Written
Change = Callable[[Any], None]
Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Switch:
    """A reaction that the product's code asks about by its name."""

    name: str


@dataclass(frozen=True)
class Spoil:
    """Changes made to each message of this kind and these methods, whose path ends so, and for which `when` holds.

    beside: what no path holds that is aimed at (`/rdv/`).
    """

    methods: tuple[str, ...]
    path: str
    changes: tuple[Change, ...] = ()
    when: Callable[[Any], bool] = lambda _: True
    kind: type[Message] = Outgoing
    beside: tuple[str, ...] = ()

    def apply(self, message: Message) -> None:
        """Change the message in place when it is one of those aimed at."""
        if self.aims_at(message):
            for change in self.changes:
                change(message)

    def aims_at(self, message: Message) -> bool:
        """Whether this message is one of those that are changed."""
        named = isinstance(message, self.kind) and message.method in self.methods and message.path.endswith(self.path)
        return named and not any(part in message.path for part in self.beside) and self.when(message)

    def and_then(self, change: Change) -> Spoil:
        """The same, with one more change made to the whole message."""
        return replace(self, changes=(*self.changes, change))

    def only_if(self, when: Callable[[Any], bool]) -> Spoil:
        """The same, for messages of which `when` is true."""
        return replace(self, when=when)

    def json(self, path: str, value: Any) -> Spoil:
        """Change an element of the body; path: dotted, `*` for each item of a list; value: new value or function."""
        return self.and_then(lambda request: edit(request.json, path.split("."), _function(value)))

    def header(self, name: str, value: Any) -> Spoil:
        """Change a header."""
        return self.and_then(lambda request: edit(request.headers, [name], _function(value)))

    def form(self, name: str, value: Any) -> Spoil:
        """Change a field of a form-encoded body."""
        return self.and_then(lambda request: edit(request.form, [name], _function(value)))

    def xml(self, path: str, value: Any) -> Spoil:
        """Change the text of an element of a message, or an attribute of it: `Temps`, `ContexteBAM/@Version`.

        path: local names, from any place of the message.
        """
        return self.and_then(lambda request: _edit_xml(request.xml, path.split("/"), _function(value)))

    def query(self, change: Callable[[str], str]) -> Spoil:
        """Change the raw query."""

        def rewrite(request: Outgoing) -> None:
            request.query = change(request.query)

        return self.and_then(rewrite)


def outgoing(methods: str, path: str, *, beside: tuple[str, ...] = ()) -> Spoil:
    """Requests of these methods (separated by spaces) whose path ends with `path`, and holds nothing of `beside`."""
    return Spoil(tuple(methods.split()), path, beside=beside)


def answering(methods: str, path: str) -> Spoil:
    """Answers of the product's APIs to requests of these methods (separated by spaces) whose path ends with `path`."""
    return Spoil(tuple(methods.split()), path, kind=Answering)


def written(what: str, kind: str = "") -> Spoil:
    """Pieces of that sort (`CDA`, `VIHF`), of one kind or of all."""
    return Spoil((what,), kind, kind=Written)


def switch(name: str) -> Switch:
    """A reaction of the product's code, see the table in `defects/__init__.py`."""
    return Switch(name)


def edit(document: Any, path: list[str], change: Value) -> None:
    """Replace, add or remove the element at `path`; nothing happens where the way to it does not exist."""
    head, rest = path[0], path[1:]
    for key in _keys(document, head):
        if rest:
            edit(_at(document, key), rest, change)
            continue
        value = change(_at(document, key))
        if value is not REMOVE:
            document[key] = value
        elif isinstance(document, dict):
            document.pop(key, None)
        else:
            del document[key]


def _edit_xml(root: Any, path: list[str], change: Value) -> None:
    attribute = path[-1].removeprefix("@") if path[-1].startswith("@") else ""
    names = path[:-1] if attribute else path
    for element in list(root.findall(".//" + "/".join(f"{{*}}{name}" for name in names))):
        value = change(element.get(attribute) if attribute else element.text)
        if value is REMOVE and attribute:
            element.attrib.pop(attribute, None)
        elif value is REMOVE:
            element.getparent().remove(element)
        elif attribute:
            element.set(attribute, value)
        else:
            element.text = value


def _keys(document: Any, head: str) -> Iterable[Any]:
    if isinstance(document, dict):
        return [head]
    if isinstance(document, list):
        indexes = range(len(document)) if head == "*" else [int(head)]
        return [i for i in reversed(list(indexes)) if i < len(document)]
    return []


def _at(document: Any, key: Any) -> Any:
    return document.get(key) if isinstance(document, dict) else document[key]


def _function(value: Any) -> Value:
    return value if callable(value) else lambda _: value
