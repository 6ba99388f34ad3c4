"""What an audit may ask of one table: each case must be counted alike wherever the rows live."""

from __future__ import annotations

__all__ = ["CASES"]

_HEAD = """\
title: A caseload
as_of: 2026-11-30
system: {name: Score, harm: punitive}
publish: {minimum_count: 0, because: synthetic}
data: DATA
"""
CASES = {
    "missing values": """\
score: score
selected: {at_least: 0.6}
outcome: {column: fraud, positive: [1], negative: [0]}
groups:
  sexe: {column: sexe, reference: {is: largest}}
  région: {column: "région d'accueil", reference: {is: largest}}
  age: {column: age, bins: [25, 45], reference: 25 to under 45}
  order: {column: Order, reference: a}
""",
    "weights and clusters": """\
score: score
selected: {at_least: 0.6}
outcome: {column: fraud, positive: [1], negative: [0]}
weight: weight
cluster: household
groups: {sexe: {column: sexe, reference: M}}
""",
    "ties at the limit": """\
score: score
selected: {top_share: 0.4, ties: shared}
outcome: {column: fraud, positive: [1], negative: [0]}
groups: {sexe: {column: sexe, reference: M}}
analyses:
  in: {selected: {top: 100, ties: in}}
""",
    "strata and a condition": """\
selected: {column: carer, in: [true]}
groups: {sexe: {column: sexe, reference: M}}
strata: {tenure: tenure}
analyses:
  recent: {keep: [{column: age, at_least: 30}, {column: Order, not_in: [b]}]}
""",
    "decimals": """\
score: cents
selected: {at_least: 1.25}
outcome: {column: fraud, positive: [1], negative: [0]}
groups:
  money: {column: cents, bins: [0.5, 2.01], reference: 0.5 to under 2.01}
  sexe: {column: sexe, reference: M}
""",
    "days and moments": """\
selected: {column: carer, in: [true]}
groups:
  day: {column: day, reference: "2024-01-01"}
  seen: {column: seen, reference: {is: largest}}
""",
    "truth values": """\
selected: {column: fraud, in: [1]}
outcome: {column: carer, positive: [true]}
groups:
  carer: {column: carer, reference: "false"}
""",
    "a regression": """\
score: score
selected: {at_least: 0.6}
outcome: {column: fraud, positive: [1], negative: [0]}
weight: weight
groups: {sexe: {column: sexe, reference: M}}
regressions:
  plain: {kind: logit, outcome: selected, terms: [sexe, {column: age}, {column: carer, reference: "false"}]}
  amount: {kind: linear, outcome: {column: cents}, terms: [sexe, {column: score}]}
""",
    "joined tables": """\
score: score
selected: {at_least: 0.6}
outcome: {column: fraud, positive: [1], negative: [0]}
groups:
  sexe: {column: sexe, reference: M}
  tenure: {column: tenure, reference: owner}
""",
}
CASES = {name: _HEAD + text for name, text in CASES.items()}
