"""What coordinators see of a round before it is one: the draft, what a change would cost, why people are where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.chat.actions import ActionId, Button, Choice, Option
from bot.chat.forms import DateField, Form
from bot.chat.limits import CHOICE_OPTIONS, OPTION_LABEL
from bot.chat.text import Bold, Code, Mention, Words, shorten, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.features.round.edits import Explained, Other
from bot.features.round.notices import of_best, percent
from bot.features.round.rules import Cost, Numbers, Stale, numbers
from bot.i18n import N_, Say
from bot.matching import Group, Reason, Result, Unmatched
from bot.programme.file import ProgrammeFile
from bot.reasons import BLOCKS, lines, people, stored
from storage.pair import Rematch
from storage.round import RoundDraft

if TYPE_CHECKING:
    from bot.features.round.drafts import Drafted

SHOWN = 15

HELPS = {
    "no_shared_language": N_("a language more, if they speak one"),
    "no_overlap": N_("a few more free hours"),
    "only_repeats": N_("newcomers, or fewer rounds before people may meet again"),
    "no_shared_space": N_("an account in another space"),
    "no_capacity": N_("a mentor who takes one more"),
    "no_role": N_("joining as a mentor or a mentee"),
    "nobody_left": N_("one more person who fits"),
}
"""What would help somebody who is without a partner, as a coordinator could put it to them."""


def preview(say: Say, found: Drafted, names: Mapping[str, str]) -> View:
    """Show a draft. `names` has those of whom something was decided, by member id."""
    row, counted = found.row, numbers(found.request, found.result)
    blocks: list[Block] = [Heading(say.line("The next round, as a draft")), Text(_made(say, found))]
    if found.stale:
        blocks += [Text(line) for line in _stale(say, found.stale)]
    blocks.append(Fields(_fields(say, counted)))
    if row.publish_at:
        blocks.append(Text(say("It will be published {when}.", when=say.when(row.publish_at))))
    blocks += _pairs(say, found.result)
    blocks += _without(say, found.result.unmatched)
    if counted.parity:
        share = [f"{group} {matched}/{of}" for group, matched, of in counted.parity]
        blocks.append(Text(say("With a partner, by group: {groups}.", groups=say.join(share))))
    blocks += _decided(say, row, names)
    blocks.append(Note(say("Nothing was sent. To change it: {commands}.", commands=say.join([
        words(Code(f"/coord matching {word}")) for word in ("lock", "forbid", "swap", "explain")
    ]))))  # fmt: skip
    buttons = [Button(say.line("Publish…"), ActionId("round.confirm", row.id), "primary")]
    buttons.append(Button(say.line("Draw again"), ActionId("round.redraw", row.id)))
    if row.undo:
        buttons.append(Button(say.line("Undo the last change"), ActionId("round.undo", row.id, str(row.version))))
    if row.publish_at:
        buttons.append(Button(say.line("No day yet"), ActionId("round.unplan", row.id)))
    blocks.append(Actions(tuple(buttons)))
    return View("round.preview", tuple(blocks))


def _made(say: Say, found: Drafted) -> Words:
    programme = Bold(found.programme.name)
    when = say.when(found.row.made_at, "relative")
    if found.row.made_by is None:
        return say("{programme}, drawn {when}.", programme=programme, when=when)
    return say("{programme}, drawn or changed {when} by {who}.", programme=programme, when=when,
               who=Mention(found.row.made_by))  # fmt: skip


def _stale(say: Say, stale: Stale) -> list[Words]:
    found: list[Words] = [say("This draft is not quite up to date. Draw it again when you like:")]
    if stale.came:
        found.append(say("New since then: {people}.", people=_some(say, stale.came)))
    if stale.gone:
        found.append(say("Not in it any more: {people}.", people=_some(say, stale.gone)))
    if stale.changed:
        found.append(
            say.plural("One person changed what they told me.", "{n} people changed what they told me.", stale.changed)
        )
    return found


def _some(say: Say, ids: Sequence[str]) -> Words:
    if len(ids) <= SHOWN:
        return people(say, ids)
    more = say.plural("one more", "{n} more", len(ids) - SHOWN)
    return say.join([*(words(Mention(one)) for one in ids[:SHOWN]), more])


def _fields(say: Say, counted: Numbers) -> tuple[tuple[str, Words], ...]:
    found: list[tuple[str, Words]] = [
        (say.line("Pairs"), words(str(counted.pairs))),
        (say.line("People with a partner"), words(str(counted.placed))),
        (say.line("People without a partner"), words(str(counted.alone))),
        (say.line("Total"), say("{total} points", total=f"{counted.total:.2f}")),
        (say.line("Of the best possible"), of_best(say, counted.share)),
    ]
    if counted.worst is not None:
        found.append((say.line("Least fitting pair"), words(percent(counted.worst))))
    found.append((say.line("Met before"), words(str(counted.again))))
    if counted.load:
        found.append(
            (
                say.line("Mentors"),
                say("{full} full, {some} with room left, {none} without a mentee", full=counted.load.full,
                    some=counted.load.some, none=counted.load.none),
            )
        )  # fmt: skip
    return tuple(found)


def _pairs(say: Say, result: Result) -> list[Block]:
    worst = sorted(result.groups, key=lambda group: (group.score, group.members))
    if not worst:
        return [Text(say("Nobody can be paired like this."))]
    listed = List(tuple(_pair_line(say, group) for group in worst[:SHOWN]), size=SHOWN)
    more = _more(say, len(worst))
    return [Text(say("Pairs, the least fitting first:")), listed, *more]


def _more(say: Say, count: int) -> list[Block]:
    if count <= SHOWN:
        return []
    return [Note(say.plural("One more is not shown.", "{n} more are not shown.", count - SHOWN))]


def _pair_line(say: Say, group: Group) -> Words:
    return words(people(say, group.members), f" · {percent(group.score)}")


def _without(say: Say, unmatched: Sequence[Unmatched]) -> list[Block]:
    if not unmatched:
        return []
    listed = List(tuple(_alone(say, one) for one in unmatched[:SHOWN]), size=SHOWN)
    return [Text(say("Without a partner:")), listed, *_more(say, len(unmatched))]


def _alone(say: Say, one: Unmatched) -> Words:
    return words(Mention(one.person), ": ", _blocks(say, one))


def _blocks(say: Say, one: Unmatched) -> Words:
    codes = _named([(reason.code, reason.params.get("people", 0)) for reason in one.reasons])
    blocked = say.join([_count(say, code, times) for code, times in codes[:3]])
    helps = [say(HELPS[code]) for code, _ in codes if code in HELPS][:2]
    if not helps:
        return blocked
    return say("{blocked}. What would help: {helps}.", blocked=blocked, helps=say.join(helps, "or"))


def _named(codes: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return what blocks, with private wishes and coordinators' decisions told apart by nobody."""
    found: dict[str, int] = {}
    for code, times in codes:
        known = "avoided" if code in ("avoided", "forbidden") else code if code in BLOCKS else "nobody_left"
        found[known] = found.get(known, 0) + times
    return list(found.items())


