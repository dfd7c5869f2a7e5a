"""How do the files become one KnowledgeBase? The only code that opens `knowledge/`.

Every file is one entry (`errors/<id>.toml`) or one list of entries (`services.toml`). Nothing is dropped silently:
all faults of all files are collected and raised together. An operator's own folder may be laid on top: its errors,
causes, guides, services, products and names add to ours or replace those with the same id; its locales replace key by
key.

There is no cache: `tomli`, being compiled, parses some 700 files (1.8 MB) in 0.1 s, a third of what `tomllib` needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import tomli
from pydantic import BaseModel, ValidationError

from bot.kb.faults import Fault, KnowledgeError
from bot.kb.lists import Names, Product, Products, Service, Services
from bot.kb.mistakes import limit_fault, schema_faults, syntax_fault
from bot.kb.model import Cause, Guide, KnowledgeBase, KnownError, Locale
from bot.kb.patterns import broken, patterns_of
from bot.kb.recognise import words_in

__all__ = ["Fault", "KnowledgeError", "load"]

FOLDERS = ("errors", "causes", "guides", "locales")
LISTS = ("services.toml", "products.toml", "names.toml")
NO_EXAMPLES: dict[str, Any] = {"examples": (), "not_examples": ()}
IN_COMMON = ("source", "hop", "guide", "sources")
DEPTH = 3
"""How many folders deep a misplaced file is looked for."""

Model = TypeVar("Model", bound=BaseModel)
Filed = TypeVar("Filed", KnownError, Cause, Guide)
Listed = TypeVar("Listed", Service, Product)


def load(
    folder: Traversable | Path | None = None, overlay: Path | None = None, *, examples: bool = True
) -> KnowledgeBase:
    """Read the knowledge (ours, if no folder is given) and what an operator lays on top of it.

    Examples are for the linter; a long-lived process can do without them (2 MiB). Raises KnowledgeError with every
    fault of both folders.
    """
    faults: list[Fault] = []
    kb = _Folder(files("knowledge") if folder is None else folder, "", faults, examples=examples).read()
    if overlay is not None:
        kb = _lay_over(kb, _Folder(overlay, f"{overlay.as_posix()}/", faults, examples=examples).read_and_try())
    if faults:
        raise KnowledgeError(faults)
    return kb


class _Folder:
    """One knowledge folder; what is wrong with it goes to `faults`."""

    def __init__(self, root: Traversable | Path, prefix: str, faults: list[Fault], *, examples: bool) -> None:
        self._root = root
        self._prefix = prefix
        self._faults = faults
        self._examples = examples
        self._same: dict[Any, Any] = {}
        """Values that hundreds of errors have in common."""

    def read(self) -> KnowledgeBase:
        """Read everything that can be read."""
        paths = self._sort(self._find())
        services = self._parse("services.toml", Services) if "services.toml" in paths[""] else None
        products = self._parse("products.toml", Products) if "products.toml" in paths[""] else None
        names = self._parse("names.toml", Names) if "names.toml" in paths[""] else None
        return KnowledgeBase(
            errors={name: self._lean(entry) for name, entry in self._entries(paths["errors"], KnownError).items()},
            causes=self._entries(paths["causes"], Cause),
            guides=self._entries(paths["guides"], Guide),
            services=self._distinct("services.toml", services.service if services else ()),
            products=self._distinct("products.toml", products.product if products else ()),
            names=names or Names(),
            locales=self._locales(paths["locales"]),
        )

    def read_and_try(self) -> KnowledgeBase:
        """Read, and compile every pattern. (Ours are compiled by the tests: thousands would delay every start.)"""
        kb = self.read()
        for file, place, pattern in patterns_of(kb):
            if wrong := broken(pattern):
                self._fault(file, place, *wrong)
        return kb

    def _find(self) -> list[str]:
        """List the TOML files, by their path in the folder, in a fixed order; report those that only look like one."""
        try:
            found = sorted(_files(self._root, "", DEPTH))
        except OSError as error:
            self._fault("", "", f"cannot be opened ({error.strerror})", "Check the name and the permissions")
            return []
        for path in found:
            if not path.endswith(".toml") and _is_meant(path):
                stem = path.rpartition("/")[2].partition(".")[0]
                self._fault(path, "", "is not read", f"Call it {stem}.toml")
        return [path for path in found if path.endswith(".toml")]

    def _sort(self, paths: list[str]) -> dict[str, list[str]]:
        """Sort the files by folder, and refuse those that nobody would ever read."""
        sorted_: dict[str, list[str]] = {"": [], **{folder: [] for folder in FOLDERS}}
        if not paths and not self._faults:
            self._fault(
                "", "", "there is no knowledge here", "Put .toml files into errors/, causes/, guides/, locales/"
            )
        for path in paths:
            folder, _, name = path.rpartition("/")
            if folder in FOLDERS or path in LISTS:
                sorted_[folder].append(path)
            else:
                remedy = f"Move it into one of {', '.join(FOLDERS)}, or call it {' or '.join(LISTS)}"
                self._fault(path, "", f"nothing ever reads {name} in this place", remedy)
        return sorted_

    def _lean(self, error: KnownError) -> KnownError:
        """Store what errors have in common once for all of them, and examples only where they are wanted."""
        common = {name: self._same.setdefault(value, value) for name in IN_COMMON for value in [getattr(error, name)]}
        return error.model_copy(update=common if self._examples else common | NO_EXAMPLES)

    def _entries(self, paths: list[str], model: type[Filed]) -> dict[str, Filed]:
        entries: dict[str, Filed] = {}
        for path in paths:
            entry = self._parse(path, model)
            if entry is not None:
                self._check_name(path, "id", entry.id)
                entries[entry.id] = entry
        return entries

    def _locales(self, paths: list[str]) -> dict[str, Locale]:
        locales: dict[str, Locale] = {}
        for path in paths:
            locale = self._parse(path, Locale)
            if locale is not None:
                self._check_name(path, "language", locale.language)
                locales[locale.language] = locale
        return locales

    def _check_name(self, path: str, key: str, name: str) -> None:
        stem = path.rpartition("/")[2].removesuffix(".toml")
        if name != stem:
            remedy = f'Write {key} = "{stem}", or call the file {name}.toml'
            self._fault(path, key, f'"{name}" is not the name of the file', remedy)

    def _distinct(self, path: str, entries: tuple[Listed, ...]) -> tuple[Listed, ...]:
        seen: set[str] = set()
        for entry in entries:
            if entry.id in seen:
                self._fault(path, entry.id, "there are two entries with this id", "Merge them, or rename one")
            seen.add(entry.id)
        return entries

    def _parse(self, path: str, model: type[Model]) -> Model | None:
        """Read one file, or note why it cannot be read."""
        file, source = self._prefix + path, self._root.joinpath(path)
        try:
            if not source.is_file() and _is_there(source):  # whoever reads a pipe may wait for ever
                self._fault(path, "", "is no plain file", "Put a plain file in its place, or remove it")
                return None
            # Some editors put a byte order mark first, which TOML does not know.
            document = tomli.loads(source.read_text(encoding="utf-8-sig"))
            return model.model_validate(document)
        except UnicodeDecodeError:
            self._fault(path, "", "the text is not UTF-8", "Save the file as UTF-8")
        except tomli.TOMLDecodeError as error:
            self._faults.append(syntax_fault(file, error))
        except ValidationError as error:
            self._faults.extend(schema_faults(file, model, document, error))
        except OSError as error:
            self._fault(path, "", f"cannot be opened ({error.strerror})", "Check its permissions")
        except (RecursionError, ValueError) as error:  # the parser's own limits: depth, parts of a key, digits
            self._faults.append(limit_fault(file, error))
        return None

    def _fault(self, path: str, place: str, problem: str, remedy: str) -> None:
        self._faults.append(Fault((self._prefix + path) or "knowledge/", place, problem, remedy))


def _files(folder: Traversable | Path, inside: str, depth: int) -> Iterator[str]:
    """Yield the files that are not hidden or an editor's (`.x.toml.swp`, `x.toml~`)."""
    for child in folder.iterdir():
        if child.name.startswith(".") or child.name.endswith("~"):
            continue
        if child.is_dir():
            if depth > 1:
                yield from _files(child, f"{inside}{child.name}/", depth - 1)
        else:
            yield inside + child.name


