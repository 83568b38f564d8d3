"""How a programme is made in chat."""

from __future__ import annotations

from bot.chat.actions import Option
from bot.chat.forms import ChoiceField, Form, NumberField, TextField
from bot.chat.text import Bold, Code
from bot.chat.views import List, Text, View
from bot.i18n import N_, Say

DID_YOU_MEET = N_("Did you two meet this week?")
KINDS = (
    ("mentoring", N_("Mentors and mentees")),
    ("peers", N_("Pairs of equals")),
    ("circles", N_("Circles of two to five")),
    ("help", N_("Questions to people who know, without pairs")),
)
MEASURES = (
    ("met", N_("Pairs that meet")),
    ("matched", N_("People who get a partner")),
    ("answered", N_("Check-ins that are answered")),
    ("stayed", N_("People who stay to the end")),
)


def create_form(say: Say) -> Form:
    """Ask for what a programme needs at least."""
    return Form(
        name="programme.create", title=say.line("A new programme"), submit=say.line("Create"),
        fields=(
            ChoiceField(name="kind", label=say.line("What kind?"),
                        options=tuple(Option(key, say.line(label)) for key, label in KINDS)),
            TextField(name="name", label=say.line("Name"), max_length=80),
            TextField(name="summary", label=say.line("What is it about?"), long=True, max_length=600,
                      hint=say.line("Two sentences. Everybody reads them before joining.")),
            NumberField(name="weeks", label=say.line("Weeks between two rounds of pairs"), least=1, most=52, value=4,
                        hint=say.line("A pair lasts until the next round. Not used for questions.")),
            TextField(name="goal", label=say.line("What do you want to reach?"), max_length=200,
                      hint=say.line("A programme needs a goal to be measured by. For example: most pairs meet.")),
            ChoiceField(name="measure", label=say.line("How is it measured?"), value="met",
                        options=tuple(Option(key, say.line(label)) for key, label in MEASURES)),
            NumberField(name="target", label=say.line("Target in percent"), least=1, most=100, value=80,
                        hint=say.line("After twelve weeks")),
        ),
    )  # fmt: skip


def name_taken(say: Say) -> str:
    """Say that a name cannot be used."""
    return say.line("There is a programme with such a name already, or it has no letters. Please choose another one.")


def created(say: Say, name: str, slug: str) -> View:
    """Confirm a new programme, and say how it goes on."""
    told = say(
        "{programme} is there, and people can join it now. Its short name is {slug}.",
        programme=Bold(name),
        slug=Code(slug),
    )
    more = (
        say(
            "{command} has everything else as text: questions before joining, agreements, training, goals.",
            command=Code(f"kith programme export {slug}"),
        ),
        say("{command} lets somebody coordinate it with you.", command=Code("/coord team add")),
    )
    return View("programme.created", (Text(told), List(more)))
