"""What holds for the project as a whole: rings, words in two languages, names, and what may not be committed."""

import json
import re
import string
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from api.settings import PROJECT
from boundaries.messages import FOLDER, Text, catalogue, singulars, text
from boundaries.yaml_files import read_yaml

REGISTRIES = re.compile(
    r"registry\.npmjs\.org|registry\.yarnpkg\.com|pypi\.org/simple|files\.pythonhosted\.org|pythonhosted\.org"
    r"|deb\.debian\.org|ghcr\.io|quay\.io|docker\.io|proxy\.golang\.org|--(extra-)?index-url|--find-links"
)
PAGES = r"(?!/(?:country|overdue|untagged)\b)"
"""Addresses of ours that begin like such a path."""
WORKPLACES = re.compile(rf"(?<![\w./-])/(work{PAGES}|root|home)/\w+|(?<![\w./-])/tmp/(?!socialmap)\w+")
SELF = Path(__file__).relative_to(PROJECT).as_posix()


@cache
def committed() -> tuple[str, ...]:
    """Names of the files under version control; of all files where there is no version control."""
    listed = subprocess.run(["git", "-C", PROJECT, "ls-files", "-z"], capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name and (PROJECT / name).is_file()]
    if listed.returncode:
        pytest.skip("needs the checkout under git")
    return tuple(names)


def committed_texts() -> dict[str, str]:
    return {
        name: (PROJECT / name).read_bytes().decode("utf-8", "replace")
        for name in committed()
        if Path(name).suffix not in {".png", ".woff2", ".gpkg", ".xlsx", ".zip"} and name != SELF
    }


def test_rings_import_one_way() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_registry_host_and_no_resolved_address_is_committed() -> None:
    found = {name: hit.group() for name, content in committed_texts().items() if (hit := REGISTRIES.search(content))}
    assert found == {}
    for name in committed():
        if name.endswith("package-lock.json"):
            packages = json.loads((PROJECT / name).read_text("utf-8"))["packages"]
            assert [key for key, value in packages.items() if "resolved" in value] == []
            assert all("integrity" in value for key, value in packages.items() if key)


def test_python_lock_is_hashed_throughout() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + lock)
    unhashed = [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert unhashed == []
    assert lock.count("==") > 50


def test_no_path_of_a_workplace_is_committed() -> None:
    found = {name: hit.group() for name, content in committed_texts().items() if (hit := WORKPLACES.search(content))}
    assert found == {}


def test_top_level_folders_are_the_six() -> None:
    folders = {name.split("/")[0] for name in committed() if "/" in name}
    assert {name for name in folders if not name.startswith(".")} <= {
        "boundaries", "layers", "mapping", "api", "notebooks", "tests",
    }  # fmt: skip


def placeholders(words: str) -> set[str]:
    """Names in braces; a sentence may quote another in its own language as {th}, {en}, {rule_th} or {rule_en}."""
    names = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
    return {re.sub(r"(^|_)(th|en)$", r"\1quoted", name) for name in names}


def test_messages_are_complete_in_both_languages() -> None:
    for key, words in catalogue().items():
        assert isinstance(words, Text)
        assert str(words.th).strip(), key
        assert str(words.en).strip(), key
        assert placeholders(words.th) == placeholders(words.en), key
        assert not re.search(r"[\u0e00-\u0e7f]{4}", words.en), f"{key}: Thai in the English text"


def test_no_sentence_is_cut_by_its_own_comma() -> None:
    """In `{th: …, en: one, two}` the comma ends the sentence and `two` becomes a key: such a text needs quotes."""
    cut = [
        f"{path.name}: {key}: {more}"
        for path in sorted(FOLDER.glob("*.yaml"))
        for key, words in (read_yaml(path) or {}).items()
        for more in cut_off(words)
    ]
    assert cut == []


def cut_off(words: dict[str, object]) -> list[str]:
    """What of a catalogue's entry belongs to no sentence, and sentences that are none."""
    return [name for name in words if name not in ("th", "en", "one")] + [
        name for name, said in words.items() if not isinstance(said, str)
    ]


def test_a_cut_sentence_is_found() -> None:
    assert cut_off(yaml.safe_load("{th: ก, en: one, two and three}")) == ["two and three", "two and three"]
    assert cut_off(yaml.safe_load("{th: ก, en: no}")) == ["en"]
    assert cut_off(yaml.safe_load('{th: ก, en: "one, two"}')) == []


def test_sentences_of_imports_read_right_for_none_one_and_many() -> None:
    """Thai has no plural; an English sentence whose number stands before a noun says one of them in its own way."""
    plural = re.compile(
        r"\{(?:count|rows|cases)\} (?:\w+ )?(?:rows|cases|columns|records|cells|headers|points|areas|assets)"
    )
    for name in ("importing", "imports_page", "files"):
        for key, words in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")).items():
            if plural.search(words["en"]) and key not in NEVER_ONE:
                assert key in singulars(), key
    for key, english in singulars().items():
        assert {name for _, name, _, _ in string.Formatter().parse(english) if name} <= {
            name for _, name, _, _ in string.Formatter().parse(catalogue()[key].en) if name
        }, key
    assert text("import.gone", count=1).en.startswith("One case")
    assert text("import.gone", count="1").en.startswith("One case")
    assert text("import.gone", count=0).en.startswith("0 cases")
    assert text("import.gone", count="1,000").en.startswith("1,000 cases")
    assert "1 เรื่อง" in text("import.gone", count=1).th


NEVER_ONE = frozenset({"imports.refused_more"})
"""It is said where more rows were refused than are shown."""


def test_message_keys_in_code_are_in_the_catalogue() -> None:
    used = re.compile(r"""\b(?:text\(|key = )["']([a-z_]+(?:\.[a-z0-9_]+)+)["']""")
    missing = {
        f"{name}: {key}"
        for name, content in committed_texts().items()
        if name.endswith(".py") and not name.startswith("tests/")
        for key in used.findall(content)
        if key not in catalogue()
    }
    assert missing == set()


def test_tables_stand_in_the_glossary() -> None:
    import layers.models  # noqa: F401  (its tables must be known)
    from boundaries.base import Base

    glossary = (PROJECT / "GLOSSARY.md").read_text("utf-8")
    models = [mapper.class_.__name__ for mapper in Base.registry.mappers]
    assert len(models) > 5
    assert [name for name in models if f"`{name}`" not in glossary] == []


def test_readme_names_only_targets_and_commands_that_exist() -> None:
    from api.cli import COMMANDS

    documents = [(PROJECT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), re.M))
    named = {target for document in documents for target in re.findall(r"(?:`|^)make ([a-z]+)", document, re.M)}
    assert {"demo", "test", "setup", "proof", "bench", "uninstall"} <= named
    assert named <= targets
    commands = {command for document in documents for command in re.findall(r"socialmap ([a-z]+)\b", document)}
    assert "boundaries" in commands
    assert commands <= {command.name for command in COMMANDS}


def test_dependencies_have_their_reason() -> None:
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    web = json.loads((PROJECT / "api/web/package.json").read_text("utf-8"))
    wanted += [*web["dependencies"], *web["devDependencies"]]
    decisions = (PROJECT / "DECISIONS.md").read_text("utf-8")
    names = [re.split(r"[<>=\[ ]", name)[0] for name in wanted]
    assert [name for name in names if f"| `{name}` |" not in decisions] == []
