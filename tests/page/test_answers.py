"""What a person may answer: not to know, to trust, to write in their own words, to answer again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditkit.page.audit_text import content_of
from auditkit.page.not_known import CAUTIOUS, SET_ASIDE
from tests.page.person import Person, person, upload

COUNTS = "Année,Sexe,Suite,Dossiers\n" + "".join(
    f"{year},{sex},{end},{40 + year % 10}\n" for year in range(2012, 2022)
    for sex in ("Femmes", "Hommes") for end in ("Contrôlé", "Non contrôlé")
)  # fmt: skip


def unknown_throughout(somebody: Person) -> None:
    """The button "I don't know" on every screen of doubts and of the system."""
    for _ in range(20):
        if 'name="doubt"' in somebody.page:
            key = somebody.page.partition('name="doubt" value="')[2].partition('"')[0]
            somebody.send("/doutes", doubt=key, answer="unknown")
        elif 'action="/systeme/' in somebody.page:
            question = somebody.page.partition('action="/systeme/')[2].partition('"')[0]
            somebody.send(f"/systeme/{question}", answer="unknown")
        elif somebody.url == "/doutes":
            somebody.get("/systeme")
        else:
            return
    raise AssertionError(somebody.url)


def test_who_knows_nothing_gets_a_result_that_says_so(tmp_path: Path) -> None:
    table = "Sexe,Trimestre,Allocataires,Contrôlés\n" + "".join(
        f"{sex},T{q},{people},{n if (sex, q) != ('Hommes', 4) else 's'}\n"
        for sex, people, n in (("Femmes", 4_000, 200), ("femmes ", 2_000, 100), ("Hommes", 5_000, 150))
        for q in range(1, 5)
        for n in [n + q]
    )
    with person() as somebody:
        upload(somebody, "table.csv", table.encode())
        assert somebody.url == "/tableau"
        somebody.send("/tableau", column0="group", column1="time", column2="total", column3="selected")
        unknown_throughout(somebody)
        content = content_of(somebody.desk.session.audit)
        assert content["system"]["harm"] == "both"
        assert content["system"]["name"] == "Système à nommer"
        assert content["data"]["stock"] == ["Allocataires"]
        assert "inconnu le" in somebody.desk.session.text()
        somebody.get("/resultat")
        assert somebody.url == "/resultat"
        said = " ".join(somebody.texts("li"))
        assert "les mêmes personnes sont comptées une fois" in said
        assert "les deux torts sont comptés" in said
        somebody.get("/systeme/harm")
        somebody.send("/systeme/harm", choice="punitive")
        assert "les deux torts" not in " ".join(somebody.get("/resultat").text.split())


def test_a_table_whose_lines_nobody_can_explain_is_set_aside() -> None:
    with person() as somebody:
        upload(somebody, "table.csv", COUNTS.encode(), "rows")
        somebody.send("/tableau", column0="unused", column1="group", column2="selected", value2="Contrôlé",
                      column3="unused")  # fmt: skip
        assert 'name="doubt" value="counts"' in somebody.page, somebody.heading
        somebody.send("/doutes", doubt="counts", answer="unknown")
        assert somebody.url == "/systeme"
        assert content_of(somebody.desk.session.audit)["data"] == "none"
        unknown_throughout(somebody)
        somebody.get("/resultat")
        assert "mis de côté" in " ".join(somebody.texts("li"))
        assert list(somebody.desk.session.evidence.iterdir())


def test_every_doubt_has_an_answer_for_whoever_does_not_know() -> None:
    """The keys of all doubts that any part of auditkit raises, read off its source."""
    import re

    root = Path(__file__).parent.parent.parent / "auditkit"
    source = "\n".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    keys = {key for key in re.findall(r'\bDoubt\(\s*"(\w+)"', source) if key != "repeats"}  # repeats stop nothing
    assert {"twins", "stock", "counts", "scale", "hidden_rows"} <= keys
    assert keys <= set(CAUTIOUS) | SET_ASIDE


def test_doubts_can_be_answered_again() -> None:
    table = "Sexe,Allocataires,Contrôlés\nFemmes,4000,200\nHommes,5000,150\nÂgés,500,s\n"
    with person() as somebody:
        upload(somebody, "table.csv", table.encode())
        somebody.send("/tableau", column0="group", column1="total", column2="selected")
        somebody.send("/doutes", doubt="hidden:s", choice="to4")
        assert content_of(somebody.desk.session.audit)["data"]["suppressed"][0]["means"] == [0, 4]
        somebody.send("/doutes", answer="anew")
        assert 'value="hidden:s"' in somebody.page
        somebody.send("/doutes", doubt="hidden:s", choice="to10")
        assert content_of(somebody.desk.session.audit)["data"]["suppressed"][0]["means"] == [0, 10]


FOREIGN = """\
title: A stranger’s audit
as_of: 2026-11-21
system: {name: Score, harm: punitive}
data: rows.csv
model: {command: [python3, score.py], columns: [age]}
selected: {top_share: 0.2}
groups:
  sex: {column: sex, reference: F, ground: sex}
