"""Programme files: the examples read, and every mistake is named with its key and cure."""

from datetime import date, time
from pathlib import Path

import pytest

from bot.matching import WEIGHTS, Rules
from bot.programme import file as programme_file
from bot.programme.file import Problem, ProgrammeFile, ProgrammeFileError
from bot.programme.sections import Measure

EXAMPLES = Path(__file__).parents[2] / "examples" / "programmes"
START = 'kith = 1\nname = "Peers"\nslug = "peers"\nkind = "peers"\nsummary = "Meet."\n'


def written(folder: Path, text: str) -> ProgrammeFile:
    """A programme read from a file with this text after the required keys."""
    path = folder / "programme.toml"
    path.write_text(START + text, encoding="utf-8")
    return programme_file.read(path)


def problems(folder: Path, text: str) -> list[Problem]:
    """What is said about a file with this text."""
    with pytest.raises(ProgrammeFileError) as caught:
        written(folder, text)
    return list(caught.value.problems)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_are_whole(path):
    """Each example reads, has goals and check-ins, and is translated to Spanish to the last text."""
    programme = programme_file.read(path)
    assert programme.goals
    assert programme.checkins
    assert programme.texts("en").keys() == programme.translations["es"].keys()


def test_what_is_left_out_has_a_default(tmp_path):
    """Five keys make a programme; the rest is what the engine and most programmes use."""
    programme = written(tmp_path, "")
    assert ("peer", Rules()) == (programme.mode, programme.rules())
    assert (2, "mon", time(10)) == (programme.rounds.weeks, programme.rounds.weekday, programme.rounds.at)
    assert 1 == programme.role("peer").capacity


def test_values_are_typed(tmp_path):
    """Times, dates, measures and weights come out as what they are."""
    programme = written(
        tmp_path,
        """
        timezone = "europe/madrid"
        [[goals]]
        key = "met"
        text = "Meet."
        measure = "met"
        target = 0.5
        due = 2026-06-30
        [rounds]
        at = 18:30:00
        anchor = 2026-03-02
        [matching]
        weights = { interests = 1, level = 0 }
        """,
    )
    assert ("Europe/Madrid", time(18, 30), date(2026, 3, 2)) == (
        programme.timezone, programme.rounds.at, programme.rounds.anchor,
    )  # fmt: skip
    assert (Measure.MET, date(2026, 6, 30)) == (programme.goals[0].measure, programme.goals[0].due)
    assert {"interests": 1.0, "level": 0.0} == programme.rules().weights


def test_texts_fall_back(tmp_path):
    """A text comes in the nearest language there is: the region's, the language's, the file's."""
    programme = written(
        tmp_path,
        """
        [[checkins]]
        key = "met"
        question = "Met?"
        [texts.es]
        summary = "Conócete."
        checkins.met = "¿Os visteis?"
        [texts.es-MX]
        checkins.met = "¿Se vieron?"
        """,
    )
    found = {locale: programme.texts(locale)["checkins.met"] for locale in ("es", "es-MX", "es_AR", "fr", "en")}
    assert {"es": "¿Os visteis?", "es-MX": "¿Se vieron?", "es_AR": "¿Os visteis?", "fr": "Met?", "en": "Met?"} == found
    assert ("Conócete.", "Peers") == (programme.texts("es-MX")["summary"], programme.texts("es-MX")["name"])


