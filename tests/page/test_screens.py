"""From a beginning to a saved folder, by the forms alone, as a browser without script sends them."""

from __future__ import annotations

import csv
import html
import json
import re
import shlex
from pathlib import Path

import pytest

from auditkit.page.audit_text import content_of, merged, shown_lines
from auditkit.rights import load_library, read_answers
from tests.commands import auditkit, small_audit
from tests.page.person import TABLE, Person, describe_system, person, save, upload


def answer_doubts(somebody: Person, choices: dict[str, str], pages: dict[str, str] | None = None) -> int:
    """Each doubt answered by its key, its page kept; how many there were."""
    count = 0
    while 'name="doubt"' in somebody.page:
        key = somebody.page.partition('name="doubt" value="')[2].partition('"')[0]
        if pages is not None:
            pages[key] = somebody.page.replace("\u202f", " ")
        somebody.send("/doutes", doubt=key, choice=choices[key])
        count += 1
        assert count < 9
    return count


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, dict[str, str]]:
    """The table of the drawn model, taken to a saved folder, with the pages on the way."""
    place, pages = tmp_path_factory.mktemp("saved"), {}
    with person() as somebody:
        upload(somebody, "contrôles 2023.csv", TABLE.encode())
        pages["table"] = somebody.page
        roles = {"column0": "group", "column1": "time", "column2": "total", "column3": "selected",
                 "column4": "true_positive"}  # fmt: skip
        somebody.send("/tableau", **roles)
        answers = 2 + answer_doubts(somebody, {"stock": "stock", "hidden:s": "note", "observed": "no"}, pages)
        answers += describe_system(somebody)
        somebody.get("/presse")
        somebody.send("/presse", group="familles monoparentales", selected="36", population="16", source="Un journal")
        pages["result"], pages["url"] = somebody.get("/resultat").text, somebody.url
        somebody.get("/droits/EQU-01")
        somebody.send("/droits/EQU-01", choice="no", because="Rien n’est publié.", document="contrôles 2023.csv")
        somebody.get("/lettres")
        somebody.send("/lettres", aim="documents")
        somebody.send("/lettres", blank_sender_name="Nom Secret")
        pages["letter"] = somebody.page
        held = [path for path in somebody.desk.session.folder.rglob("*") if path.is_file()]
        assert not any(b"Nom Secret" in path.read_bytes() for path in held)
        answers += 3  # of the press, of the rights, of the letters
        folder = save(somebody, place)
        pages["saved"] = somebody.page
        assert somebody.desk.session.state["answers"] == answers + 1
    return folder, answers + 1, pages


def test_a_table_becomes_a_saved_folder(saved: tuple[Path, int, dict[str, str]]) -> None:
    folder, answers, pages = saved
    assert answers <= 25
    assert {"audit.yaml", "answers.yaml", "results.json", "gaps.csv", "report.fr.html", "preuves"} <= {
        path.name for path in folder.iterdir()
    }
    assert (folder / "preuves" / "contrôles 2023.csv").read_text("utf-8") == TABLE
    assert str(folder) in pages["saved"]
    assert "Nom Secret" in pages["letter"]


def test_the_figures_are_those_of_the_table(saved: tuple[Path, int, dict[str, str]]) -> None:
    """By hand: (249 + 250 + 251 + 252) / 18,500 = 5.416 %, (103 + 104 + 105 + 106) / 27,900 = 1.498 %."""
    with (saved[0] / "estimates.csv").open(encoding="utf-8") as file:
        rates = {row["group"]: row for row in csv.DictReader(file) if row["measure"] == "selection_rate"}
    women, couples = rates["Femme seule avec enfant(s)"], rates["Couple"]
    assert (women["numerator"], women["denominator"]) == ("1002", "18500")
    assert (couples["numerator"], couples["denominator"]) == ("418", "27900")
    assert "3,6 fois plus souvent" in saved[2]["result"].replace("\u00a0", " ")
    assert saved[2]["url"] == "/resultat"