def _count(say: Say, code: str, times: int) -> Words:
    return words(say(BLOCKS[code]), f" ({times})") if times else say(BLOCKS[code])


def _decided(say: Say, row: RoundDraft, names: Mapping[str, str]) -> list[Block]:
    """Show who is kept together or apart, and let each be taken back."""
    told: list[Words] = []
    options: list[Option] = []
    for kind, kept in (("lock", [lock["members"] for lock in row.locks]), ("forbid", row.forbids)):
        sentence = N_("Together: {people}") if kind == "lock" else N_("Apart: {people}")
        for place, members in enumerate(kept):
            told.append(say(sentence, people=people(say, members)))
            label = say.line(sentence, people=say.join([names.get(one, "…") for one in members]))
            options.append(Option(f"{row.version}.{kind}.{place}", shorten(label, OPTION_LABEL)))
    if not told:
        return []
    chosen = Choice(say.line("Take one back…"), ActionId("round.release", row.id), tuple(options[:CHOICE_OPTIONS]))
    return [Text(say("What you decided:")), List(tuple(told), size=SHOWN), Actions((chosen,))]


def confirm(say: Say, found: Drafted) -> View:
    """Ask whether a draft is to be published."""
    row, counted = found.row, numbers(found.request, found.result)
    blocks: list[Block] = [
        Heading(say.line("Publish this round?")),
        Text(say("{programme}: {pairs}, {alone}.", programme=Bold(found.programme.name),
                 pairs=say.plural("one pair", "{n} pairs", counted.pairs),
                 alone=say.plural("one person without a partner", "{n} people without a partner", counted.alone))),
    ]  # fmt: skip
    if found.stale:
        blocks += [Text(line) for line in _stale(say, found.stale)]
    blocks.append(Note(say("Everybody in it is introduced at once. This cannot be taken back.")))
    buttons = []
    if counted.pairs and not found.stale.gone:
        publish = ActionId("round.publish", row.id, str(row.version))
        buttons += [Button(say.line("Publish"), publish, "primary")]
    if found.stale or not counted.pairs:
        buttons.append(Button(say.line("Draw again"), ActionId("round.redraw", row.id)))
    buttons.append(Button(say.line("On a day…"), ActionId("round.date", row.id)))
    blocks.append(Actions(tuple(buttons)))
    return View("round.confirm", tuple(blocks))


