"""The command `policykg`: parses, calls the service, prints. Nothing here decides anything about documents.

Exit status: 0 done, 1 done but something failed, 2 a wrong call or an unusable environment, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kg.core.errors import PolicyKGError
from kg.core.oserrors import why

__all__ = ["main"]

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit."""
    status = run(sys.argv[1:] if arguments is None else list(arguments))
    raise SystemExit(status)


def run(arguments: list[str]) -> int:
    """Run one command; the one place where errors become a line on stderr. Returns the exit status."""
    _use_utf8()
    arguments, flagged = _without_debug(arguments)
    debug = flagged or os.environ.get("POLICYKG_DEBUG") not in (None, "", "0")
    if debug:
        import logging

        logging.basicConfig(stream=sys.stderr, level=logging.INFO)
        logging.getLogger("kg").setLevel(logging.DEBUG)
    try:
        status = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `policykg documents | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("已中断。已入库的文档不会丢失；再次运行同一命令即可继续。", file=sys.stderr)
        return INTERRUPTED
    except PolicyKGError as error:
        return _say(error.message, error.exit_status, debug=debug)
    except OSError as error:
        where = f"：{error.filename}" if error.filename else ""
        return _say(f"{why(error)}{where}", 2, debug=debug)
    except MemoryError:
        return _say("内存不足。请减少 --workers，或分批入库", 2, debug=debug)
    except Exception:  # nobody should have to read a traceback
        hint = "" if debug else "。请加 --debug 重新运行，并把显示的内容报给维护人员"
        return _say(f"程序出错，未能完成；已入库的文档不受影响{hint}", 2, debug=debug)
    return status


def _invoke(arguments: list[str]) -> int:
    from typer.exceptions import Abort, Exit, TyperException
    from typer.main import get_command

    from kg.cli.app import application
    from kg.cli.plain_values import take_as_given
    from kg.cli.sparql import list_when_bare
    from kg.cli.usage import in_chinese

    command = get_command(application(arguments))
    take_as_given(command)
    try:
        with command.make_context("policykg", list_when_bare(arguments)) as context:
            command.invoke(context)
    except Exit as done:
        return done.exit_code
    except Abort:
        raise KeyboardInterrupt from None
    except TyperException as error:
        return _say(in_chinese(error, command), 2, debug=False)
    return 0


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """`--debug` may stand anywhere before `--`; the commands need not know of it."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [word for word in arguments[:end] if word != "--debug"]
    return [*kept, *arguments[end:]], len(kept) != end


def _say(message: str, status: int, *, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    print(f"错误：{_one_line(message)}", file=sys.stderr)
    return status


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")).strip()


def _use_utf8() -> None:
    # Chinese must survive a pipe under any locale; names of files that are not UTF-8 are shown, not raised.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
