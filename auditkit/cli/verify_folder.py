"""`auditkit verify`: whether a folder is as a run wrote it, whether its figures follow from what it publishes, and
whether rows at hand are the ones: same, other, or not checked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.run_command import audit_files
from auditkit.cli.terminal_reader import READER, choose_language, progress
from auditkit.errors import InputError, NotHeld, cut
from auditkit.spec import find_audit, load_audit
from auditkit.text import Message, say, say_plural

if TYPE_CHECKING:
    from auditkit.result import AuditResult

__all__ = ["verify_command"]


def _print(message: Message) -> None:
    print(message.text(READER.language))  # noqa: T201


def verify_command(
    folder: Path,
    audit: str | None,
    language: str | None,
    allow_unsafe_pickle: str | None = None,
    trust: str | None = None,
    no_run: bool = False,
    private: Path | None = None,
) -> None:
    """Compare a folder with its manifest and, but with `no_run`, with a new run; NotHeld where anything differs.

    `private` is the folder that keeps the salt: with it, rows at hand are held against the published commitment.
    """
    from auditkit.manifest import read_manifest

    choose_language(language)
    manifest = read_manifest(folder)
    different = _changed_outputs(folder, manifest["outputs"])
    different += _checked_rows(folder, manifest, audit, private)
    for message in _changed_versions(manifest):
        _print(message)
    if no_run:
        _print(say("Not run again, as was asked: only the hashes were compared."))
    else:
        different += _from_released(folder)
        different += _run_again(folder, manifest, audit, allow_unsafe_pickle, trust)
    if different:
        raise NotHeld(say_plural("{count} difference was found.", "{count} differences were found.", different))
    _print(say("Nothing differs."))


def _changed_outputs(folder: Path, outputs: Mapping[str, Any]) -> int:
    from auditkit.manifest import hash_file

    different = 0
    for name, entry in outputs.items():
        path = folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts or not path.is_file():
            _print(say("{file}: missing.", file=cut(name)))
        elif hash_file(path)["sha256"] != entry["sha256"]:
            _print(say("{file}: changed since the run wrote it.", file=name))
        else:
            _print(say("{file}: as the run wrote it.", file=name))
            continue
        different += 1
    return different


def _changed_versions(manifest: Mapping[str, Any]) -> list[Message]:
    """What is installed here in another version than the run had: said, but no difference by itself."""
    from auditkit import __version__
    from auditkit.manifest import versions

    then = {"auditkit": manifest["auditkit"], **manifest["packages"]}
    now = {"auditkit": __version__, **versions(manifest["packages"])}
    return [
        say(
            "{package}: version {then} then, {now} now.",
            package=name,
            then=str(version),
            now=now.get(name, "–"),
        )
        for name, version in then.items()
        if version != now.get(name)
    ]


def _checked_rows(folder: Path, manifest: Mapping[str, Any], audit: str | None, private: Path | None) -> int:
    """Each file that went in against its commitment: same, other, or why it is not checked."""
    from auditkit.protect.commitment import commitment
    from auditkit.write.private_files import read_private

    kept = None if private is None else read_private(private)
    beside = _audit_folder(manifest, audit)
    different = 0
    for entry in manifest.get("data", ()):
        name, committed = str(entry["name"]), entry.get("commitment")
        path = None if beside is None or Path(name).is_absolute() else beside / name
        if not committed:
            if not entry["sha256"]:
                _print(say("{file}: not checked, no commitment to it was published.", file=cut(name)))
        elif kept is None:
            _print(say("{file}: not checked, that takes the salt: name its folder with --private.", file=cut(name)))
        elif kept["files"].get(name, {}).get("commitment") != committed:
            _print(say("{file}: other, the salt is that of another run.", file=cut(name)))
            different += 1
        elif path is None or not path.exists():
            _print(say("{file}: not checked, it is not at hand.", file=cut(name)))
        elif commitment(bytes.fromhex(kept["salt"]), path) == committed:
            _print(say("{file}: same, it is the file that was committed to.", file=cut(name)))
        else:
            _print(say("{file}: other, it is not the file that was committed to.", file=cut(name)))
            different += 1
    return different


def _audit_folder(manifest: Mapping[str, Any], audit: str | None) -> Path | None:
    """Where the audit is, if it is here."""
    asked = audit or manifest.get("audit", {}).get("asked")
    try:
        return None if asked is None else find_audit(asked).parent
    except InputError:
        return None


def _from_released(folder: Path) -> int:
    """The findings computed again from the released table alone."""
    from auditkit import __version__
    from auditkit.protect.public_spec import RELEASED
    from auditkit.run import run_audit
    from auditkit.write.results_json import results_json

    stored = folder / "results.json"
    if not (folder / RELEASED).is_file() or not stored.is_file():
        return 0
    with progress(say("Reading and measuring …")):
        again = run_audit(load_audit(folder / RELEASED), folder)
    content = results_json(replace(again, version=again.version or __version__))
    if content == stored.read_bytes():
        _print(say("Released findings: same, results.json follows from {file} byte for byte.", file=RELEASED))
        return 0
    _print(say("Released findings: other, results.json does not follow from {file}.", file=RELEASED))
    return 1


def _run_again(
    folder: Path,
    manifest: Mapping[str, Any],
    audit: str | None,
    allow_unsafe_pickle: str | None,
    trust: str | None,
) -> int:
    from auditkit.manifest import hash_file
    from auditkit.run import run_audit

    if "audit" not in manifest:  # the folder of a reproduction
        return 0
    asked = audit or manifest["audit"].get("asked")
    if asked is None:
        _print(say("Not run again: the manifest does not say where the audit is; name it with --audit."))
        return 0
    try:
        path = find_audit(asked)
    except InputError:
        if audit is not None:
            raise
        _print(say("Not run again: there is no audit {name} here; name it with --audit.", name=cut(asked, 80)))
        return 0
    spec = load_audit(path)
    if hash_file(path)["sha256"] != manifest["audit"]["sha256"]:
        _print(say("{file}: another audit than the run had.", file=path.name))
    with progress(say("Reading and measuring …")):
        began = time.perf_counter()
        result: AuditResult = run_audit(spec, path.parent, allow_unsafe_pickle=allow_unsafe_pickle, trust=trust)
        files, again = audit_files(result, path, asked, manifest["language"], time.perf_counter() - began)
    different = _changed_data(manifest, again)
    stored = folder / "results.json"
    if stored.is_file() and stored.read_bytes() == files["results.json"]:
        _print(say("A new run: the same results.json, byte for byte."))
        return different
    _print(say("A new run: a different results.json."))
    return different + 1


def _changed_data(manifest: Mapping[str, Any], again: AuditResult) -> int:
    then = {entry["name"]: entry["sha256"] for entry in manifest["data"]}
    changed = [source.name for source in again.sources if then.get(source.name) != source.sha256]
    for name in changed:
        _print(say("{file}: other data than the run had.", file=name))
    return len(changed)