def date_form(say: Say, draft: str, file: ProgrammeFile) -> Form:
    """Ask on which day a draft is to be published."""
    at = f"{file.rounds.at:%H:%M}"
    return Form(
        name="round.date", key=draft, title=say.line("When to publish"), submit=say.line("Set the day"),
        fields=(
            DateField(name="day", label=say.line("Day"), hint=say.line("At {at} in {zone}.", at=at, zone=file.timezone)),
        ),
    )  # fmt: skip


def planned(say: Say, found: Drafted) -> View:
    """Confirm the day on which a draft is published."""
    row = found.row
    assert row.publish_at is not None
    return View(
        "round.planned",
        (
            Text(say("The round of {programme} will be published {when}.", programme=Bold(found.programme.name),
                     when=say.when(row.publish_at))),
            Note(say("If people come or go until then, it is drawn again, and what you decided is kept. No other round is made before.")),
            Actions((Button(say.line("No day yet"), ActionId("round.unplan", row.id)),)),
        ),
    )  # fmt: skip


def published(say: Say, programme: str, counted: Numbers) -> View:
    """Confirm that a round was published."""
    return View(
        "round.published",
        (
            Heading(say.line("Round published")),
            Text(words(Bold(programme))),
            Fields(_fields(say, counted)[:3]),
            Note(say("Everybody is being introduced now.")),
        ),
    )


# -- changes


TITLES = {
    "lock": N_("Keep these two together?"),
    "forbid": N_("Keep these two apart?"),
    "swap": N_("Exchange these two?"),
}


def proposal(say: Say, row: RoundDraft, cost: Cost, broken: Sequence[Reason]) -> View:
    """Say what a change would cost the whole, and ask."""
    waits = row.proposal
    title, (one, other) = TITLES[waits["kind"]], waits["members"]
    groups = [group for group in waits["result"]["groups"] if {one, other} & set(group["members"])]
    blocks: list[Block] = [
        Heading(say.line(title)),
        Text(people(say, [one, other])),
        Fields(_difference(say, cost)),
    ]
    if groups:
        shown = tuple(words(people(say, group["members"]), f" · {percent(group['score'])}") for group in groups[:5])
        blocks += [Text(say("They would be here:")), List(shown)]
    if broken:
        set_aside = say.join([say(BLOCKS[reason.code]) for reason in broken if reason.code in BLOCKS])
        blocks.append(Text(say("A rule is set aside for it: {rules}.", rules=set_aside)))
    token = waits["token"]
    blocks.append(
        Actions(
            (
                Button(say.line("Do it"), ActionId("round.apply", row.id, token), "primary"),
                Button(say.line("Leave it"), ActionId("round.leave", row.id, token)),
            )
        )
    )
    return View("round.proposal", tuple(blocks))


def _difference(say: Say, cost: Cost) -> tuple[tuple[str, Words], ...]:
    before, after = cost.before, cost.after
    found = [
        (
            say.line("Total"),
            _from_to(f"{before.total:.2f}", f"{after.total:.2f}", f"{after.total - before.total:+.2f}"),
        ),
        (say.line("Of the best possible"), of_best(say, after.share)),
    ]
    if before.worst is not None and after.worst is not None:
        found.append((say.line("Least fitting pair"), _from_to(percent(before.worst), percent(after.worst))))
    found.append((say.line("People without a partner"), _from_to(str(before.alone), str(after.alone))))
    found.append((say.line("Pairs that change"), words(str(cost.moved))))
    return tuple(found)


def _from_to(before: str, after: str, difference: str = "") -> Words:
    if before == after:
        return words(after)
    return words(f"{before} → {after}" + (f" ({difference})" if difference else ""))


