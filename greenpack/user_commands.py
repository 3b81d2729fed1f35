"""`greenpack user`: who may open the report, in which role, and for which jurisdiction."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from greenpack.command_settings import AsJson, DataFolder, Db, settings_with
from greenpack.reasons import GreenPackError
from greenpack.records.roles import Role

if TYPE_CHECKING:  # imported where they are used: `greenpack --help` must not wait for them
    from sqlmodel import Session

    from greenpack.records.accounts import Account
    from greenpack.records.scope import Scope

user_app = typer.Typer(
    no_args_is_help=True, help="Say who may open the report, in which role and for which places."
)
sessions_app = typer.Typer(no_args_is_help=True, help="Who is signed in now.")
user_app.add_typer(sessions_app, name="sessions")

Name = Annotated[
    str,
    typer.Argument(
        help="What the person signs in with; upper and lower case are the same. "
        "With OpenID Connect it is the e-mail address.",
        show_default=False,
    ),
]
ScopeText = Annotated[
    str,
    typer.Argument(
        help="everything, PROVINCE, PROVINCE/MUNICIPALITY or PROVINCE/MUNICIPALITY/HUB.",
        show_default=False,
    ),
]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(user_app, name="user")


@user_app.command()
def add(
    name: Name,
    role: Annotated[
        Role,
        typer.Option(
            help="inspector sees; reviewer also decides and exports; supervisor also manages; "
            "admin sees and manages, and does not decide."
        ),
    ],
    scope: Annotated[
        str,
        typer.Option(help="PROVINCE, PROVINCE/MUNICIPALITY or PROVINCE/MUNICIPALITY/HUB."),
    ] = "everything",
    full_name: Annotated[
        str, typer.Option(help="The person's name, as it stands beside decisions.")
    ] = "",
    password_stdin: FromStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="The person signs in by OpenID Connect only.")
    ] = False,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody sign in to the report; the password is asked for twice."""
    from greenpack.records import accounts
    from greenpack.records.passwords import check_password, hashed

    place = _scope(scope)
    secret = None
    if not no_password:
        password = _password(password_stdin)
        check_password(password, accounts.account_name(name))
        secret = hashed(password)

    def work(session: Session) -> Account:
        return accounts.add_account(
            session,
            name,
            role,
            place,
            password_hash=secret,
            full_name=full_name,
            by=_by(),
        )

    account = _change(work, db, data_folder)
    _print(account, as_json, f"{account.name} may sign in as {role.value} for {place}.")
    _warn_of_no_hub(place, db, data_folder)


@user_app.command("list")
def list_(db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False) -> None:
    """List the accounts, and in how many browsers each is signed in."""
    from greenpack.records.accounts import accounts
    from greenpack.records.columns import now
    from greenpack.records.database import open_database, reading
    from greenpack.report.account_view import account_dict, show_accounts
    from greenpack.report.terminal import console_for

    settings = settings_with(database_url=db, data_folder=data_folder)
    with reading(open_database(settings.database)) as session:
        found = accounts(session)
    if as_json:
        for account in found:
            typer.echo(json.dumps(account_dict(account, now()), ensure_ascii=False))
    elif found:
        show_accounts(console_for(False), found, now())
    else:
        typer.echo("There is no account yet. Make one: greenpack user add NAME --role supervisor")


