"""Files of the real programs: pg_dump in all its forms, tar, gzip, zip, and mails with attachments."""

from __future__ import annotations

import email.message
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kakuho.engine.postgresql import EmbeddedServer
from kakuho.engine.programs import PROGRAMS
from kakuho.exposure.manifest.chunks import Chunk, Unread
from kakuho.exposure.manifest.reading import chunks_of

HOLDERS = [
    ["1", "佐藤 花子", "a@example.jp"],
    ["2", "鈴木\n一'郎\t\\", None],
    ["3", "", "c;@example.jp"],
]
FORMS = {
    "custom.dump": ["-Fc"],
    "plain.sql": ["-Fp"],
    "inserts.sql": ["-Fp", "--inserts"],
    "columns.sql": ["-Fp", "--column-inserts"],
    "archive.tar": ["-Ft"],
    "directory": ["-Fd"],
}


@pytest.fixture(scope="module")
def dumps() -> Iterator[Path]:
    """A folder with a dump of one table in each form that pg_dump has."""
    with tempfile.TemporaryDirectory(prefix="kakuho-test-") as name:
        folder = Path(name)
        with (
            EmbeddedServer(folder / "server") as server,
            psycopg.connect(server.connection_string(), autocommit=True) as connection,
        ):
            connection.execute("CREATE TABLE holder (id bigint PRIMARY KEY, name text, email text)")
            for row in HOLDERS:
                connection.execute("INSERT INTO holder VALUES (%s, %s, %s)", row)
            for form, options in FORMS.items():
                command = [PROGRAMS / "pg_dump", *options, "-f", folder / form, server.connection_string()]
                subprocess.run(command, check=True)
        yield folder


def read(path: Path) -> tuple[list[list[str | None]], list[str]]:
    """All rows, and the reasons of what could not be read."""
    found = list(chunks_of(path, path.name))
    rows = [row for one in found if isinstance(one, Chunk) for row in one.rows]
    return rows, [one.reason for one in found if isinstance(one, Unread)]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "directory"])
def test_every_form_of_pg_dump_gives_the_same_rows(dumps: Path, form: str) -> None:
    assert read(dumps / form) == (HOLDERS, [])
    assert {(one.table, one.columns) for one in chunks_of(dumps / form, form) if isinstance(one, Chunk)} == {
        ("holder", ("id", "name", "email"))
    }


def test_a_dump_in_archives_is_read_through_them(dumps: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "czf", tmp_path / "directory.tgz", "-C", dumps, "directory"], check=True)
    with (tmp_path / "plain.sql.gz").open("wb") as packed:
        subprocess.run(["gzip", "-kc", dumps / "plain.sql"], check=True, stdout=packed)
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "plain.sql.gz", "backup/plain.sql.gz")
    assert [read(tmp_path / name) for name in ("directory.tgz", "plain.sql.gz", "all.zip")] == [(HOLDERS, [])] * 3


def test_a_dump_that_is_cut_off_is_told(dumps: Path, tmp_path: Path) -> None:
    whole = (dumps / "plain.sql").read_bytes()
    (tmp_path / "cut.sql").write_bytes(whole[: whole.index("鈴木".encode()) + 8])
    rows, reasons = read(tmp_path / "cut.sql")
    assert rows == HOLDERS[:1]
    assert set(reasons) == {"damaged"}
    (tmp_path / "cut.dump").write_bytes((dumps / "custom.dump").read_bytes()[:-200])
    assert "damaged" in read(tmp_path / "cut.dump")[1]


