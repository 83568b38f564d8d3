"""The command line. Each command imports what it needs when it runs, so that `kith --help` answers at once."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from cli.faults import NOT_DONE, STOPPED, explained

app = typer.Typer(
    name="kith",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Ways(Enum):
    """The ways of matching, as `bot.matching.Mode` has them."""

    mentor = "mentor"
    peer = "peer"
    circles = "circles"


@app.callback()
def kith() -> None:
    """Peer mentoring where people already talk: a self-hosted bot."""


@app.command()
def playground(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; a free one is taken when it is in use.")
    ] = 8765,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the database in this folder.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Start the demo community of --data anew.")] = False,
    show: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Try everything on a local page: no token, no account, no server."""
    from cli.playground import play

    play(port, data, fresh=reset, show=show)


@app.command()
def simulate(
    programme: Annotated[Path, typer.Option(metavar="FILE", help="The programme, a TOML file.")],
    roster: Annotated[Path, typer.Option(metavar="FILE", help="Its people, a CSV or XLSX file.")],
    weeks: Annotated[int, typer.Option(min=1, max=104, help="How long after the first round.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    transcript: Annotated[bool, typer.Option("--transcript", help="Tell everything that happened.")] = False,
) -> None:
    """Run a whole cohort on a fast clock, with members who answer, forget, snooze and leave."""
    from cli.simulation.command import run

    raise typer.Exit(run(programme, roster, weeks=weeks, seed=seed, as_json=as_json, transcript=transcript))


@app.command()
def pair(
    roster: Annotated[Path, typer.Option(metavar="FILE", help="The people, a CSV or XLSX file.")],
    mode: Annotated[Ways, typer.Option(help="mentor: mentees to mentors; peer: pairs; circles: two to five.")],
    previous: Annotated[Path | None, typer.Option(metavar="FILE", help="Past groups: members, round.")] = None,
    weights: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML: weights and rules of matching.")] = None,
    forbid: Annotated[Path | None, typer.Option(metavar="FILE", help="Groups (members) of whom no two meet.")] = None,
    scores: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all candidate pairs here (CSV).")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same round.")] = 1,
    week: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day of the round's first week.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV; --previous reads it.")] = False,
) -> None:
    """Make a round from a spreadsheet, with reasons: no chat, no database."""
    from bot.clock import SystemClock
    from cli.pair import Files, run

    if as_json and as_csv:
        raise typer.BadParameter("Use one of --json and --csv.")
    day = (week or SystemClock().now()).date()
    form = "json" if as_json else "csv" if as_csv else "table"
    files = Files(roster, previous, weights, forbid)
    run(files, mode.value, scores=scores, seed=seed, week=day - timedelta(days=day.weekday()), form=form)


Config = Annotated[Path | None, typer.Option(metavar="FILE", help="The configuration; else config.toml here, if any.")]
Community = Annotated[str | None, typer.Option(help="Name or id; not needed when there is only one.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of dead letters.")]


@app.command()
def run(config: Config = None) -> None:
    """Run the bot on the platforms that are configured."""
    from cli.run import run as serve

    serve(config)


@app.command("import")
def import_(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER", help="A CSV or XLSX file.")],
    programme: Annotated[str, typer.Option(metavar="SLUG", help="The short name of the programme.")],
    config: Config = None,
    community: Community = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")] = False,
    outcomes: Annotated[
        bool, typer.Option("--outcomes", help="The file has handles and numbers that were measured elsewhere.")
    ] = False,
) -> None:
    """Bring the people of a roster in as invited: all of them, or nobody when the file has errors."""
    from cli.bringing import import_roster

    if outcomes:
        from cli.insight import import_outcomes

        asyncio.run(import_outcomes(roster, programme, config=config, community=community, dry_run=dry_run))
        return

    asyncio.run(import_roster(roster, programme, config=config, community=community, dry_run=dry_run))


programmes = typer.Typer(no_args_is_help=True, help="Programmes as files.")
app.add_typer(programmes, name="programme")


