"""Who may come in, what is refused, and what is left on the disk."""

from __future__ import annotations

import json
import os
import random
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from auditkit.page.audit_text import content_of
from auditkit.page.door import LARGEST_FORM, Keys
from auditkit.page.session import Session, interrupted, new_session, resumed, safe_name
from tests.page.person import HOST, Person, describe_system, person, upload

HERE = {"origin": f"http://{HOST}"}


def test_the_address_is_good_once() -> None:
    with person() as somebody:
        other = Person(somebody.desk)
        assert other.get(f"/?cle={somebody.desk.keys.token}").status_code == 403
        assert other.get("/debut").status_code == 403
        assert other.get("/").status_code == 403
        assert somebody.get("/").status_code == 200
        other.close()


@pytest.mark.parametrize(
    "host", ["localhost:40404", "evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:40404.evil.example", ""]
)
def test_another_host_is_refused(host: str) -> None:
    with person() as somebody:
        assert somebody.get("/debut", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null"}, {"origin": "http://evil.example"}, {"origin": "http://localhost:40404"},
     {"origin": "https://127.0.0.1:40404"}, {**HERE, "sec-fetch-site": "cross-site"},
     {**HERE, "sec-fetch-site": "same-site"}],
)  # fmt: skip
def test_what_another_page_sends_is_refused(headers: dict[str, str]) -> None:
    with person() as somebody:
        data = {"ticket": somebody.ticket(), "what": "documents"}
        assert somebody.request("POST", "/debut", data=data, headers=headers).status_code == 403
        assert not somebody.desk.session.text()


def test_a_form_is_taken_once_and_never_without_its_ticket() -> None:
    with person() as somebody:
        data = {"ticket": somebody.ticket(), "what": "documents"}
        assert somebody.request("POST", "/debut", data=data, headers=HERE).status_code == 200
        before = somebody.desk.session.text()
        assert somebody.request("POST", "/debut", data=data, headers=HERE).status_code == 409
        for ticket in ("", "x" * 22, somebody.desk.keys.secret):
            assert somebody.request("POST", "/effacer", data={"ticket": ticket}, headers=HERE).status_code == 409
        assert somebody.desk.session.text() == before


def test_no_cookie_no_page() -> None:
    with person() as somebody:
        paths = [
            "/debut",
            "/tableau",
            "/resultat",
            "/rapport",
            "/lettres/documents.docx",
            "/image.svg",
            "/page.css",
            "/nowhere",
        ]
        other = Person(somebody.desk)
        for cookie in ("", f"{somebody.desk.keys.cookie}=x", f"auditkit-1={somebody.desk.keys.secret}", "\x00=;;"):
            assert {other.get(path, headers={"cookie": cookie}).status_code for path in paths} == {403}
        other.close()
        for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
            assert somebody.request(method, "/debut").status_code == 405


def test_a_form_has_a_largest_size() -> None:
    with person() as somebody:
        data = {"ticket": somebody.ticket(), "text": "x" * LARGEST_FORM}
        assert somebody.request("POST", "/systeme/name", data=data, headers=HERE).status_code == 413


def test_a_form_whose_length_is_not_said_has_one_too() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_FORM // 50_000 + 2):
            yield b"x" * 50_000

    with person() as somebody:
        headers = {**HERE, "content-type": "application/x-www-form-urlencoded"}
        assert somebody.request("POST", "/systeme/name", content=pieces(), headers=headers).status_code == 413
        assert somebody.get("/debut").status_code == 200


def test_what_is_asked_for_in_an_address_leads_nowhere() -> None:
    with person() as somebody:
        somebody.send("/langue", language="../../x", vers="//evil.example")
        assert (somebody.url, somebody.desk.session.language) == ("/debut", "fr")
        somebody.send("/langue", language="en", vers="/\\evil.example")
        assert (somebody.url, somebody.desk.session.language) == ("/debut", "en")
        somebody.send("/debut", what="documents")
        assert somebody.get("/tableau?feuille=../../x").status_code == 200
        for path in (
            "/session.json",
            "/audit.yaml",
            "/lettres/..%2f..%2fetc%2fpasswd.txt",
            "/page.css/../session.json",
        ):
            assert somebody.get(path).status_code == 404


def test_every_answer_is_dressed() -> None:
    with person() as somebody:
        for path in ("/debut", "/page.js", "/nowhere"):
            headers = somebody.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
        cookie = somebody.client.cookies.jar
        [one] = list(cookie)
        assert one.has_nonstandard_attr("HttpOnly")
        assert one.get_nonstandard_attr("SameSite") == "strict"


