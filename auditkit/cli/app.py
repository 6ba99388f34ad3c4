"""Every command, its arguments and its options; each hands over to one function that does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from auditkit.cli.arguments import AllowedPickle, Audit, Language, Quiet, Trust
from auditkit.cli.dataset_app import dataset_app
from auditkit.cli.help_text import LocalisedCommand, LocalisedGroup
from auditkit.cli.model_app import model_app
from auditkit.cli.policies_command import POLICIES_HELP, policies
from auditkit.cli.rights_app import CHECKLIST_HELP, LETTER_HELP, PATH_HELP, checklist, letter, path_of
from auditkit.cli.scorecard_app import scorecard_app
from auditkit.cli.trend_app import TREND_HELP, trend
from auditkit.text import mark

__all__ = ["command"]

app = typer.Typer(
    cls=LocalisedGroup,
    help=mark("Audit the algorithms that judge people: how a system's decisions and errors fall on groups."),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(dataset_app, name="datasets")
app.add_typer(scorecard_app, name="scorecard")
app.add_typer(model_app, name="model")


def command() -> Any:
    """The whole command line as one object that can be called."""
    return typer.main.get_command(app)


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help=mark("Print the version and leave."), is_eager=True)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help=mark("Show the trace of an error; may stand anywhere."))
    ] = False,
    language: Language = None,
) -> None:
    """Options that stand before a command."""
    from auditkit import __version__
    from auditkit.cli.terminal_reader import choose_language

    if language is not None:
        choose_language(language)
    if version:
        typer.echo(f"auditkit {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


@app.command(cls=LocalisedCommand, help=mark("Run an audit and write its report, results, tables and manifest."))
def run(
    audit: Audit,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=mark("The folder to write (default: reports/ and the name).")),
    ] = None,
    language: Language = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="VERDICT",
            help=mark(
                "Leave with 1 where a group fares worse with this verdict or a stronger one: "
                "established, present, small or inconclusive (or the word of a French report)."
            ),
        ),
    ] = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help=mark("Print results.json in place of the summary."))] = False,
    private: Annotated[
        Path | None,
        typer.Option(
            "--private",
            metavar="DIR",
            help=mark("A folder that stays inside: the report with exact counts, and the salt that proves the rows."),
        ),
    ] = None,
    trust: Trust = None,
    allow_unsafe_pickle: AllowedPickle = None,
) -> None:
    """Run an audit."""
    from auditkit.cli.run_command import run_command

    run_command(audit, out, language, fail_on, quiet, json, allow_unsafe_pickle, trust, private)


@app.command(
    cls=LocalisedCommand,
    help=mark("Read everything, compute nothing: say what is wrong and where, and what was understood."),
)
def check(audit: Audit, language: Language = None) -> None:
    """Check an audit."""
    from auditkit.cli.prepare_commands import check_command

    check_command(audit, language)


@app.command(
    cls=LocalisedCommand,
    help=mark("Write a commented audit.yaml from a table, or from a folder of documents; guesses are marked."),
)
def init(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help=mark("A table of rows or of counts, in any known format.")),
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option("--documents", metavar="FOLDER", help=mark("A folder of documents, for an audit without data.")),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=mark("The file to write (default: audit.yaml beside the data).")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=mark("Replace an audit.yaml that is there."))] = False,
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="FR", help=mark("The country of the system, two letters: it proposes the checklist.")
        ),
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help=mark("With --documents: ask a few facts about the system, and write them in."))
    ] = False,
    language: Language = None,
) -> None:
    """Begin an audit."""
    from auditkit.cli.prepare_commands import init_command

    init_command(file, documents, out, force, language, country, ask)


@app.command(
    cls=LocalisedCommand,
    help=mark("Write the first file of something new, with its test, into a checkout of auditkit."),
)
def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=mark("measure, panel, format, language or country."))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=mark("Its name: a word, or a code of a language."))],
    language: Language = None,
) -> None:
    """Write a skeleton."""
    from auditkit.cli.prepare_commands import new_command

    new_command(kind, name, language)


@app.command(cls=LocalisedCommand, help=mark("List every measure with its question, its formula and its source."))
def measures(language: Language = None) -> None:
    """List the measures."""
    from auditkit.cli.prepare_commands import measures_command

    measures_command(language)


@app.command(
    cls=LocalisedCommand,
    help=mark("Recompute the figures that others published, and say of each whether it comes out the same."),
)
def reproduce(
    audits: Annotated[
        list[str] | None, typer.Argument(metavar="AUDIT...", help=mark("The audits; several may be named."))
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=mark("Every shipped audit that has published figures."))] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=mark("The folder for a reproduce.csv of each audit.")),
    ] = None,
    trust: Trust = None,
    language: Language = None,
    quiet: Quiet = False,
) -> None:
    """Reproduce published figures."""
    from auditkit.cli.reproduce_commands import reproduce_command

    reproduce_command(audits or [], every, out, language, quiet, trust)


def _print_schema(wanted: bool) -> None:
    if wanted:
        from auditkit.cli.report_commands import print_results_schema

        print_results_schema()
        raise typer.Exit


@app.command(
    cls=LocalisedCommand,
    help=mark("Make the report again from results.json: in another language, with other templates, as a PDF."),
)
def report(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help=mark("A results.json, or the folder of a run."))],
    language: Language = None,
    templates: Annotated[
        Path | None,
        typer.Option(
            "--templates",
            metavar="SET|DIR",
            help=mark("A set of templates (full, brief, plain), or a folder of your own."),
        ),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help=mark("Make a PDF to print and to hand on, in place of the page."))
    ] = False,
    annex: Annotated[
        bool, typer.Option("--annex", help=mark("With --pdf: the annex, its folds open, in place of brief and story."))
    ] = False,
    charts: Annotated[
        bool,
        typer.Option("--charts", help=mark("Write every chart as SVG and PNG into charts/, in place of the page.")),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=mark("The file to write (default: in that folder).")),
    ] = None,
    quiet: Quiet = False,
    schema: Annotated[
        bool,
        typer.Option(
            "--schema", is_eager=True, callback=_print_schema, help=mark("Print the JSON Schema of results.json.")
        ),
    ] = False,
) -> None:
    """Render a report again."""
    from auditkit.cli.report_commands import report_command

    report_command(results, language, templates, out, quiet, pdf, annex, charts)


@app.command(
    cls=LocalisedCommand,
    help=mark("Check a folder that a run wrote: its hashes, its versions, and a new run, same or different."),
)
def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=mark("The folder of a run."))],
    audit: Annotated[
        str | None,
        typer.Option("--audit", metavar="AUDIT", help=mark("Where the audit is, to run it again.")),
    ] = None,
    language: Language = None,
    no_run: Annotated[bool, typer.Option("--no-run", help=mark("Compare the hashes only; run nothing again."))] = False,
    private: Annotated[
        Path | None,
        typer.Option("--private", metavar="DIR", help=mark("The folder with the salt, to check the rows as well.")),
    ] = None,
    trust: Trust = None,
    allow_unsafe_pickle: AllowedPickle = None,
) -> None:
    """Verify a folder."""
    from auditkit.cli.verify_folder import verify_command

    verify_command(folder, audit, language, allow_unsafe_pickle, trust, no_run, private)


app.command(cls=LocalisedCommand, help=CHECKLIST_HELP)(checklist)
app.command(cls=LocalisedCommand, help=LETTER_HELP)(letter)
app.command("path", cls=LocalisedCommand, help=PATH_HELP)(path_of)


@app.command(
    cls=LocalisedCommand,
    help=mark("Compare two results: before and after, this year and last, two versions of a score."),
)
def compare(
    first: Annotated[
        Path, typer.Argument(metavar="A", help=mark("The earlier results.json, or the folder of its run."))
    ],
    second: Annotated[
        Path, typer.Argument(metavar="B", help=mark("The later results.json, or the folder of its run."))
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=mark("The folder to write (default: reports/comparison).")),
    ] = None,
    same_people: Annotated[
        bool, typer.Option("--same-people", help=mark("Both judge the same people, whatever their files."))
    ] = False,
    independent: Annotated[
        bool, typer.Option("--independent", help=mark("The two are samples of different people."))
    ] = False,
    language: Language = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help=mark("Print comparison.json in place of the summary."))] = False,
) -> None:
    """Compare two results."""
    from auditkit.cli.compare_commands import compare_results_command

    compare_results_command(first, second, out, same_people, independent, language, quiet, json)


app.command(cls=LocalisedCommand, help=TREND_HELP)(trend)
app.command(cls=LocalisedCommand, help=POLICIES_HELP)(policies)


@app.command(
    "open",
    cls=LocalisedCommand,
    help=mark(
        "Open a page in the browser, on this machine only: from a table, a file of rows, documents or a decision to a "
        "report and a letter, without typing."
    ),
)
def open_a_page(
    what: Annotated[
        str | None,
        typer.Argument(metavar="FILE|AUDIT", help=mark("A table to begin with, or an audit to go on with.")),
    ] = None,
    language: Language = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help=mark("Open no browser: print the address, which is good once."))
    ] = False,
) -> None:
    """Open the page."""
    from auditkit.cli.page_commands import open_command

    open_command(what, language, not no_browser)
