"""What click itself says, in Vietnamese: headings of the help pages, and what is wrong with a command line.

Click asks gettext's default domain, which follows the environment of the process and of every process it starts; the
language of this command follows a switch and a setting instead. So the words are put in where click lets one: its
context, its formatter, and its exceptions.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

import click
from click.exceptions import NoArgsIsHelpError

from archive_svc import speech

_HEADINGS = {"Options": "Tùy chọn", "Commands": "Lệnh", "Positional arguments": "Đối số"}
_EXTRAS = {"required": "bắt buộc", "default: ": "mặc định: "}
#: what click appends to an option's help
_EXTRA = re.compile(r"(?<=[\[ ])(required|default: )(?=[^\[]*\]$)")
#: what a value must be, by the name of its type
_KINDS = {"integer": "số nguyên", "integer range": "số nguyên trong khoảng cho phép", "float": "số",
          "datetime": "ngày viết như 2024-03-31"}
#: what stands for an option's value on a help page, by the name of its type
METAVARS = {"text": "CHỮ", "integer": "SỐ", "integer range": "SỐ", "float": "SỐ", "datetime": "NĂM-THÁNG-NGÀY",
            "directory": "THƯ MỤC", "file": "TỆP", "path": "ĐƯỜNG DẪN"}
_USAGE = {"[OPTIONS]": "[TÙY CHỌN]", "COMMAND [ARGS]...": "LỆNH [ĐỐI SỐ]..."}
_SURPLUS = re.compile(r"Got unexpected extra arguments? \((?P<words>.*)\)", re.DOTALL)


class VietnameseFormatter(click.HelpFormatter):
    """Help pages with Vietnamese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, told in _USAGE.items():
            args = args.replace(english, told)
        super().write_usage(prog, args, prefix or "Cách dùng: ")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        told = [(term, _EXTRA.sub(lambda found: _EXTRAS[found[1]], text)) for term, text in rows]
        super().write_dl(told, col_max, col_spacing)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(_HEADINGS.get(name, name)):
            yield


class SpokenContext(click.Context):
    """A context whose help pages follow the language of the command."""

    def make_formatter(self) -> click.HelpFormatter:
        if speech.language(self) == speech.VIETNAMESE:
            return VietnameseFormatter(width=self.terminal_width, max_width=self.max_content_width)
        return super().make_formatter()


class Misuse(click.ClickException):
    """A command line click refused, told in Vietnamese."""

    exit_code = click.UsageError.exit_code

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(_said(error))
        self._context = error.ctx

    def show(self, file: IO[str] | None = None) -> None:
        """Print how the command is used, where help is, and what was wrong."""
        if self._context is not None:
            click.echo(self._context.get_usage(), file=file, err=True)
            click.echo(f"Xem trợ giúp: {self._context.command_path} --help\n", file=file, err=True)
        click.echo(f"Lỗi: {self.message}", file=file, err=True)


def in_our_words(error: click.UsageError) -> click.ClickException:
    """The error as the language of the command has it; a help page shown for want of arguments stays one."""
    if isinstance(error, NoArgsIsHelpError) or speech.language(error.ctx) != speech.VIETNAMESE:
        return error
    return Misuse(error)


def _said(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter():
            return f"thiếu {_name(error)}{_choices(error.param)}"
        case click.NoSuchOption():
            return f"không có tùy chọn {error.option_name}{_instead(error.possibilities)}"
        case click.NoSuchCommand():
            return f"không có lệnh {error.command_name}{_instead(error.possibilities)}"
        case click.BadOptionUsage():
            return f"dùng tùy chọn {error.option_name} chưa đúng: thiếu giá trị, hoặc tùy chọn này không nhận giá trị"
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"giá trị của {_name(error)} không dùng được{_wanted(parameter, error.message)}"
    surplus = _SURPLUS.fullmatch(error.message)
    return f"thừa: {surplus['words']}" if surplus else error.message


def _name(error: click.BadParameter) -> str:
    if error.param is None or error.ctx is None:
        return "đối số"
    hint = error.param.get_error_hint(error.ctx)
    return f"{'tùy chọn' if isinstance(error.param, click.Option) else 'đối số'} {hint}"


def _choices(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter else None
    return f"; chọn một trong: {', '.join(map(str, kind.choices))}" if isinstance(kind, click.Choice) else ""


def _wanted(parameter: click.Parameter, message: str) -> str:
    """What the value should have been; a value given in quotes by click is named."""
    value = re.search(r"'([^']*)'", message)
    told = f": {value[1]}" if value else ""
    if isinstance(parameter.type, click.Choice):
        return told + _choices(parameter)
    if isinstance(parameter.type, click.Path):
        return f"{told}; không có, hoặc không đúng loại (tệp, thư mục), hoặc không có quyền"
    kind = _KINDS.get(parameter.type.name)
    return f"{told}; phải là {kind}" if kind else f": {message}"


def _instead(possibilities: list[str] | None) -> str:
    return f"; có phải {', '.join(possibilities)}?" if possibilities else ""
