"""What `check` says of the checklist: its framework, the answers and facts that were found, and what does not fit."""

from __future__ import annotations

from pathlib import Path

from auditkit.rights.answers import changed_documents, read_answers
from auditkit.rights.chosen_items import chosen_items, disagreement, framework_for
from auditkit.rights.declared_facts import facts_of
from auditkit.rights.letters.letter_fields import declared_letters
from auditkit.rights.library import load_library
from auditkit.rights.rights_record import answers_path
from auditkit.rights.rights_words import words
from auditkit.spec import AuditSpec
from auditkit.text import Message, say, say_plural

__all__ = ["rights_found"]


def rights_found(spec: AuditSpec, folder: Path) -> tuple[list[Message], list[Message]]:
    """What was understood of `rights`, and what to look at.

    Raises SpecError for a framework, a fact, a field of letters or an answer that is wrong.
    """
    library = load_library()
    name = spec.rights.framework
    chosen = chosen_items(library, name)
    path = answers_path(spec, folder)
    answers, facts = read_answers(path, library), facts_of(spec)
    declared_letters(spec)
    understood = [
        say(
            "Checklist: {framework} ({name}), {items} questions; {answers}; {facts}.",
            framework=words(library.frameworks[name].title),
            name=name,
            items=len(chosen),
            answers=say_plural("{count} answer found", "{count} answers found", len(answers)),
            facts=say_plural("{count} declared fact", "{count} declared facts", sum(map(len, facts.values()))),
        )
    ]
    warnings = [] if (warning := disagreement(library, name, spec.system.country)) is None else [warning]
    proposed = framework_for(library, spec.system.country)
    if name == "general" and proposed != "general" and "framework" not in spec.rights.model_fields_set:
        warnings.append(
            say(
                "rights.framework is not named: the general one is taken, without local law; for {country}, "
                '"{proposed}" is proposed.',
                country=spec.system.country,
                proposed=proposed,
            )
        )
    if spec.rights.answers is not None and not path.exists():
        warnings.append(
            say("rights.answers: there is no file {file} yet; auditkit checklist writes it.", file=path.name)
        )
    warnings += changed_documents(answers, folder)
    asked = {one.key for one in chosen}
    for key in answers:
        if key not in asked:
            warnings.append(say("{item} is answered, and the framework {name} does not ask it.", item=key, name=name))
    return understood, warnings
