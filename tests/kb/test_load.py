"""Does a folder become knowledge, and is everything that cannot be read reported at once?"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from bot.kb.load import KnowledgeError, load
from bot.kb.recognise import words_in


def faults(folder: Path, overlay: Path | None = None) -> list[str]:
    with pytest.raises(KnowledgeError) as refused:
        load(folder, overlay)
    return str(refused.value).splitlines()


def test_shipped_knowledge_loads_by_itself() -> None:
    """Without a folder our own knowledge is read, from the package and not from where one stands."""
    kb = load()
    assert len(kb.errors) > 300
    assert {"visitor", "owner-generic"} <= set(kb.guides)
    assert "en" in kb.locales


def test_examples_can_be_left_out(folder: Path) -> None:
    """Without its examples the knowledge is the same, but they are still read, and a fault in one is told."""
    whole, light = load(folder), load(folder, examples=False)
    assert any(error.examples for error in whole.errors.values())
    assert not any(error.examples or error.not_examples for error in light.errors.values())
    bare = {"examples": (), "not_examples": ()}
    assert light.errors == {name: error.model_copy(update=bare) for name, error in whole.errors.items()}
    path = next((folder / "errors").glob("*.toml"))
    path.write_text(path.read_text() + "\n[[examples]]\ntxt = 'x'\n")
    with pytest.raises(KnowledgeError, match="txt"):
        load(folder, examples=False)


def test_every_broken_file_is_named(folder: Path) -> None:
    """Syntax, encoding, names and shapes: all faults of all files come together."""
    (folder / "errors" / "syntax.toml").write_text("id = \nrank = 1")
    (folder / "errors" / "bytes.toml").write_bytes(b"id = '\xff'")
    (folder / "causes" / "other.toml").write_text((folder / "causes" / "origin.toml").read_text())
    (folder / "guides" / "shape.toml").write_text('id = "shape"\ntitel = "x"')
    said = faults(folder)
    assert any(line.startswith("errors/syntax.toml: line 1, column 6: not valid TOML: Invalid value.") for line in said)
    assert "errors/bytes.toml: the text is not UTF-8. Save the file as UTF-8." in said
    assert any(line.startswith('causes/other.toml: id: "origin" is not the name of the file') for line in said)
    assert "guides/shape.toml: titel: is not a known key. Did you mean `title`." in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 5000, "is nested too deeply to be read. Take out brackets, or parts of a key with dots."),
        ("a = " + "{a = " * 5000, "is nested too deeply to be read. Take out brackets, or parts of a key with dots."),
        (
            "a" + ".a" * 5000 + " = 1",
            "is nested too deeply to be read. Take out brackets, or parts of a key with dots.",
        ),
        ("a = " + "1" * 5000, "holds a number that is too long to be read. Shorten it, or put it in quotes."),
    ],
    ids=["brackets", "tables", "dots", "digits"],
)
def test_file_beyond_the_limits_of_the_parser_is_named(folder: Path, text: str, said: str) -> None:
    """What the parser gives up on without a word of where is a fault of that file, beside those of all others."""
    (folder / "errors" / "deep.toml").write_text(text)
    (folder / "errors" / "bytes.toml").write_bytes(b"id = '\xff'")
    assert set(faults(folder)) == {
        f"errors/deep.toml: {said}", "errors/bytes.toml: the text is not UTF-8. Save the file as UTF-8.",
    }  # fmt: skip


def test_pipe_in_place_of_a_file_is_named(folder: Path) -> None:
    """Nobody waits for what a pipe may never say."""
    pipe = folder / "errors" / "pipe.toml"
    os.mkfifo(pipe)
    ending = Thread(target=lambda: os.close(os.open(pipe, os.O_WRONLY)), daemon=True)  # who reads it gets its end
    ending.start()
    said = faults(folder)
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
    ending.join(5)
    assert said == ["errors/pipe.toml: is no plain file. Put a plain file in its place, or remove it."]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("errors/x.toml.txt", "x.toml"),
        ("errors/x.TOML", "x.toml"),
        ("guides/x.tml", "x.toml"),
        ("locales/nl", "nl.toml"),
        ("services.toml.txt", "services.toml"),
        ("Erors/x.Toml", "x.toml"),
    ],
)
def test_file_with_nearly_the_right_name_is_not_dropped(folder: Path, path: str, name: str) -> None:
    """What an editor or a file manager called otherwise is a fault, with the name that it needs."""
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text("")
    assert faults(folder) == [f"{path}: is not read. Call it {name}."]


def test_other_files_are_nobodys_fault(folder: Path) -> None:
    """A text beside the folders, and what editors put aside, may lie there."""
    before = load(folder)
    for path in ("README.md", "errors/README.md", "errors/.x.toml.swp", "errors/x.toml~", ".git"):
        (folder / path).write_text("")
    assert load(folder) == before


def test_misplaced_file_is_not_dropped(folder: Path) -> None:
    """A file that nobody would ever read is a fault, hidden files are none."""
    (folder / "erors").mkdir()
    (folder / "erors" / "x.toml").write_text("")
    (folder / ".draft.toml").write_text("")
    assert faults(folder) == [
        "erors/x.toml: nothing ever reads x.toml in this place. "
        "Move it into one of errors, causes, guides, locales, or call it services.toml or products.toml or names.toml."
    ]


def test_missing_folder_is_told(tmp_path: Path) -> None:
    """A folder that is not there, or is empty, is a fault with a remedy."""
    assert "cannot be opened" in faults(tmp_path / "nowhere")[0]
    assert "there is no knowledge here" in faults(tmp_path)[0]


def test_two_products_with_one_id_are_refused(folder: Path) -> None:
    """Entries of one list need names of their own."""
    path = folder / "products.toml"
    path.write_text(path.read_text() * 2)
    assert "there are two entries with this id" in faults(folder)[0]


def test_byte_order_mark_does_no_harm(folder: Path) -> None:
    """Some editors write a mark that TOML does not know."""
    path = folder / "errors" / "gateway.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert "gateway" in load(folder).errors


def test_operators_folder_lies_on_top(folder: Path, tmp_path: Path) -> None:
    """An operator's entries replace ours by id, and their words replace ours one by one."""
    over = tmp_path / "over"
    (over / "errors").mkdir(parents=True)
    (over / "locales").mkdir()
    text = (folder / "errors" / "gateway.toml").read_text()
    title = next(line for line in text.splitlines() if line.startswith("title = "))
    (over / "errors" / "gateway.toml").write_text(text.replace(title, 'title = "Ours"'))
    (over / "locales" / "en.toml").write_text('language = "en"\nname = "English"\n[choices]\nstop = "Enough"\n')
    before, after = load(folder), load(folder, over)
    assert after.errors["gateway"].title == "Ours"
    assert after.locales["en"].choices["stop"] == "Enough"
    assert after.locales["en"].replies == before.locales["en"].replies
    assert set(after.guides) == set(before.guides)


