"""``archive tls``: an authority of the office's own and a certificate for the server, and how machines trust it."""

from pathlib import Path

import click

from archive_svc import tls
from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import Said
from storage import audit

ADVICE = Said("""
Trên mỗi máy Windows dùng kho, tin chứng thư gốc của đơn vị (một lần):
  1. Chép tệp {authority} sang máy đó (qua USB).
  2. Bấm đúp tệp, chọn Install Certificate… > Local Machine > Place all certificates in the following store
     > Trusted Root Certification Authorities. Hoặc, với quyền quản trị: certutil -addstore -f Root chung-thu-goc.crt
     Có miền Active Directory: Group Policy > Public Key Policies > Trusted Root Certification Authorities.
  3. So dấu SHA-256 hiện trên máy đó với dấu dưới đây trước khi bấm Yes.
  4. Khởi động lại dịch vụ, rồi mở: {urls}
Edge và Chrome dùng ngay; Firefox trên Windows cũng dùng kho chứng thư của Windows.
Giữ kín {authority_key}: ai có tệp này thì giả được máy chủ của đơn vị (chỉ với các tên trên).
""", """
On every Windows machine that uses the archive, trust the office's authority (once):
  1. Copy {authority} to that machine (by USB).
  2. Double-click it, choose Install Certificate… > Local Machine > Place all certificates in the following store
     > Trusted Root Certification Authorities. Or, as administrator: certutil -addstore -f Root chung-thu-goc.crt
     With Active Directory: Group Policy > Public Key Policies > Trusted Root Certification Authorities.
  3. Compare the SHA-256 shown there with the one below before you press Yes.
  4. Restart the service, then open: {urls}
Edge and Chrome use it at once; Firefox on Windows uses Windows' store too.
Keep {authority_key} secret: whoever holds it can pass for the office's server (under the names above only).
""")


@click.command()
@data_option
@json_option
@click.option("--name", "names", multiple=True, help="a name other machines use for this server (may be repeated)")
@click.option("--address", "addresses", multiple=True, help="an address of this server (may be repeated)")
@click.option("--new-authority", is_flag=True, help="start over; every machine must trust the new one")
def command(
    data: Path | None, as_json: bool, names: tuple[str, ...], addresses: tuple[str, ...], new_authority: bool
) -> None:
    """Make or renew the certificate with which the archive is reached by https."""
    with open_archive(data) as archive:
        settings, files = archive.settings, tls.TlsFiles.of(archive.settings)
        all_names = list(dict.fromkeys([*(name.lower() for name in names), *tls.own_names(settings)]))
        all_addresses = list(dict.fromkeys([*addresses, *tls.own_addresses()]))
        made = tls.make(files, office=settings.office_name, names=all_names, addresses=all_addresses,
                        new_authority=new_authority)
        with archive.database.write() as session:
            audit.record(session, archive.actor.name, "tls.made", "service",
                         {"names": all_names, "addresses": all_addresses, "until": made.not_valid_after_utc})
    urls = [f"https://{name}:{settings.tls_port}/" for name in all_names if name != "localhost"]
    sha256 = tls.fingerprint(files.authority)
    if as_json:
        print_json({"authority": files.authority, "sha256": sha256, "names": all_names, "addresses": all_addresses,
                    "until": made.not_valid_after_utc, "urls": urls})
        return
    click.echo(str(ADVICE).format(authority=files.authority, authority_key=files.authority_key, urls=" ".join(urls)))
    click.echo(f"SHA-256: {sha256}\n{', '.join([*all_names, *all_addresses])}  →  {made.not_valid_after_utc:%d/%m/%Y}")
