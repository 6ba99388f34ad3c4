"""The words of the decision itself: what the audit calls being selected, the outcome, a wrong selection and a group.

Where audit.yaml does not say, a stiff but correct phrase stands in: "selected", people of the group "B".
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from auditkit.protect.released import NOT_STATED
from auditkit.report.group_names import Names
from auditkit.report.number_words import Name, named, quoted
from auditkit.text import Message, mark, say, translate

__all__ = ["Phrase", "Phrases", "Strong", "capital", "linked", "small"]

_LENGTH = 160


class Strong(Name):
    """A figure that stands out in its sentence."""

    def __html__(self) -> Markup:
        return Markup('<b class="nb">{}</b>').format(str(self))


class Linked(Name):
    """A word that leads to where it is told in full."""

    place: str

    def __html__(self) -> Markup:
        return Markup('<a href="#{}"><b>{}</b></a>').format(self.place, str(self))


def linked(text: str, place: str) -> Linked:
    """A word that leads to a place of the page."""
    made = Linked(text)
    made.place = place
    return made


@dataclass(frozen=True)
class Phrase:
    """A group as a sentence names it: within it, at its beginning, and how other words agree with it (m or f)."""

    text: Message | Name
    opening: Message | Name
    gender: str


def capital(text: str) -> Name:
    """A phrase as it opens a sentence.

    >>> capital("les femmes")
    'Les femmes'
    """
    return Name(text[:1].upper() + text[1:], getattr(text, "full", None))


def small(text: str) -> Name:
    """A phrase as it stands within a sentence: its first letter small, unless capitals follow it.

    >>> small("Family situation"), small("VAT number")
    ('family situation', 'VAT number')
    """
    return Name(text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] in "'’" else text)


def _form(word: str, language: str) -> Name:
    """A word of the catalogue that has a form of its own: `selected|m`."""
    return Name(translate(word, language).partition("|")[0])


_SELECTED = {"m": mark("selected|m"), "f": mark("selected|f")}
_MISSED = {"m": mark("missed|m"), "f": mark("missed|f")}
_PASSED_OVER = {"m": mark("passed over|m"), "f": mark("passed over|f")}


class Phrases:
    """The phrases of one audit in one language."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.language = names.language
        self.says = names.spec.says
        self.harm = names.spec.system.harm

    def group(self, attributes: tuple[str, ...], groups: tuple[str, ...], rule: str = "group") -> Phrase:
        """A group, or the reference that a rule chose."""
        if rule == "rest" or groups in (("rest",), ("whole",)):
            return Phrase(say("all other people"), say("All other people"), "f")
        if len(attributes) == 1 and len(groups) == 1 and groups[0] != NOT_STATED:
            asked = self.names.spec.groups.get(attributes[0])
            spoken = asked.says.get(groups[0]) if asked is not None else None
            text = None if spoken is None else spoken.form(self.language, "m")
            if spoken is not None and text is not None:
                shown = named(text, _LENGTH)
                return Phrase(shown, capital(shown), spoken.gender(self.language))
        if groups == (NOT_STATED,):
            attribute = self.names.attribute(attributes)
            return Phrase(
                say("people whose {attribute} is not stated", attribute=attribute),
                say("People whose {attribute} is not stated", attribute=attribute),
                "f",
            )
        name = quoted(self.names.group(attributes, groups), self.language)
        return Phrase(
            say("people of the group {group}", group=name), say("People of the group {group}", group=name), "f"
        )

    def short(self, attributes: tuple[str, ...], groups: tuple[str, ...], rule: str = "group") -> Phrase:
        """A group where room is short: as a sentence names it where audit.yaml says so, else by its bare name."""
        asked = self.names.spec.groups.get(attributes[0]) if len(attributes) == 1 else None
        if asked is not None and groups and groups[0] in asked.says and groups[0] != NOT_STATED:
            return self.group(attributes, groups, rule)
        name = self.names.reference_group(attributes, groups, rule)
        return Phrase(name, capital(name) if name else name, "f")

    def selected(self, gender: str = "f") -> Name:
        """What being selected is called, as a participle: rated Medium or High."""
        said = self.says.selected.form(self.language, gender) if self.says.selected is not None else None
        return named(said, _LENGTH) if said else _form(_SELECTED[gender], self.language)

    def wrongly(self, gender: str = "f") -> Name | Message:
        """What being selected wrongly is called."""
        said = self.says.wrongly.form(self.language, gender) if self.says.wrongly is not None else None
        return named(said, _LENGTH) if said else say("wrongly {selected}", selected=self.selected(gender))

    def missed(self, gender: str = "f") -> Name:
        """What it is called not to be selected although one should have been."""
        words = _PASSED_OVER if self.harm == "assistive" else _MISSED
        return _form(words[gender], self.language)

    def with_outcome(self) -> Name | Message:
        """Who has the outcome, after a noun: with a new offence within two years."""
        return self._outcome("yes", say("with {outcome}", outcome=self.outcome()))

    def without_outcome(self) -> Name | Message:
        """Who does not have the outcome, after a noun."""
        return self._outcome("no", say("without {outcome}", outcome=self.outcome()))

    def _outcome(self, form: str, else_said: Message) -> Name | Message:
        said = self.says.outcome.form(self.language, form) if self.says.outcome is not None else None
        return named(said, _LENGTH) if said else else_said

    def outcome(self) -> Name | Message:
        """What the outcome is called, as a noun."""
        said = self.says.outcome.form(self.language, "m") if self.says.outcome is not None else None
        return named(said, _LENGTH) if said else say("the outcome")

    def noun(self, measure: str, gender: str = "f") -> Name | Message | str:
        """A measure within a sentence, agreeing with whom it is said of: rated Medium or High."""
        match measure:
            case "selection_rate":
                return self.selected(gender)
            case "false_positive_rate":
                return self.wrongly(gender)
            case "false_negative_rate":
                return self.missed(gender)
            case _:
                return self.names.measure(measure)

    def column(self, measure: str) -> tuple[Name | Message, Name | Message]:
        """The head of a column of a measure, and of whom it is a share."""
        selected = self.selected()
        match measure:
            case "selection_rate":
                return capital(selected), say("share of everyone in the group")
            case "false_positive_rate":
                wrongly = self.wrongly()
                head = capital(wrongly) if isinstance(wrongly, str) else say("Wrongly {selected}", selected=selected)
                return head, say("share of people {without}", without=self.without_outcome())
            case "false_negative_rate":
                return capital(self.missed()), say("share of people {with}", **{"with": self.with_outcome()})
            case "false_discovery_rate":
                return say("Wrong among the {selected}", selected=selected), say(
                    "share of people {selected}", selected=selected
                )
            case "positive_predictive_value":
                return say("Right among the {selected}", selected=selected), say(
                    "share of people {selected}", selected=selected
                )
            case "share_of_population":
                return say("Share of all people"), Name("")
            case "share_of_selected":
                return say("Share of the {selected}", selected=selected), Name("")
            case _:
                return Name(self.names.measure_capital(measure)), Name("")
