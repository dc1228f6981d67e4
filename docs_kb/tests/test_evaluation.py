import json

import pytest
from django.core.management import CommandError, call_command

from docs_kb.evaluation import Judgement, Outcome, Table, evaluate, read_judgements
from docs_kb.tests.factories import make_article


def outcome(found: list[str], relevant: dict[str, int], kind: str = "ticket") -> Outcome:
    return Outcome(Judgement("q", kind, "texto", relevant), found, len(found), 0.01)


def test_figures_of_a_perfect_answer_are_one():
    perfect = outcome(["a", "b"], {"a": 2, "b": 1})
    assert (perfect.ndcg, perfect.recall(3), perfect.success(1), perfect.reciprocal_rank) == (1, 1, 1, 1)


def test_figures_of_a_late_answer_follow_their_definitions():
    late = outcome(["x", "a"], {"a": 2, "b": 2})
    assert late.ndcg == pytest.approx((3 / 1.58496) / (3 + 3 / 1.58496), abs=1e-4)
    assert (late.recall(3), late.success(1), late.success(3), late.reciprocal_rank) == (0.5, 0, 1, 0.5)


def test_table_leaves_queries_without_answer_out_of_the_means():
    table = Table([outcome(["a"], {"a": 2}), outcome(["x"], {}, "no_answer")])
    assert (table.kinds(), table.ndcg("all"), table.row("all").count) == (
        ["all", "ticket", "no_answer"],
        1,
        2,
    )


def test_judgement_with_typo_differs_in_one_word_and_is_always_the_same():
    judgement = Judgement("q7", "keyword", "recuperar contraseña del panel", {})
    words = zip(judgement.query.split(), judgement.with_typo().query.split(), strict=True)
    assert sum(left != right for left, right in words) == 1
    assert judgement.with_typo() == judgement.with_typo()
    assert Judgement("q", "keyword", "dns mx", {}).with_typo().query == "dns mx"


def test_judgement_is_cut_in_its_middle():
    assert Judgement("q", "ticket", "no me llega nada", {}).first_half().query == "no me ll"


@pytest.mark.parametrize("text", ["{", '{"qid": 1}', '["a"]'])
def test_judgements_that_are_none_are_refused(tmp_path, text):
    file = tmp_path / "judged.jsonl"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"falta|Expecting"):
        read_judgements(file)


@pytest.mark.django_db
def test_command_prints_the_table_and_what_a_slip_and_half_a_ticket_leave(tmp_path, capsys):
    make_article("No recibo correos", slug="no-recibo")
    file = tmp_path / "judged.jsonl"
    line = {
        "qid": "1",
        "kind": "ticket",
        "query": "no recibo correos en mi buzón",
        "relevant": {"no-recibo": 2},
    }
    file.write_text(json.dumps(line))
    assert evaluate(read_judgements(file)).ndcg("all") == 1
    call_command("evaluate_search", str(file), "--typos", "--half", "--misses")
    printed = capsys.readouterr().out
    assert "nDCG@10" in printed
    assert "se conserva el 100.0 % del nDCG" in printed
    assert "éxito@3: 1.000" in printed
    with pytest.raises(CommandError):
        call_command("evaluate_search", str(tmp_path / "ninguno.jsonl"))