@programmes.command("validate")
def validate_programme(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Check a programme file and name every problem in it."""
    from cli.bringing import validate

    validate(file)


@programmes.command("apply")
def apply_programme(
    file: Annotated[Path, typer.Argument(metavar="FILE")], config: Config = None, community: Community = None
) -> None:
    """Make the programme that a file describes, or change it."""
    from cli.bringing import apply_programme as apply

    asyncio.run(apply(file, config=config, community=community))


@programmes.command("diff")
def diff_programme(
    file: Annotated[Path, typer.Argument(metavar="FILE")], config: Config = None, community: Community = None
) -> None:
    """Say what a file would change, and what that does to people already in the programme."""
    from cli.bringing import diff_programme as diff

    asyncio.run(diff(file, config=config, community=community))


@programmes.command("clone")
def clone_programme(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The short name of the one to copy.")],
    new_slug: Annotated[str, typer.Argument(metavar="NEW_SLUG", help="The short name of the new one.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What the new one is called.")] = None,
    config: Config = None,
    community: Community = None,
) -> None:
    """Make another programme with the same file and none of the people."""
    from cli.bringing import clone_programme as clone

    asyncio.run(clone(slug, new_slug, name=name, config=config, community=community))


@programmes.command("export")
def export_programme(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The short name of the programme.")],
    config: Config = None,
    community: Community = None,
) -> None:
    """Print a programme as its file."""
    from cli.bringing import export_programme as export

    asyncio.run(export(slug, config=config, community=community))


@app.command()
def migrate(
    config: Config = None,
    check: Annotated[bool, typer.Option("--check", help="Only look; exit code 1 when something is to apply.")] = False,
) -> None:
    """Bring the database to the schema of this version, with a backup first. Every start does this too."""
    from cli.upkeep import migrate as bring_up

    raise typer.Exit(asyncio.run(bring_up(config, check=check)))


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; else a dated file among the daily ones.")
    ] = None,
    config: Config = None,
) -> None:
    """Copy the database, also while Kith runs: whole, checked, without keys."""
    from cli.backup import back_up

    back_up(config, file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    config: Config = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to; else where the configuration has the database.")
    ] = None,
) -> None:
    """Put a backup in the place of the database, which must be free. What is torn is refused."""
    from cli.backup import restore as put_back

    raise typer.Exit(asyncio.run(put_back(config, file, to)))


outbox = typer.Typer(no_args_is_help=True, help="Messages on their way, and those that could not be delivered.")
app.add_typer(outbox, name="outbox")


@outbox.command("list")
def list_outbox(
    config: Config = None,
    state: Annotated[list[str] | None, typer.Option(help="Only this state, such as dead; may be repeated.")] = None,
) -> None:
    """List messages, newest first: ids and states, never their words."""
    from cli.upkeep import list_outbox as show

    asyncio.run(show(config, state or ()))


@outbox.command("retry")
def retry_outbox(ids: Ids = None, config: Config = None) -> None:
    """Send dead letters again: those named, or all."""
    from cli.upkeep import retry

    asyncio.run(retry(config, ids or ()))


@outbox.command("drop")
def drop_outbox(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of dead letters.")], config: Config = None
) -> None:
    """Give dead letters up and erase what they said."""
    from cli.upkeep import drop

    asyncio.run(drop(config, ids))


keys = typer.Typer(no_args_is_help=True, help="The keys by which private words are sealed.")
app.add_typer(keys, name="keys")


@keys.command("renew")
def renew_keys(
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; what was sealed is gone for good.")] = False,
) -> None:
    """Begin with a new key when the old one is lost: empties every word that was sealed by it."""
    from cli.upkeep import renew_keys as renew

    raise typer.Exit(asyncio.run(renew(config, sure=yes)))


@keys.command("turn")
def turn_keys(
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; the old key is destroyed.")] = False,
) -> None:
    """Begin with a new key for certificates; what the old one signed stays genuine."""
    from cli.verify import turn

    raise typer.Exit(asyncio.run(turn(config, sure=yes)))


@app.command()
def verify(
    what: Annotated[str, typer.Argument(metavar="FILE", help="A certificate (PNG or JSON), or the word of its code.")],
    key: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="The issuer's key; else the keys of this installation.")
    ] = None,
    revoked: Annotated[Path | None, typer.Option(metavar="FILE", help="The issuer's list of what was revoked.")] = None,
    config: Config = None,
) -> None:
    """Say whether a certificate is genuine. Nothing is asked of any network."""
    from cli.verify import verify as check

    raise typer.Exit(check(what, keys=key or (), revoked=revoked, config=config))


certificates = typer.Typer(no_args_is_help=True, help="What others need to verify certificates of this installation.")
app.add_typer(certificates, name="certificate")


@certificates.command("key")
def certificate_key(config: Config = None) -> None:
    """Print the public key that certificates are signed by, and those before it."""
    from cli.verify import print_key

    asyncio.run(print_key(config))


@certificates.command("revoked")
def certificates_revoked(config: Config = None, community: Community = None) -> None:
    """Print the signed list of revoked certificates."""
    from cli.verify import print_revoked

    asyncio.run(print_revoked(config, community))


@app.command()
def export(member: str, config: Config = None, community: Community = None) -> None:
    """Print everything that is stored about a member, as JSON."""
    from cli.upkeep import export as show

    asyncio.run(show(config, community, member))


@app.command()
def report(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The short name of the programme.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to: .html, .xlsx, .csv or .json.")] = Path(
        "report.html"
    ),
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How far back figures look.")] = 4,
    language: Annotated[str, typer.Option(help="Of the page: en or es.")] = "en",
    config: Config = None,
    community: Community = None,
) -> None:
    """Write how a programme goes into one file: a page with charts, or its figures. Only counts, no names."""
    from cli.insight import report as write

    asyncio.run(write(slug, out, weeks=weeks, language=language, config=config, community=community))


@app.command()
def dataset(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The short name of the programme.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to: a ZIP file.")] = Path("dataset.zip"),
    config: Config = None,
    community: Community = None,
) -> None:
    """Write an anonymised copy of a whole programme for research: no names, no words, weeks instead of days."""
    from cli.insight import dataset as write

    asyncio.run(write(slug, out, config=config, community=community))


@app.command()
def audit(config: Config = None, community: Community = None) -> None:
    """Print what coordinators, moderators and the program did, as CSV."""
    from cli.upkeep import audit as show

    asyncio.run(show(config, community))


@app.command()
def forget(
    member: str,
    config: Config = None,
    community: Community = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; it cannot be undone.")] = False,
) -> None:
    """Forget a member: names, words and accounts go, counts stay."""
    from cli.upkeep import forget as erase

    raise typer.Exit(asyncio.run(erase(config, community, member, sure=yes)))


manifests = typer.Typer(no_args_is_help=True, help="What a platform asks of an app, made from the commands.")
app.add_typer(manifests, name="manifest")


@manifests.command("slack")
def manifest_slack(
    command: Annotated[str, typer.Option(metavar="WORD", help="The slash command, as in the section.")] = "/kith",
    url: Annotated[str, typer.Option(help="For HTTP: https://your.host/slack/NAME. Without it, Socket Mode.")] = "",
    probing: Annotated[bool, typer.Option("--probing", help="Ask for what probe_history = true needs.")] = False,
) -> None:
    """Print the manifest that an app in Slack is made from, as YAML."""
    from cli.slack import print_manifest

    print_manifest(command=command, probing=probing, url=url)


invitations = typer.Typer(no_args_is_help=True, help="The address at which the bot is let in.")
app.add_typer(invitations, name="invite")


@invitations.command("discord")
def invite_discord(
    config: Config = None,
    roles: Annotated[bool, typer.Option("--roles", help="Also ask for the permission to give roles.")] = False,
    events: Annotated[bool, typer.Option("--events", help="Also ask for the permission to create events.")] = False,
) -> None:
    """Print the address that lets the bot into a server, and what each permission is for."""
    from cli.discord import print_invitation

    choices = [name for name, chosen in (("roles", roles), ("events", events)) if chosen]
    asyncio.run(print_invitation(config, choices))


@app.command()
def doctor(config: Config = None) -> None:
    """Check everything that can be checked from here, and name the cure for what is wrong."""
    from cli.doctor import examine

    raise typer.Exit(asyncio.run(examine(config)))


def main() -> None:
    """Run the command line; what can be mended by who typed it ends as plain lines, not as a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.stderr.write("kith: stopped.\n")
        sys.exit(STOPPED)
    except Exception as error:
        lines = explained(error)
        if lines is None:
            raise
        sys.stderr.write("".join(f"kith: {line}\n" for line in lines))
        sys.exit(NOT_DONE)