@pytest.mark.parametrize(
    ("text", "key", "cure"),
    [
        ("sumary = 'x'", "sumary", "“summary”"),
        ("[rounds]\nevry_weeks = 2", "rounds.evry_weeks", "“every_weeks”"),
        ("[rounds]\nevery_weeks = 0", "rounds.every_weeks", "from 1"),
        ("[rounds]\nevery_weeks = '2'", "rounds.every_weeks", "without quotes"),
        ("[rounds]\nweekday = 'monday'", "rounds.weekday", "“mon”"),
        ("[rounds]\nat = '25:00'", "rounds.at", '"18:00"'),
        ("[rounds]\nat = '18:00Z'", "rounds.at", "18:00"),
        ("[rounds]\nanchor = 2026-03-03", "rounds.anchor", '"tue"'),
        ("[matching.weights]\ninterest = 1", "matching.weights.interest", "“interests”"),
        ("[matching.weights]\ninterests = nan", "matching.weights.interests", "ordinary"),
        ("[matching.weights]\ninterests = -1", "matching.weights.interests", "from 0"),
        ("[matching]\nmin_overlap_hours = 200", "matching.min_overlap_hours", "up to 168"),
        ("[roles.mentor]\ncapacity = 2", "roles.mentor", "Use peer."),
        ("[roles.mentro]\ncapacity = 2", "roles.mentro", "“mentor”"),
        ("[[checkins]]\nkey = 'a'\nquestion = ''", "checkins[1].question", "Write something"),
        ("[[checkins]]\nkey = 'a'\nquestion = 'q'\nweeks = [3]", "checkins[1].weeks", "Use weeks 1 to 2"),
        ("[[checkins]]\nkey='a'\nquestion='q'\n[[checkins]]\nkey='a'\nquestion='r'", "checkins", "Give each its own"),
        ("[[goals]]\nkey='a'\ntext='t'\nmeasure='met'\ntarget=80\ndue_week=1", "goals[1]", "Write 0.8 for 80 %"),
        ("[[goals]]\nkey='a'\ntext='t'\nmeasure='met'\ntarget=0.8", "goals[1]", "either due or due_week"),
        ("[[goals]]\nkey='a'\ntext='t'\nmeasure='meet'\ntarget=0.8\ndue_week=1", "goals[1].measure", "“met”"),
        ("timezone = 'Madrid'", "timezone", "“Europe/Madrid”"),
        ("language = 'Spanish'", "language", "“es”"),
        ("[texts.spanish]\nname = 'x'", "texts.spanish", "“es”"),
        ("[texts.es]\nsumary = 'x'", "texts.es.sumary", "“summary”"),
        ("goals = 3", "goals", "[[double brackets]]"),
        ("rounds = 3", "rounds", "[brackets]"),
    ],
)
def test_a_mistake_is_named_with_its_cure(tmp_path, text, key, cure):
    """Each mistake has its dotted key and says how to mend it."""
    (problem,) = problems(tmp_path, text)
    assert key == problem.key
    assert cure in problem.cure


def test_all_problems_at_once(tmp_path):
    """Mistakes in several sections, and between them, come in one answer; a wrong section hides no other."""
    text = """
    sumary = "x"
    [rounds]
    weekday = "mo"
    [[checkins]]
    key = "a"
    question = "q"
    weeks = [4]
    [[checkins]]
    key = "a"
    question = 3
    [texts.es]
    nam = "x"
    """
    keys = {problem.key for problem in problems(tmp_path, text)}
    assert {"sumary", "rounds.weekday", "checkins", "checkins[2].question", "texts.es.nam"} == keys


def test_a_syntax_error_has_its_line(tmp_path):
    """A line that is not TOML is named by its number."""
    (problem,) = problems(tmp_path, 'language = "en\n')
    assert 6 == problem.line
    assert str(problem).startswith("line 6: ")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xfek", "not text in UTF-8"),
        (b"kith = [1", "unclosed array"),
        (START.replace("1", "2", 1).encode(), "version 1 of the format, not 2"),
        (b"", "missing"),
    ],
)
def test_a_file_that_is_no_programme(tmp_path, data, what):
    """Bytes that are not text, broken TOML, another version and an empty file are told apart."""
    path = tmp_path / "programme.toml"
    path.write_bytes(data)
    with pytest.raises(ProgrammeFileError, match=what):
        programme_file.read(path)


def test_a_file_that_is_not_there(tmp_path):
    """A wrong path is said plainly."""
    with pytest.raises(ProgrammeFileError, match="cannot be opened: no such file"):
        programme_file.read(tmp_path / "none.toml")


def test_weights_of_a_file_are_parts_of_a_score():
    """The example files name only parts that the engine knows, so none is silently without effect."""
    for path in EXAMPLES.glob("*.toml"):
        assert programme_file.read(path).rules().weights.keys() <= WEIGHTS.keys()


def test_the_life_of_a_pair(tmp_path):
    """Trials and late joiners are off, agreements on, unless the file says otherwise."""
    usual = written(tmp_path, "").pairs
    assert (True, None, False) == (usual.agreement, usual.trial_weeks, usual.late_joiners)
    text = "[rounds]\nevery_weeks = 8\n[pairs]\nagreement = false\ntrial_weeks = 2\nlate_joiners = true\n"
    own = written(tmp_path, text).pairs
    assert (False, 2, True) == (own.agreement, own.trial_weeks, own.late_joiners)


@pytest.mark.parametrize(
    ("text", "key", "cure"),
    [
        ("[pairs]\ntrial_weeks = 2\n", "pairs.trial_weeks", "Use at most 1"),
        ("[rounds]\nevery_weeks = 1\n[pairs]\ntrial_weeks = 1\n", "pairs.trial_weeks", "Leave trial_weeks out."),
        ("[pairs]\ntrial_weeks = 0\n", "pairs.trial_weeks", ""),
        ("[pairs]\ntrial_week = 2\n", "pairs.trial_week", "trial_weeks"),
    ],
)
def test_a_trial_that_cannot_be_is_named(tmp_path, text, key, cure):
    """A trial as long as the round, of no weeks, or misspelt, is named with its key and cure."""
    (problem,) = problems(tmp_path, text)
    assert key == problem.key
    assert cure in problem.cure
