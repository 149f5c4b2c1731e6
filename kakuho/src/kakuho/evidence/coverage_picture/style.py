"""The page's style sheet: light and dark, on screen and on paper; holes are hatched: they show without colour."""

from __future__ import annotations

STYLE = """\
:root { --paper: #fff; --ink: #1a1a1a; --line: #c8ccd0; --quiet: #eef0f2; --covered: #2e7d4f; --hole: #c62828;
  --hole-light: #fbe3e1; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171a; --ink: #e8eaed; --line: #444a50; --quiet: #24292e; --covered: #4caf7a; --hole: #ff7b6b;
    --hole-light: #4a2320; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.6 "Noto Sans JP", "Noto Sans CJK JP",
  "Hiragino Sans", "Yu Gothic UI", system-ui, sans-serif; }
main { max-width: 1500px; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: 700; padding: .3rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
thead th { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.chart .time { width: 60%; padding-left: 0; padding-right: 0; }
.axis { position: relative; height: 1.4em; font-weight: 400; }
.axis span { position: absolute; border-left: 1px solid var(--line); padding-left: .25em; white-space: nowrap; }
.lane { position: relative; height: 1.5rem; background: var(--quiet); overflow: hidden; }
.lane i { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--line); }
.lane b { position: absolute; top: 0; bottom: 0; }
.covered { background: var(--covered); }
.hole { background: repeating-linear-gradient(-45deg, var(--hole) 0 3px, var(--hole-light) 3px 7px);
  outline: 1px solid var(--hole); outline-offset: -1px; }
.no_file { background: var(--quiet); border: 1px solid var(--line); }
.numbers { position: relative; height: 1.3em; font-size: .8rem; }
.numbers:empty { display: none; }
.numbers a { position: absolute; transform: translateX(-50%); color: var(--hole); font-weight: 700;
  text-decoration: none; }
.numbers a:focus-visible, .numbers a:hover { outline: 2px solid var(--hole); }
.key { display: inline-block; width: 1.6em; height: 1em; margin: 0 .4em 0 0; vertical-align: -.12em; }
.legend .key:not(:first-child) { margin-left: 1.2em; }
tr:target { background: var(--hole-light); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { --paper: #fff; --ink: #000; --line: #bbb; --quiet: #f2f2f2; --covered: #2e7d4f; --hole: #b71c1c;
    --hole-light: #fbe3e1; }
  body { font-size: 10pt; } main { padding: 0; max-width: none; }
  .lane, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tr { break-inside: avoid; } thead { display: table-header-group; }
}
"""