def test_fault_of_the_operator_names_the_operators_file(folder: Path, tmp_path: Path) -> None:
    """A fault in the folder on top is told with its whole path, so that nobody looks in ours."""
    over = tmp_path / "over"
    (over / "errors").mkdir(parents=True)
    (over / "errors" / "x.toml").write_text("id = ")
    assert faults(folder, over)[0].startswith(f"{over.as_posix()}/errors/x.toml")


def test_pattern_of_the_operator_that_does_not_compile_is_told(folder: Path, tmp_path: Path) -> None:
    """Nobody lints at night: a broken pattern on top stops the start, with file and place, not the first message."""
    over = tmp_path / "over"
    (over / "errors").mkdir(parents=True)
    text = (folder / "errors" / "gateway.toml").read_text()
    (over / "errors" / "gateway.toml").write_text(text.replace(r"'\bgateway game\b'", "'gateway (game'"))
    (over / "names.toml").write_text("programs = ['(?i)fetcher']\n")
    assert [line.partition(" (")[0] for line in faults(folder, over)] == [
        f"{over.as_posix()}/errors/gateway.toml: match.unless #1: is no regular expression",
        f"{over.as_posix()}/names.toml: programs #1: sets flags for more than itself. "
        "Leave `(?i)` and the like out; letter case is ignored anyway.",
    ]


def test_operators_names_add_to_ours(folder: Path, tmp_path: Path) -> None:
    """An operator adds the app of the house; a machine that they name is called only what they say."""
    over = tmp_path / "over"
    over.mkdir()
    (folder / "names.toml").write_text('apps = ["plex"]\n[machines]\nnginx = ["nginx"]\ncaddy = ["caddy"]\n')
    (over / "names.toml").write_text('apps = ["intranet"]\nprograms = ["fetcher"]\n[machines]\nnginx = ["frontier"]\n')
    names = load(folder, over).names
    assert words_in(names.apps) == ["plex", "intranet"]
    assert names.programs == ("fetcher",)
    assert names.machines == {"nginx": ("frontier",), "caddy": ("caddy",)}
