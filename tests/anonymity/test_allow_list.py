"""Every line that can be logged where a note passes is on a list, with the fields it may carry; so is every figure."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

PATH = ("bot/*.py", "bot/features/feedback/*.py", "scheduler/*.py", "storage/*.py", "adapters/*/*.py")
"""What a note passes: the platforms' adapters, the core, the feature, the pump, the storage."""

LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}

LINES = {
    "answer.failed": {"asked", "code"},
    "answer.form_after_defer": {"form"},
    "answer.form_after_form": {"form"},
    "answer.too_late": {"asked", "code"},
    "completion.failed": {"effect", "exc_info"},
    "completion.too_late": {"code"},
    "delivery.failed": {"row", "kind", "code"},
    "delivery.lease_lost": {"row"},
    "delivery.unprepared": {"row", "message", "error"},
    "discord.closed": {"code"},
    "discord.commands_not_registered": {"code"},
    "discord.connected": {"application", "shards"},
    "discord.disconnected": {"error", "exc_info"},
    "discord.event_failed": {"on"},
    "discord.failed": {"exc_info"},
    "discord.not_reconciled": {"guild", "code"},
    "handler.failed": {"reference", "asked", "exc_info"},
    "keys.lost": {"exc_info"},
    "loop.stalled": {"ticks"},
    "platform.broke_its_promise": {"error"},
    "platform.stopped": {"platform", "code"},
    "playground.failed": set(),
    "playground.push_failed": set(),
    "reply.incomplete": {"exc_info"},
    "slack.failed": {"workspace", "exc_info"},
    "slack.malformed": {"workspace", "error"},
    "slack.modal_closed": {"workspace", "code"},
    "slack.refused": {"workspace", "code", "cure"},
    "slack.response_url": {"workspace", "code"},
    "slack.socket_dead": {"workspace"},
    "slack.socket_down": {"workspace", "code", "again_in"},
    "backup.failed": {"folder", "error"},
    "backup.made": {"file"},
    "slack.unanswered": {"workspace", "code", "reply"},
    "slack.unreachable": {"workspace", "code"},
    "stop.impatient": {"ticks"},
    "sweep.failed": {"sweep", "row", "exc_info"},
    "tick.failed": {"tick", "error", "at"},
    "a write failed after its caller had gone": {"exc_info"},
}
"""Line -> its fields. None carries who asked or what they wrote; `row` is a row of the outbox or of a sweep, `exc_info`
is logged without the error's own words, `asked` and `reply` name a kind of event, `form` a form of ours."""

FIGURES: set[str] = set()
"""Names of figures that are counted on the path. There are none."""


def lines() -> Iterator[tuple[str, str, set[str]]]:
    """Yield (file, event, fields) of every call to a logger on the path."""
    for pattern in PATH:
        for file in sorted(ROOT.glob(pattern)):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
                    name = node.func.value
                    if isinstance(name, ast.Name) and name.id in ("log", "_log", "logger", "logging"):
                        fields = {keyword.arg or "**" for keyword in node.keywords}
                        for event in events(node.args[0]):
                            yield str(file.relative_to(ROOT)), event, fields


def events(argument: ast.expr) -> list[str]:
    """Return the constants that an event's name can be."""
    if isinstance(argument, ast.IfExp):
        return [*events(argument.body), *events(argument.orelse)]
    return [argument.value] if isinstance(argument, ast.Constant) else [ast.unparse(argument)]


def test_every_line_is_on_the_list():
    """Who logs something new where notes pass has to say here which fields it carries."""
    found = list(lines())
    assert len(found) > 25
    assert [] == [(file, event) for file, event, _ in found if event not in LINES]
    assert [] == [(file, event, fields - LINES[event]) for file, event, fields in found if fields - LINES[event]]


def test_the_list_names_nothing_that_is_gone():
    """Each line of the list is logged somewhere."""
    assert set() == LINES.keys() - {event for _, event, _ in lines()}


def test_nothing_is_printed():
    """No `print` stands on the path: what it says would be in the service's log."""
    printed = [
        str(file.relative_to(ROOT))
        for pattern in PATH
        for file in sorted(ROOT.glob(pattern))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert [] == printed


def test_feedback_logs_nothing_itself():
    """Neither the feature, nor its tables, nor what seals words and holds keys has a logger."""
    own = ("bot/features/feedback/", "storage/feedback.py", "storage/sealed.py", "storage/keys.py", "bot/memory.py")
    assert [] == [file for file, _, _ in lines() if file.startswith(own)]


def test_every_figure_is_on_the_list():
    """Nothing on the path counts or times into a figure of its own."""
    makers = {"Counter", "Gauge", "Histogram", "Summary"}
    counted = {
        str(file.relative_to(ROOT))
        for pattern in PATH
        for file in sorted(ROOT.glob(pattern))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] not in ("collections", "typing")
        and makers & {alias.name for alias in node.names}
    }
    assert FIGURES == counted