def test_a_doubt_shows_what_each_answer_makes_of_the_counts(saved: tuple[Path, int, dict[str, str]]) -> None:
    """Couples: 418 of 27,900, or of 4 x 27,900 = 111,600. Men: 27 and up to 4 of 33 + 31 + 32 + 34 = 130."""
    page = saved[2]["stock"]
    assert "27 – 31 sur 130 = 20,8 % – 23,8 %" in saved[2]["hidden:s"]
    assert "418 sur 27 900 = 1,5 %" in page
    assert "418 sur 111 600 = 0,4 %" in page
    assert "checked" not in page.partition('name="doubt"')[2].partition("</form>")[0]


def test_a_run_of_the_saved_folder_gives_the_same_bytes(
    saved: tuple[Path, int, dict[str, str]], tmp_path: Path
) -> None:
    done = auditkit(tmp_path, "run", str(saved[0] / "audit.yaml"), "--out", str(tmp_path / "again"), "--quiet")
    assert done.returncode == 0, done.stderr
    for name in ("results.json", "estimates.csv", "gaps.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (saved[0] / name).read_bytes(), name


def test_the_command_to_check_later_runs_as_it_is_printed(
    saved: tuple[Path, int, dict[str, str]], tmp_path: Path
) -> None:
    command = html.unescape(re.findall(r">(auditkit verify [^<]+)<", saved[2]["saved"])[0])
    done = auditkit(tmp_path, *shlex.split(command)[1:])
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Nothing differs."), done.stderr
    assert "Not run again" not in done.stdout


def test_what_was_answered_stands_in_audit_yaml(saved: tuple[Path, int, dict[str, str]]) -> None:
    content = content_of(saved[0] / "audit.yaml")
    assert content["data"]["stock"] == ["Allocataires"]
    assert dict(content["data"]["suppressed"][0])["means"] == [0, 4]
    assert "moins de 5" in content["data"]["suppressed"][0]["because"]
    assert list(content["groups"]) == ["Situation familiale"]
    assert content["observed"] == "when_selected"
    assert content["rights"]["framework"] == "public-benefits-fr"
    assert [figure["value"] for figure in content["known_figures"]] == [36, 16]
    found = read_answers(saved[0] / "answers.yaml", load_library())["EQU-01"]
    assert (found.value, found.documents[0].file) == ("no", "preuves/contrôles 2023.csv")
    shares = json.loads((saved[0] / "results.json").read_bytes())["rights"]["published"]
    assert round(shares[0]["rate_ratio"], 2) == 2.95


@pytest.mark.parametrize(("what", "fields"), [("documents", {"notes_documents": "Deux articles"}), ("decision", {})])
def test_without_a_table_there_is_a_folder_too(what: str, fields: dict[str, str], tmp_path: Path) -> None:
    with person() as somebody:
        somebody.send("/debut", what=what, **fields)
        assert somebody.url == "/systeme"
        describe_system(somebody)
        somebody.get("/resultat")
        assert somebody.url == "/resultat"
        folder = save(somebody, tmp_path)
        assert (folder / "report.fr.html").is_file(), somebody.page
        assert content_of(folder / "audit.yaml")["data"] == "none"


def test_a_published_audit_can_be_played_with(tmp_path: Path) -> None:
    with person("en") as somebody:
        somebody.send("/debut", what="example", example="amsterdam-smart-check")
        assert somebody.url == "/systeme"
        assert (somebody.desk.session.folder / "counts.csv").is_file()
    (tmp_path / "mine").mkdir()
    with person("en", str(small_audit(tmp_path / "mine"))) as somebody:
        assert somebody.url == "/systeme"
        somebody.get("/resultat")
        assert somebody.url == "/resultat"
        assert (save(somebody, tmp_path) / "results.json").is_file()


def test_rows_with_two_spellings_are_asked_about(tmp_path: Path) -> None:
    lines = ["sexe,score,controle,indu"]
    lines += [
        f"{'FH'[i % 2]},{i % 100},{'oui' if i % 5 == 0 else 'non'},{('oui', 'non', 'Oui', 'non')[i % 4]}"
        for i in range(600)
    ]
    with person() as somebody:
        upload(somebody, "lignes.csv", "\n".join(lines).encode(), "rows")
        somebody.send("/tableau", column0="group", column1="unused", column2="selected", value2="oui",
                      column3="outcome", value3="oui")  # fmt: skip
        assert "plusieurs façons" in somebody.heading
        assert answer_doubts(somebody, {"twins": "same", "observed": "yes"}) == 2
        content = content_of(somebody.desk.session.audit)
        assert sorted(content["same"][0]) == ["Oui", "oui"]
        somebody.get("/resultat")
        assert somebody.url == "/resultat", somebody.page
        assert (save(somebody, tmp_path) / "gaps.csv").is_file()


def test_figures_of_the_press_keep_what_rounding_leaves() -> None:
    """36 of 64 over 16 of 84: 2.95; rounded, from (35.5/64.5)/(16.5/83.5) = 2.79 to (36.5/63.5)/(15.5/84.5) = 3.13."""
    with person("en") as somebody:
        somebody.send("/debut", what="documents")
        somebody.get("/presse")
        somebody.send(
            "/presse", group="lone parents", selected="36", population="16", source="A paper", answer="calculate"
        )
        assert "2.95 times" in somebody.page
        assert "between 2.79 and 3.13" in somebody.page
        assert "known_figures:" not in somebody.desk.session.text().replace("# known_figures:", "")
        somebody.send("/presse", group="", selected="x", population="116", source="")
        assert somebody.page.count('href="#field"') == 4


def test_a_refusal_says_why_and_what_was_answered_stays() -> None:
    with person("en") as somebody:
        answer = upload(somebody, "shares.csv", b"group,share\nA,20 %\nB,30 %\n")
        assert answer.status_code == 400
        assert "shares.csv" in somebody.page
        assert "no denominator" in somebody.page
        assert upload(somebody, "empty.csv", b"").status_code == 400
        assert upload(somebody, "noise.xlsx", b"PK\x03\x04" + bytes(range(256))).status_code == 400
        somebody.get("/debut")
        assert somebody.send("/debut").status_code == 400


def test_merging_keeps_what_was_answered_before() -> None:
    content = {"same": [["a", "A"]], "data": {"file": "x", "stock": []}}
    merged(content, {"same": [["b", "B"]], "data": {"stock": ["n"]}})
    assert content == {"same": [["a", "A"], ["b", "B"]], "data": {"file": "x", "stock": ["n"]}}
    assert shown_lines("a: 1\nb: 2\n# c\n", "a: 1\n") == [("a: 1", False), ("b: 2", True)]


def test_every_screen_behind_the_result_shows_the_result_of_the_audit_as_it_stands() -> None:
    """A changed answer is run again wherever one goes on; a right or the day of a letter only where it is read."""
    with person() as somebody:
        somebody.send("/debut", what="documents")
        describe_system(somebody)
        workers = somebody.desk.workers

        def runs(address: str) -> int:
            before = workers.asked.count("run")  # type: ignore[attr-defined]
            assert somebody.get(address).status_code == 200
            assert somebody.url == address
            return int(workers.asked.count("run") - before)  # type: ignore[attr-defined]

        assert [runs(address) for address in ("/resultat", "/droits", "/droits/EQU-01", "/lettres")] == [1, 0, 0, 0]
        for address in ("/droits/EQU-01", "/lettres", "/enregistrer"):
            somebody.get("/systeme/operator")
            somebody.send("/systeme/operator", text=f"Caisse de {address}", country="FR")
            assert [runs(address), runs(address)] == [1, 0], address
        somebody.get("/droits/EQU-01")
        somebody.send("/droits/EQU-01", choice="no", because="Rien.")
        assert [runs("/droits"), runs("/lettres"), runs("/lettres"), runs("/resultat")] == [0, 1, 0, 0]
        somebody.send("/lettres", aim="documents")
        somebody.send("/lettres", received_day="4", received_month="12", received_year="2026")
        assert "received:" in somebody.desk.session.text()
        assert [runs("/droits"), runs("/lettres"), runs("/enregistrer")] == [0, 0, 1]