@user_app.command()
def passwd(
    name: Name,
    password_stdin: FromStdin = False,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Give an account another password; it is signed out everywhere."""
    from greenpack.records import accounts
    from greenpack.records.passwords import check_password, hashed

    _change(lambda session: accounts.account_named(session, name), db, data_folder)
    password = _password(password_stdin)
    check_password(password, accounts.account_name(name))
    secret = hashed(password)
    account = _change(
        lambda session: accounts.set_password(session, name, secret, _by()), db, data_folder
    )
    _print(account, as_json, f"{account.name} has another password and is signed out everywhere.")


@user_app.command()
def role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="The new role.", show_default=False)],
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Give an account another role; it holds from the next click."""
    from greenpack.records import accounts

    account = _change(
        lambda session: accounts.set_role(session, name, role, _by()), db, data_folder
    )
    _print(account, as_json, f"{account.name} is {role.value} now.")


@user_app.command()
def scope(
    name: Name,
    scope: ScopeText,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Let an account see other places; it holds from the next click."""
    from greenpack.records import accounts

    place = _scope(scope)
    account = _change(
        lambda session: accounts.set_scope(session, name, place, _by()), db, data_folder
    )
    _print(account, as_json, f"{account.name} sees {place} now.")
    _warn_of_no_hub(place, db, data_folder)


@user_app.command()
def disable(
    name: Name, db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False
) -> None:
    """Refuse an account from now on and sign it out; what the person did stays."""
    from greenpack.records import accounts

    account = _change(lambda session: accounts.disable(session, name, _by()), db, data_folder)
    _print(
        account, as_json, f"{account.name} is refused; `greenpack user enable` lets it in again."
    )


@user_app.command()
def enable(
    name: Name, db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False
) -> None:
    """Let a disabled account sign in again."""
    from greenpack.records import accounts

    account = _change(lambda session: accounts.enable(session, name, _by()), db, data_folder)
    _print(account, as_json, f"{account.name} may sign in again.")


@user_app.command()
def unlock(
    name: Name, db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False
) -> None:
    """Forget the wrong passwords that locked an account."""
    from greenpack.records import accounts

    account = _change(lambda session: accounts.unlock(session, name, _by()), db, data_folder)
    _print(account, as_json, f"{account.name} may try again at once.")


@sessions_app.command()
def end(name: Name, db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False) -> None:
    """Sign an account out everywhere."""
    from greenpack.records import accounts
    from greenpack.records.database import open_database, transact

    settings = settings_with(database_url=db, data_folder=data_folder)
    ended = transact(
        open_database(settings.database),
        lambda session: accounts.end_sessions(session, name, _by()),
    )
    if as_json:
        typer.echo(json.dumps({"ended": ended}))
    else:
        typer.echo(f"{name} was signed in {ended} times and is signed out.")


def _change(work: Callable[[Session], Account], db: str | None, data_folder: Any) -> Account:
    from greenpack.records.database import open_database, transact

    settings = settings_with(database_url=db, data_folder=data_folder)
    return transact(open_database(settings.database), work)


def _print(account: Account, as_json: bool, words: str) -> None:
    from greenpack.records.columns import now
    from greenpack.report.account_view import account_dict

    content = json.dumps(account_dict(account, now()), ensure_ascii=False)
    typer.echo(content if as_json else words)


def _scope(text: str) -> Scope:
    from greenpack.records.scope import scope_from

    try:
        return scope_from(text)
    except ValueError as error:
        raise GreenPackError("scope_invalid", str(error)) from None


def _warn_of_no_hub(place: Scope, db: str | None, data_folder: Any) -> None:
    """A place may come later, but more often its name was mistyped."""
    from greenpack.records.database import open_database, reading
    from greenpack.records.hubs import has_hub_in

    settings = settings_with(database_url=db, data_folder=data_folder)
    with reading(open_database(settings.database)) as session:
        if not has_hub_in(session, place):
            typer.secho(
                f"No hub lies in {place} yet, so there is nothing to see; is it written so in the "
                "waybills?",
                fg="yellow",
                err=True,
            )


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = typer.prompt("Password", hide_input=True, err=True)
    if typer.prompt("The same again", hide_input=True, err=True) != first:
        raise GreenPackError("password_not_repeated")
    return str(first)


def _by() -> str:
    """Who runs the command, for the ledger: whoever has the database's files or password."""
    try:
        return f"command line: {getpass.getuser()}"
    except (KeyError, OSError):
        return "command line"