"""


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """An audit that names a command, with its file and its rows."""
    (tmp_path / "rows.csv").write_text("sex,age\n" + "".join(f"{'FM'[i % 2]},{20 + i % 50}\n" for i in range(200)))
    (tmp_path / "score.py").write_text(
        "import sys\nsys.stdout.write(''.join(f'{i % 7 / 7}\\n' for i, _ in enumerate(sys.stdin)))\n"
    )
    (tmp_path / "audit.yaml").write_text(FOREIGN)
    return tmp_path / "audit.yaml"


def test_what_would_run_is_shown_and_nothing_runs_without_consent_to_exactly_that(stranger: Path) -> None:
    with person("en", str(stranger)) as somebody:
        workers: Any = somebody.desk.workers
        for address in ("/resultat", "/droits", "/lettres", "/enregistrer"):
            somebody.get(address)
            assert "wants to start something" in somebody.heading
        assert "score.py" in somebody.page
        assert "run" not in workers.asked
        somebody.send("/confiance", trust="0" * 64)
        assert "wants to start something" in somebody.heading
        shown = somebody.page.partition('name="trust" value="')[2].partition('"')[0]
        (somebody.desk.session.folder / "score.py").write_text("print('other')\n")
        somebody.send("/confiance", trust=shown)
        assert "wants to start something" in somebody.heading
        assert "run" not in workers.asked
        again = somebody.page.partition('name="trust" value="')[2].partition('"')[0]
        assert again != shown
        somebody.send("/confiance", trust=again)
        assert "run" in workers.asked


def test_a_link_out_of_the_folder_of_an_audit_is_not_followed(stranger: Path, tmp_path_factory: Any) -> None:
    from auditkit.errors import InputError

    secret = tmp_path_factory.mktemp("secret") / "rows.csv"
    secret.write_text("sex,age\nF,1\n")
    (stranger.parent / "rows.csv").unlink()
    (stranger.parent / "rows.csv").symlink_to(secret)
    with pytest.raises(InputError, match="leads out"), person("en", str(stranger)):
        pass


def test_the_text_of_a_letter_is_changed_and_its_blanks_stay() -> None:
    with person() as somebody:
        somebody.send("/debut", what="documents")
        somebody.send("/systeme/operator", text="Caisse d’exemple", country="FR")
        somebody.get("/lettres")
        somebody.send("/lettres", aim="documents")
        runs = somebody.desk.workers.asked.count("run")  # type: ignore[attr-defined]
        somebody.send("/lettres", blank_operator_address="4 rue du Port", blank_sender_name="Nom Secret")
        assert "4 rue du Port" in somebody.page.partition("<article")[2]
        assert "4 rue du Port" in somebody.desk.session.text()
        assert "Nom Secret" not in somebody.desk.session.text()
        assert somebody.desk.workers.asked.count("run") == runs  # type: ignore[attr-defined]
        text = somebody.page.partition('name="letter_text"')[2].partition(">")[2].partition("</textarea>")[0]
        assert "[à compléter" in text
        blank = text[text.index("[à compléter") : text.index("]", text.index("[à compléter")) + 1]
        somebody.send("/lettres", letter_text=f"# Demande\r\nBonjour <b>vous</b> {blank}\r\n- un\u202e point")
        assert "Bonjour &lt;b&gt;vous&lt;/b&gt;" in somebody.page
        kind = somebody.page.partition('href="/lettres/')[2].partition(".")[0]
        assert somebody.get(f"/lettres/{kind}.txt").text.startswith("Demande\n=======\n")
        assert "- un point" in somebody.page
        page = somebody.get(f"/lettres/{kind}.html").text
        assert '<span class="blank">[' in page
        assert "<b>" not in page
        held = [path for path in somebody.desk.session.folder.rglob("*") if path.is_file()]
        assert not any(b"Bonjour" in path.read_bytes() for path in held)
        somebody.get("/lettres")
        somebody.send("/lettres", letter_text="x", answer="anew")
        assert "Bonjour" not in somebody.page


def test_the_names_of_groups_stand_in_the_result() -> None:
    table = "Situation,Allocataires,Contrôlés\nFS,4000,400\nC,50000,1500\n"
    with person() as somebody:
        upload(somebody, "table.csv", table.encode())
        somebody.send("/tableau", column0="group", column1="total", column2="selected")
        somebody.get("/systeme")
        unknown_throughout(somebody)
        somebody.get("/groupes")
        labels = somebody.texts("label")
        number = next(n for n in range(2) if "FS" in labels[2 * n])
        somebody.send("/groupes", **{f"group{number}": "les mères seules", f"form{number}": "f"})
        assert somebody.url == "/resultat"
        assert "mères seules" in somebody.texts("h2")[0] + somebody.page
        says = content_of(somebody.desk.session.audit)["groups"]["Situation"]["says"]
        assert dict(says["FS"]["fr"]) == {"f": "les mères seules"}
