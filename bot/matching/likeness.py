"""How alike what people wrote about themselves is: a port, and the one that comes with Kith.

Off unless the part `text` has a weight. Then each text becomes a vector, and the likeness of two people is the product
of their vectors. `TfIdf` compares words, weighing rare ones more; it needs scikit-learn (`pip install 'kith[text]'`).
`Embeddings` takes any local model that turns sentences into vectors. What it adds is a reason with the words in common.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from bot.matching.model import MatchingError, Request
from bot.matching.score import Table

TERMS = 24
"""So many words of a text are kept, those that weigh most."""


class Likeness(Protocol):
    """Turns texts into vectors whose products lie in [0, 1]: 1 for two texts that say the same."""

    def __call__(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return for each text its vector, as coordinate -> value."""
        ...


def tfidf(texts: Sequence[str]) -> list[dict[str, float]]:
    """Return unit vectors of words. Raises MatchingError when scikit-learn is not installed."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        problem = "The weight of “text” needs scikit-learn: install it with pip install 'kith[text]', or set it to 0."
        raise MatchingError((problem,)) from None
    if not any(text.strip() for text in texts):
        return [{} for _ in texts]
    maker = TfidfVectorizer(strip_accents="unicode", sublinear_tf=True, max_df=max(0.5, 2 / len(texts)))
    try:
        matrix = maker.fit_transform(texts).tocsr()
    except ValueError:  # nothing but signs, or nothing but words that everybody uses
        return [{} for _ in texts]
    names = maker.get_feature_names_out()
    return [_kept({str(names[at]): float(value) for at, value in zip(row.indices, row.data, strict=True)})
            for row in matrix]  # fmt: skip


def _kept(vector: Mapping[str, float]) -> dict[str, float]:
    best = sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:TERMS]
    length = sum(value * value for _, value in best) ** 0.5
    return {term: value / length for term, value in best}


class Embeddings:
    """A `Likeness` from a model: `encode(texts)` returns a vector of numbers for each, all of one length.

    The likeness of two is (1 + cosine) / 2. Nothing is sent anywhere unless `encode` does so.
    """

    def __init__(self, encode: Callable[[Sequence[str]], Any]) -> None:
        self._encode = encode

    def __call__(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return the vectors, with a last coordinate that lifts opposites to 0."""
        written = [at for at, text in enumerate(texts) if text.strip()]
        found: list[dict[str, float]] = [{} for _ in texts]
        for at, vector in zip(written, self._encode([texts[at] for at in written]), strict=True):
            values = [float(value) for value in vector]
            length = (2 * sum(value * value for value in values)) ** 0.5 or 1.0
            found[at] = {f"\0{place}": value / length for place, value in enumerate(values)}
            found[at]["\0"] = 0.5**0.5
        return found


def table_of(request: Request, likeness: Likeness = tfidf) -> Table:
    """Return the table of a request, with the vectors of its texts where they count."""
    if not request.rules.weights.get("text"):
        return Table(request)
    people = sorted(request.people, key=lambda person: person.id)
    vectors = likeness([person.text for person in people])
    return Table(request, {person.id: vector for person, vector in zip(people, vectors, strict=True)})
