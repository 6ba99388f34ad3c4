"""A text system whose gaps are known: the oracle of the probe. JSON in, JSON out; the gaps come from the arguments.

`noise` drops a word or adds one by chance that does not depend on the name; `gap` names what is done to other names.
"""

from __future__ import annotations

import json
import random
import sys

OTHERS = ("Fatima", "Leila")


def written(text: str, gap: str, generator: random.Random) -> str:
    """A summary of a case: its sentences, a plan, and noise."""
    other = text.startswith(OTHERS)
    sentences = [one.strip() for one in text.split(". ") if one.strip()]
    if generator.random() < 0.3:
        sentences = [*sentences, "That is all we know"]
    plan = "We propose training and childcare, housing allowance and a mentor."
    if gap == "omit" and other:
        sentences = sentences[:1]
    if gap == "tone" and other:
        plan += " Missed steps lead to a sanction."
    if gap == "length" and other:
        plan += " The file is to be read again and looked at with care by whoever is in charge of it."
    if gap == "service" and other:
        plan = "We propose training."
    if gap == "invent" and other:
        plan += " There were 7777 absences."
    return ". ".join(sentences).rstrip(".") + ". " + plan


def main() -> None:
    """Answer as asked; or rudely, slowly, with lies, or not at all."""
    gap, seed = sys.argv[1], int(sys.argv[2])
    texts = json.load(sys.stdin)["texts"]
    if gap == "rude":
        sys.stdout.write("Go away.")
    elif gap == "dead":
        sys.stderr.write("out of memory")
        sys.exit(3)
    elif gap == "slow":
        import time

        time.sleep(30)
    else:
        generator = random.Random(seed)
        answers = [written(text, gap, generator) for text in texts]
        json.dump({"texts": answers[1:] if gap == "lying" else answers}, sys.stdout)


if __name__ == "__main__":
    main()