def test_an_archive_with_a_password_is_told(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", "id,name\n1,佐藤 花子\n")
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag "encrypted", in the entry's head and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert read(path) == ([], ["encrypted"])


def test_what_mysqldump_writes(tmp_path: Path) -> None:
    """As MariaDB 11's mariadb-dump writes it: one INSERT a line, backslashes escape."""
    path = tmp_path / "shop.sql"
    path.write_text(
        "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19  Distrib 11.8.3-MariaDB\n"
        "DROP TABLE IF EXISTS `holder`;\nCREATE TABLE `holder` (\n  `id` int(11) NOT NULL,\n"
        "  `name` varchar(40) DEFAULT NULL,\n  `email` text DEFAULT NULL,\n  PRIMARY KEY (`id`),\n"
        "  KEY `by_name` (`name`)\n) ENGINE=InnoDB;\n"
        "INSERT INTO `holder` VALUES\n(1,'佐藤 花子','a@example.jp'),\n(2,'O\\'Brien; (x),','b'),\n(3,NULL,NULL);\n",
        encoding="utf-8",
    )
    rows = [["1", "佐藤 花子", "a@example.jp"], ["2", "O'Brien; (x),", "b"], ["3", None, None]]
    assert read(path) == (rows, [])
    assert [one.columns for one in chunks_of(path, path.name) if isinstance(one, Chunk)] == [("id", "name", "email")]


def test_sheets_in_the_encodings_of_japan_and_json(tmp_path: Path) -> None:
    for name, encoding in (("u.csv", "utf-8-sig"), ("s.csv", "cp932"), ("e.csv", "euc_jp")):
        (tmp_path / name).write_bytes('氏名,備考\n髙橋 桜,"一行目\n二行目"\n'.replace("髙", "高").encode(encoding))
        assert read(tmp_path / name)[0] == [["氏名", "備考"], ["高橋 桜", "一行目\n二行目"]]
    (tmp_path / "a.json").write_text('{"count": 1, "results": [{"id": 7, "of": {"name": "佐藤"}}]}', encoding="utf-8")
    assert [one.columns for one in chunks_of(tmp_path / "a.json", "a.json") if isinstance(one, Chunk)] == [
        ("id", "of.name")
    ]
    assert read(tmp_path / "a.json") == ([["7", "佐藤"]], [])


def test_an_excel_workbook(tmp_path: Path) -> None:
    """The least that ECMA-376 asks of a workbook, with a shared string, an inline one, and a phonetic guide."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(tmp_path / "people.xlsx", "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", f"<workbook {space}/>")
        book.writestr(
            "xl/sharedStrings.xml",
            f"<sst {space}><si><t>氏名</t></si><si><r><t>佐藤 </t></r><r><t>花子</t></r>"
            "<rPh sb='0' eb='2'><t>サトウ</t></rPh></si></sst>",
        )
        book.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {space}><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>番号</t></is></c>"
            "<c r='C1' t='s'><v>0</v></c></row>"
            "<row r='2'><c r='A2'><v>12</v></c><c r='C2' t='s'><v>1</v></c></row></sheetData></worksheet>",
        )
    assert read(tmp_path / "people.xlsx") == ([["番号", None, "氏名"], ["12", None, "佐藤 花子"]], [])


def test_the_attachments_of_a_mail(dumps: Path, tmp_path: Path) -> None:
    mail = email.message.EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "staff@example.jp", "x@example.com", "<1@example.jp>"
    mail["MIME-Version"] = "1.0"
    mail.set_content("添付のとおりです。")
    mail.add_attachment((dumps / "custom.dump").read_bytes(), maintype="application", subtype="x", filename="db.dump")
    (tmp_path / "sent.eml").write_bytes(bytes(mail))
    assert read(tmp_path / "sent.eml") == (HOLDERS, ["mail_text"])
    box = b"From staff@example.jp Wed Mar 19 00:00:00 2025\n" + bytes(mail) + b"\n"
    (tmp_path / "sent.mbox").write_bytes(box * 2)
    assert read(tmp_path / "sent.mbox") == (HOLDERS * 2, ["mail_text", "mail_text"])


def test_a_tar_with_a_name_that_climbs_is_only_read(dumps: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(dumps / "plain.sql", "../../plain.sql")
    assert read(tmp_path / "evil.tar") == (HOLDERS, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.tar"]