def _is_there(file: Traversable | Path) -> bool:
    return not isinstance(file, Path) or file.exists()


def _is_meant(path: str) -> bool:
    """Tell whether a file was meant as knowledge: by where it is (notes may lie there), or by its name."""
    folder, _, name = path.rpartition("/")
    return (folder in FOLDERS and not name.lower().endswith(".md")) or ".toml" in name.lower()


def _lay_over(base: KnowledgeBase, over: KnowledgeBase) -> KnowledgeBase:
    """Let the operator's entries add to ours and replace those with the same id."""
    locales = dict(base.locales)
    for language, locale in over.locales.items():
        ours = locales.get(language)
        locales[language] = _merge_words(ours, locale) if ours else locale
    return KnowledgeBase(
        errors=base.errors | over.errors,
        causes=base.causes | over.causes,
        guides=base.guides | over.guides,
        services=_replace(base.services, over.services),
        products=_replace(base.products, over.products),
        names=_add_names(base.names, over.names),
        locales=locales,
    )


def _replace(base: tuple[Listed, ...], over: tuple[Listed, ...]) -> tuple[Listed, ...]:
    return tuple(({entry.id: entry for entry in base} | {entry.id: entry for entry in over}).values())


def _add_names(ours: Names, theirs: Names) -> Names:
    return Names(
        machines=ours.machines | theirs.machines,
        programs=(*ours.programs, *theirs.programs),
        traces=(*ours.traces, *theirs.traces),
        apps=[*words_in(ours.apps), *words_in(theirs.apps)],
    )


def _merge_words(ours: Locale, theirs: Locale) -> Locale:
    """Replace single replies, choices and words: an operator who changes one sentence keeps all the others."""
    recognise = {name: getattr(theirs.recognise, name) for name in theirs.recognise.model_fields_set}
    return ours.model_copy(
        update={
            "name": theirs.name,
            "replies": ours.replies | theirs.replies,
            "choices": ours.choices | theirs.choices,
            "words": ours.words | theirs.words,
            "inputs": ours.inputs | theirs.inputs,
            "recognise": ours.recognise.model_copy(update=recognise),
            "overlay": ours.overlay | theirs.overlay,
        }
    )