def test_the_keys_are_long_and_lapse() -> None:
    keys = Keys(1)
    tickets = [keys.ticket() for _ in range(500)]
    assert not keys.use(tickets[0])
    assert keys.use(tickets[-1])
    assert not keys.use(tickets[-1])
    assert len(keys.token) >= 43
    assert keys.redeem(keys.token)
    assert not keys.redeem(keys.token)


def test_names_of_files_lead_nowhere() -> None:
    pieces = [
        "..",
        "/",
        "\\",
        "C:",
        "a",
        "é",
        ".csv",
        "\x00",
        "\u202e",
        "\n",
        " ",
        "con",
        "~",
        "%2e",
        "<b>",
        "|",
        "-" * 90,
    ]
    random_one = random.Random(1)
    for _ in range(400):
        name = safe_name("".join(random_one.choices(pieces, k=random_one.randint(1, 7))))
        assert name == Path(name).name
        assert name not in ("", ".", "..")
        assert not name.startswith(".")
        assert name.isprintable()
        assert not set(name) & set("/\\:<>|\x00")
        assert len(name) <= 96


@pytest.mark.parametrize(
    "name",
    ["../../outside.csv", "..\\..\\etc\\x.csv", "session.json.csv", "<img src=x onerror=alert(1)>.csv"],
)
def test_a_hostile_name_and_hostile_cells_stay_text(name: str) -> None:
    cell = "<script>alert(1)</script>"
    table = f"group,people,controlled\n{cell},1000,100\n\"'><b>B\",2000,90\n=cmd|' /C calc'!A0,1500,80\n"
    with person("en") as somebody:
        upload(somebody, name, table.encode())
        assert somebody.url == "/tableau", somebody.page
        assert cell not in somebody.page
        assert "&lt;script&gt;" in somebody.page
        folder = somebody.desk.session.folder
        [kept] = list(somebody.desk.session.evidence.iterdir())
        assert kept.parent.parent == folder
        assert not (folder.parent / "outside.csv").exists()
        somebody.send("/tableau", column0="group", column1="total", column2="selected")
        describe_system(somebody)
        somebody.get("/resultat")
        assert cell not in somebody.page
        assert content_of(somebody.desk.session.audit)["data"]["file"].endswith(kept.name)


def test_the_folder_is_this_persons_alone_and_goes() -> None:
    with person() as somebody:
        folder = somebody.desk.session.folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_an_interrupted_session_is_offered_then_removed() -> None:
    dead = new_session("fr")
    dead.audit.write_text("title: x\n")
    dead.answered("debut", "")
    state = json.loads((dead.folder / "session.json").read_text())
    (dead.folder / "session.json").write_text(json.dumps({**state, "process": _dead_process()}))
    with person() as somebody:
        somebody.get("/debut")
        assert "1 réponse" in somebody.page
        somebody.send("/reprendre", session=dead.folder.name)
        assert somebody.desk.session.folder == dead.folder
        assert somebody.desk.session.text() == "title: x\n"
    assert not dead.folder.exists()


def test_a_folder_that_is_not_ours_is_never_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shared = tmp_path / "auditkit-page-shared"
    shared.mkdir()
    (shared / "session.json").write_text(json.dumps({"answers": 3, "process": _dead_process()}))
    shared.chmod(0o755)
    (tmp_path / "auditkit-page-link").symlink_to(shared)
    assert list(interrupted()) == []
    mine = Session(tmp_path / "mine")
    assert resumed(shared, mine) is mine
    assert shared.exists()


def _dead_process() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_two_people_know_nothing_of_each_other() -> None:
    with person() as one, person("en") as two:
        one.send("/debut", what="documents", notes_documents="Secret d’Alice")
        two.send("/debut", what="documents")
        assert one.desk.session.folder != two.desk.session.folder
        for path in ("/systeme", "/presse", "/debut"):
            assert "Alice" not in two.get(path).text
        assert two.get("/debut", headers={"cookie": f"auditkit-40404={one.desk.keys.secret}"}).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [{"name": "../x", "path": "{place}"}, {"name": "", "path": "{place}"}, {"name": "x", "path": "relative"},
     {"name": "x", "path": "/nowhere/at/all"}, {"name": "full", "path": "{place}"}],
)  # fmt: skip
def test_a_folder_is_saved_only_where_nothing_is(fields: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with person() as somebody:
        somebody.send("/debut", what="documents")
        somebody.desk.session.state["ran"] = somebody.desk.session.made_from()
        somebody.desk.session.out.mkdir()
        (somebody.desk.session.out / "results.json").write_text("{}")
        somebody.get("/enregistrer")
        given = {key: value.format(place=tmp_path) for key, value in fields.items()}
        assert somebody.send("/enregistrer", place="other", **given).status_code == 400
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "mine.txt"]
