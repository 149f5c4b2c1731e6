"""Every command of the program: its name, where it lies, and its help as its group lists it."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

from kakuho.cli.lazy import LazyCommand, group

_CASE = group(
    "case",
    "事案を作る・見る・検証する・渡す。 / Make, show, verify and hand over a case.",
    LazyCommand("new", "kakuho.cli.case:new", "新しい事案を作ります。 / Make a new case."),
    LazyCommand(
        "inventory",
        "kakuho.cli.case:inventory",
        "目録を事案に取り込み、ハッシュで封印します。 / Copy an inventory into the case and seal it.",
    ),
    LazyCommand("show", "kakuho.cli.case:show", "事案の概要を表示します。 / Show what the case holds."),
    LazyCommand(
        "verify",
        "kakuho.cli.custody_verify:verify_command",
        "事案のすべてのファイルを読み直して検証します。 / Verify every file of the case, read again from the disk.",
    ),
    LazyCommand(
        "export",
        "kakuho.cli.case_archive:export_command",
        "事案を検証・封印して一つの zip に書き出します。 / Verify and seal the case and write it to one zip file.",
    ),
    LazyCommand(
        "import",
        "kakuho.cli.case_archive:import_command",
        "書き出された事案をすべて検証してから取り込みます。 / Take an exported case in, once all of it is verified.",
    ),
)

_EVIDENCE = group(
    "evidence",
    "証拠を見分ける・封印する・見る。 / Tell evidence, seal it, show it.",
    LazyCommand(
        "identify",
        "kakuho.cli.evidence.identify:identify",
        "ファイルの形式を、種類・確からしさ・理由とともに示します（取り込みません）。 / Tell what files are and why.",
    ),
    LazyCommand(
        "add",
        "kakuho.cli.evidence.add:add",
        "証拠を写し取り、SHA-256 で封印し、解析します。 / Copy evidence, seal it by SHA-256 and parse it.",
    ),
    LazyCommand(
        "declare",
        "kakuho.cli.evidence.declare:declare",
        "証拠の時間帯・文字コード・書式・時計のずれを申告し、読み直します。 / Declare what a source does not tell.",
    ),
    LazyCommand(
        "show",
        "kakuho.cli.evidence.show:show",
        "封印した証拠と、その範囲・空白を図と表で示します。 / Show the sealed evidence, what it covers and its holes.",
    ),
    LazyCommand(
        "rejects",
        "kakuho.cli.evidence.rejects:rejects",
        "読めなかった行を、理由と元の位置とともに一覧します。 "
        "/ List the lines that could not be read, with the reason.",
    ),
    LazyCommand(
        "line",
        "kakuho.cli.evidence.line:line",
        "封印した証拠の一行を、個人の値と秘密を伏せて示します。 / Show one line of the evidence, masked.",
    ),
    LazyCommand(
        "manifest",
        "kakuho.cli.evidence.manifest:manifest",
        "ダンプや書き出しに誰の何が入っているかを数で示します（値は示しません）。 / Count what a file holds.",
    ),
)

_TIMESTAMP = group(
    "timestamp",
    "チェックポイントのタイムスタンプ（RFC 3161）。通信はしません。 / Time-stamps of checkpoints, through files.",
    LazyCommand(
        "request",
        "kakuho.cli.custody_timestamp:request",
        "時刻認証局への要求を作ります。送るのは利用者です。 / Make a request; sending it is up to you.",
    ),
    LazyCommand(
        "add",
        "kakuho.cli.custody_timestamp:add",
        "応答を検証して事案に加えます。 / Verify a response and take it into the case.",
    ),
)

_CUSTODY = group(
    "custody",
    "保全: 署名、タイムスタンプ、証明、検証。 / Custody: signatures, time-stamps, proofs, verification.",
    LazyCommand(
        "keygen",
        "kakuho.cli.custody:keygen",
        "署名鍵を作り、検証鍵を表示します。 / Make a signer key and print the verifier key.",
    ),
    LazyCommand(
        "checkpoint",
        "kakuho.cli.custody:checkpoint",
        "いまの全ファイルを封印し、台帳に署名します。 / Seal every file of the case as it is and sign the journal.",
    ),
    LazyCommand(
        "verify",
        "kakuho.cli.custody_verify:verify_command",
        "事案のすべてのファイルを読み直して検証します。 / Verify every file of the case, read again from the disk.",
    ),
    LazyCommand(
        "prove",
        "kakuho.cli.custody_proofs:prove",
        "台帳の一行が署名の下にあることの証明を作ります。 / Prove that one line of the journal is under a signature.",
    ),
    LazyCommand(
        "prove-extension",
        "kakuho.cli.custody_proofs:prove_extension_command",
        "二つのチェックポイントの間で追記だけされたことの証明を作ります。 / Prove that nothing changed, only grew.",
    ),
    LazyCommand(
        "check-proof",
        "kakuho.cli.custody_proofs:check_proof_command",
        "証明を検証鍵だけで確かめます。事案は要りません。 / Check a proof with the verifier key alone; needs no case.",
    ),
    _TIMESTAMP,
)

_INVENTORY = group(
    "inventory",
    "個人データの目録: 下書き、点検、経路、スキーマ。 / The inventory: draft, check, routes, schema.",
    LazyCommand(
        "draft",
        "kakuho.cli.inventory.draft:draft_command",
        "スキーマと標本から目録を下書きします（値は残しません）。 / Draft an inventory from schema and samples.",
    ),
    LazyCommand(
        "check",
        "kakuho.cli.inventory.check:check",
        "目録の誤り、漏れた表と列、なくなった表と列を見つけます。 / Find faults, and what is missing or gone.",
    ),
    LazyCommand(
        "routes",
        "kakuho.cli.inventory.routes:routes",
        "経路ごとに見える表と項目を下書きします（写しのデータベースで）。 / Draft what each route shows, on a copy.",
    ),
    LazyCommand(
        "schema",
        "kakuho.cli.inventory.schema:schema",
        "inventory.yaml の JSON Schema を出力します。 / Print the JSON Schema of inventory.yaml.",
    ),
)

_INJECTION = group(
    "injection",
    "SQLインジェクションで持ち出された値の復元。 / Values that were read by SQL injection.",
    LazyCommand(
        "decode",
        "kakuho.cli.injection:decode_command",
        "アクセスログから、攻撃者が取り出した値を復元します（未確定の文字は U+FFFD）。 / Decode what was extracted.",
    ),
)

COMMANDS = (
    _CASE,
    _INVENTORY,
    _EVIDENCE,
    LazyCommand(
        "detect",
        "kakuho.cli.detect:detect",
        "証拠の中から攻撃らしい記録を探します。 / Look for signs of an attack in the evidence.",
    ),
    LazyCommand(
        "investigate",
        "kakuho.cli.investigate:investigate",
        "指標を確定・棄却し、攻撃者の行為を突き止めます。 / Decide on indicators; work out the attacker's acts.",
    ),
    LazyCommand(
        "assess",
        "kakuho.cli.assess:command",
        "誰のどの項目が、どれほど確かに漏れたかを判定します。 / Judge whose items got out, and how surely.",
    ),
    LazyCommand(
        "explain",
        "kakuho.cli.explain:command",
        "判定や数値の根拠を、封印された記録の行までたどります。 / Follow a verdict or number to its evidence.",
    ),
    _INJECTION,
    LazyCommand(
        "report",
        "kakuho.cli.report:report",
        "公表文、FAQ、当局への報告事項、通知書を作ります。 / Make the notices, FAQ, regulator's list, letters.",
    ),
    _CUSTODY,
)


class Program(TyperGroup):
    """The program: all of :data:`COMMANDS`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for command in COMMANDS:
            self.add_command(command)
