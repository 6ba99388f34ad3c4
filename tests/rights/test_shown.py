"""What an explained model and published shares show: they inform, and never contradict."""

from __future__ import annotations

from tests.rights.samples import explained, gap, look, published, result


def test_what_a_model_shows_informs_and_never_contradicts() -> None:
    for hook, words in (
        ("stand_ins", "AUC of 0.81 (0.5 is chance; labels dealt out at random reach 0.54)"),
        ("flips", "Changing only “rent” from low to high moves 3.0% of the decisions on 1,000 people"),
        ("ablations", "Of 2 variables held fixed in turn, “income” adds least: the AUC of the score is 0.700"),
    ):
        said = look(hook, explained())
        assert said.status == "informs"
        assert words in said.sentence.text("en")
        assert all(figure.meaning is not None and figure.value is not None for figure in said.figures)
    assert [round(figure.value or 0, 3) for figure in look("flips", explained()).figures] == [0.03, 0.001]


def test_women_selected_less_were_compared_all_the_same() -> None:
    said = look("family_gaps", result((gap("sex", "woman", 0.5, 0.7),)))
    assert said.status == "cannot_tell"
    assert "were compared" in said.sentence.text("en")
    assert "compares no group" in look("family_gaps", result((gap("age", "under 30", 1.4, 1.9),))).sentence.text("en")


def test_published_shares_inform_and_never_contradict() -> None:
    lone = published({"en": "lone parents", "fr": "parents isolés"}, 36, 16)  # 36 / 16 = 2.25
    for hook in ("family_gaps", "selection_gaps"):
        said = look(hook, lone)
        assert said.status == "informs"
        assert "“lone parents” are 36% of those selected (on-site controls)" in said.sentence.text("en")
        assert "parents isolés" in said.sentence.text("fr")
        assert [(figure.value, figure.lower, figure.kind) for figure in said.figures] == [(2.25, None, "published")]
    extreme = published({"en": "lone parents", "fr": "parents isolés"}, 99, 1)
    assert look("family_gaps", extreme).status == "informs"
    men = published({"en": "single men", "fr": "hommes seuls"}, 36, 16)
    assert look("family_gaps", men).status == "cannot_tell"
    assert look("selection_gaps", men).status == "informs"
    established = result((gap("sex", "woman", 1.4, 1.9),), known_figures=[
        figure.model_dump(exclude_none=True) for figure in lone.spec.known_figures])  # fmt: skip
    assert look("family_gaps", established).status == "contradicts"