def refused(say: Say, kind: str, two: Sequence[str], reasons: Sequence[Reason]) -> View:
    """Say that a change is not possible, and by which rule; a private wish is never told as one."""
    codes = dict.fromkeys(code for code, _ in _named([(reason.code, 0) for reason in reasons]))
    if any(reason.code == "locked_elsewhere" for reason in reasons):
        why = say("One of them is kept together with somebody else already.")
    elif kind == "lock" and "avoided" in codes:
        why = say("These two cannot be paired.")
    else:
        rules = say.join([say(BLOCKS[code]) for code in codes])
        why = say("A rule stands in the way: {rules}.", rules=rules)
    return View("round.refused", (Text(words(people(say, two), ": ", why)), Note(say("Nothing was changed."))))


def left(say: Say) -> View:
    """Confirm that nothing was changed."""
    return View("round.left", (Text(say("Left as it is.")),))


def explained(say: Say, member: str, result: Result, found: Explained) -> View:
    """Say why somebody has their partner, and why not somebody else."""
    mine = [group for group in result.groups if member in group.members]
    alone = next((one for one in result.unmatched if one.person == member), None)
    blocks: list[Block] = []
    for group in mine:
        others = [one for one in group.members if one != member]
        blocks.append(Text(say("{who} is with {people}, a fit of {score}.", who=Mention(member),
                               people=people(say, others), score=percent(group.score))))  # fmt: skip
        spoken = lines(say, stored(group.reasons), len(group.members))
        blocks += [List(spoken)] if spoken else []
    if alone is not None:
        blocks.append(Text(say("{who} is without a partner: {why}", who=Mention(member), why=_blocks(say, alone))))
    if found.others:
        blocks += [Text(say("Others who would fit:")), List(tuple(_other(say, one) for one in found.others))]
        blocks += _more_fit(say, found)
    blocked = [_count(say, code, times) for code, times in _named(found.blocked)]
    if blocked:
        blocks.append(Text(say("Who does not come into question: {reasons}.", reasons=say.join(blocked))))
    return View("round.explained", tuple(blocks) or (Text(say("There is nobody else in this round.")),))


def _more_fit(say: Say, found: Explained) -> list[Block]:
    rest = found.fit - len(found.others)
    return [Note(say.plural("One more fits less.", "{n} more fit less.", rest))] if rest > 0 else []


def _other(say: Say, one: Other) -> Words:
    fit = words(Mention(one.member), f" · {percent(one.score)}")
    if not one.beside:
        return words(fit, " · ", say("without a partner now"))
    beside = say("with {people} now", people=people(say, one.beside))
    if one.cost is None:
        return words(fit, " · ", beside)
    return words(fit, " · ", beside, " · ", say("exchanging changes the total by {cost}", cost=f"{one.cost:+.2f}"))


# -- other partners


def rematches(say: Say, programme: str, name: str, rows: Sequence[Rematch]) -> View:
    """List who asked for another partner; their reasons are for coordinators only."""
    if not rows:
        return View(
            "round.rematches", (Text(say("Nobody in {programme} waits for another partner.", programme=Bold(name))),)
        )
    told = []
    for row in rows[:SHOWN]:
        when = say.when(row.asked_at, "date")
        asked = (
            N_("{who} asked for another partner, {when}.")
            if row.kind == "rematch"
            else N_("{who} left a pair, {when}.")
        )
        line = say(asked, who=Mention(row.member_id), when=when)
        told.append(words(line, " ", say("“{reason}”", reason=row.reason)) if row.reason else line)
    blocks: list[Block] = [Text(words(Bold(name))), List(tuple(told), size=SHOWN), *_more(say, len(rows))]
    blocks.append(Note(say("Reasons are for coordinators only. Please tell nobody who asked.")))
    if any(row.kind == "rematch" for row in rows):
        blocks.append(
            Note(say("I look among people without a partner and mentors with room, and introduce them at once."))
        )
        blocks.append(
            Actions(
                (
                    Button(say.line("Find a new partner"), ActionId("round.find", programme), "primary"),
                    Button(say.line("Not now"), ActionId("round.not_now", programme)),
                )
            )
        )
    return View("round.rematches", tuple(blocks))


def rematched(say: Say, groups: Sequence[Sequence[str]], still: Sequence[str]) -> View:
    """Say who was brought together, and who still waits."""
    blocks: list[Block] = []
    if groups:
        blocks.append(Text(say("These are being introduced now:")))
        blocks.append(List(tuple(people(say, group) for group in groups), size=SHOWN))
    if still:
        blocks.append(Text(say("Nobody fits yet for {people}. They stay in line.", people=_some(say, still))))
    return View("round.rematched", tuple(blocks) or (Text(say("Nobody waits any more.")),))
