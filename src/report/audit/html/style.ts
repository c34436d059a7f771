import { baseStyle } from '../../html/base-style.ts';
import { sections } from '../sections.ts';

/** On a phone a cell says itself which section it is about: the column headings are not there. */
const labels = sections
  .map(({ short }, index) => {
    const nth = [`.strip i:nth-child(${index + 1})`, `.cells td:nth-child(${index + 2})`];
    return `${nth.map((one) => `${one}::before`).join(', ')} { content: '${short} '; }`;
  })
  .join('\n  ');

/** The style of the audit's page. */
export const style = `${baseStyle}
:root {
  --d: #f8d0cc; --d-ink: #7d130c; --w: #fae2b0; --w-ink: #5f3b00; --a: #dfe4ec; --a-ink: #364252;
  --e: #e5def6; --e-ink: #46318a; --r: #cfe5f6; --r-ink: #0e4a75; --g: #d6efe0; --g-ink: #0d5730;
  --record-bar: #4a8fc7; --waive-bar: #8f7cc9; --mute-bar: #c9ced5; --strip: calc(${sections.length} * 2.2rem);
}
@media (prefers-color-scheme: dark) {
  :root {
    --d: #5a2320; --d-ink: #ffc4bf; --w: #4d3a12; --w-ink: #f8d58e; --a: #2d3541; --a-ink: #cad3de;
    --e: #3a3160; --e-ink: #d6cbff; --r: #173b53; --r-ink: #aedaf9; --g: #173f2b; --g-ink: #9be5bd;
    --record-bar: #4a86b5; --waive-bar: #8371c2; --mute-bar: #48515d;
  }
}
body { max-width: 78rem; }
h3 { margin: 1.75rem 0 .6rem; font-size: 1rem; }
header h1 { max-width: 24ch; }
header > p:not(.brand) { max-width: 52rem; }
.brand span, .brand time { margin-left: .7em; color: var(--soft); font-weight: 400; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
small { color: var(--soft); font-size: .85em; font-weight: 400; }
.whole { margin-top: 1.5rem; max-width: 52rem; }
.bar { display: block; width: 100%; height: .55rem; border-radius: 3px; background: var(--line); }
.whole .bar { height: .9rem; }
.record { fill: var(--record-bar); } .waive { fill: var(--waive-bar); } .mute { fill: var(--mute-bar); }
rect.amount { fill: var(--record-bar); }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.3rem; margin-top: .6rem; color: var(--soft); font-size: .88rem; }
.key b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
.key:not(.cells) > li::before {
  content: ''; display: inline-block; width: .65em; height: .65em; margin-right: .45em; border-radius: 2px;
  background: var(--mute-bar); print-color-adjust: exact;
}
.key > .good::before { background: var(--good-bar) !important; }
.key > .fair::before { background: var(--fair-bar) !important; }
.key > .bad::before { background: var(--bad-bar) !important; }
.key > .record::before { background: var(--record-bar) !important; }
.key > .waive::before { background: var(--waive-bar) !important; }
.figures { row-gap: 1rem; }
.figures dt span { margin-left: .5em; font-size: .82rem; }
.less { color: var(--good); } .more { color: var(--bad); }
.notices { margin-top: 1.5rem; }
.notices li { padding: .5rem .9rem; border-left: 4px solid var(--fair-bar); background: var(--card); }
.contents {
  display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; margin-top: 2.25rem; padding: .7rem 0; font-size: .92rem;
  border-block: 1px solid var(--line);
}
.contents a { text-decoration: none; }
.contents a:hover { text-decoration: underline; }
.key + .rows, .key + .tree { margin-top: 1rem; }

.rows, .tree { border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.row { border: 0; border-radius: 0; background: none; }
.row + .row { margin: 0; border-top: 1px solid var(--line); }
.row > summary {
  display: grid; grid-template-columns: 1rem minmax(11rem, 15rem) minmax(4rem, 1fr) 13rem; gap: 0 1rem; align-items: center;
  padding: .5rem 1rem; list-style: none;
}
.row > summary::before, .tree summary::before {
  content: ''; width: .4rem; height: .4rem; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg);
}
.row[open] > summary::before, .tree [open] > summary::before { transform: rotate(45deg); }
summary::-webkit-details-marker { display: none; }
.row b { font-weight: 600; }
.told { color: var(--soft); font-size: .88rem; font-weight: 400; text-align: right; font-variant-numeric: tabular-nums; }
.bar.unseen { height: 1px; border-radius: 0; background: var(--line); }
.detail, .practices { padding: 0 1rem .4rem 3rem; font-size: .92rem; }
.detail { color: var(--soft); }
.practices { padding-bottom: .9rem; }
.practices > li { padding: .45rem 0 0; }
.answers { display: flex; flex-wrap: wrap; gap: .3rem .5rem; margin-top: .25rem; }
.answers li { padding: .05rem .5rem; border-radius: 5px; background: var(--code); font-size: .86rem; }
.answers .bad { background: var(--d); color: var(--d-ink); } .answers .good { background: var(--g); color: var(--g-ink); }
.answers .bad a, .answers .good a { color: inherit; }
.answers .mute { color: var(--soft); }

.tree { position: relative; }
.heads { position: sticky; top: 0; z-index: 1; padding: .5rem 1rem .35rem; background: var(--card); border-bottom: 1px solid var(--line); border-radius: 10px 10px 0 0; }
.heads .strip { align-items: end; margin-left: auto; color: var(--soft); font-size: .82rem; }
.heads .strip span { justify-self: center; writing-mode: vertical-rl; transform: rotate(180deg); line-height: 1.2; }
.strip { display: grid; grid-template-columns: repeat(${sections.length}, 1fr); width: var(--strip); }
.tree details { margin: 0; border: 0; border-radius: 0; background: none; }
.tree > details + details { border-top: 1px solid var(--line); }
.tree summary, .cells tr {
  display: grid; grid-template-columns: minmax(0, 1fr) var(--strip); align-items: center; padding: .28rem 1rem; list-style: none;
}
.tree summary { grid-template-columns: .4rem minmax(0, 1fr) var(--strip); gap: 0 .7rem; font-weight: 400; }
.tree summary b { font-weight: 600; }
.tree summary:hover, .cells tr:hover { background: var(--code); }
.cells tr { grid-template-columns: minmax(0, 1fr) repeat(${sections.length}, 2.2rem); }
.team .namespace > summary, .cluster .team > summary { padding-left: 2.2rem; }
.cluster .team .namespace > summary { padding-left: 3.4rem; }
.cells th { padding-left: 3.3rem; padding-right: 1rem; font-weight: 400; text-align: left; }
.team .cells th { padding-left: 3.3rem; } .cluster .cells th { padding-left: 4.5rem; }
.cells, .cells tbody { display: block; margin-top: 0; }
table.cells { padding-bottom: .5rem; font-size: .93rem; }
.cells th a { text-decoration: none; } .cells th a:hover { text-decoration: underline; }
.others th { color: var(--soft); font-style: italic; }
.cells thead th { padding: 0; }
.strip i, .cells td, .key i {
  min-width: 1.5rem; margin: 1px; padding: 0 .1rem; border-radius: 4px; font-size: .8rem; font-style: normal; line-height: 1.45rem;
  text-align: center; font-variant-numeric: tabular-nums; white-space: nowrap; print-color-adjust: exact;
}
.key.cells { display: flex; font-size: .88rem; }
.key i { display: inline-block; min-width: 1.9rem; margin-right: .3rem; }
.d { background: var(--d); color: var(--d-ink); } .w { background: var(--w); color: var(--w-ink); }
i.a, td.a { background: var(--a); color: var(--a-ink); } .e { background: var(--e); color: var(--e-ink); }
.r { background: var(--r); color: var(--r-ink); } .g { background: var(--g); color: var(--g-ink); }
i.n, td.n { margin-left: 1px; color: var(--soft); font-weight: 400; }
.tree .note { margin: 0; padding: .2rem 1rem .6rem 3.3rem; }
p.w { background: none; color: var(--soft); }

figure { margin: 0; }
.chart { display: block; width: 100%; max-width: 60rem; height: auto; }
.chart line { stroke: var(--line); }
.chart polyline { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.chart .deny { stroke: var(--bad-bar); fill: var(--bad-bar); } .chart .warn { stroke: var(--fair-bar); fill: var(--fair-bar); }
.chart text { stroke: none; font-size: 13px; font-weight: 600; }
.chart .deny text { fill: var(--bad); } .chart .warn text { fill: var(--fair); }
.chart .tick, .chart .day { fill: var(--soft); font-size: 12px; font-weight: 400; }
.chart .tick, .chart .end { text-anchor: end; }
.plain { margin-top: .8rem; }
.plain > summary { padding: .55rem 1rem; }
.patch { padding: .5rem .8rem; overflow-x: auto; border-radius: 6px; background: var(--code); white-space: pre; }
.patch ins, .patch del { text-decoration: none; }
.patch ins { color: var(--good); } .patch del { color: var(--bad); }
.plain > :not(summary) { margin: 0 1rem 1rem; width: calc(100% - 2rem); }

.data { width: 100%; border-collapse: collapse; font-size: .92rem; }
.data th, .data td { padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.data thead th { color: var(--soft); font-size: .85rem; font-weight: 500; vertical-align: bottom; }
.data tbody th { font-weight: 500; }
.data small { display: block; }
.data td:nth-child(n) small { white-space: nowrap; }
.data .num { text-align: right; font-variant-numeric: tabular-nums; }
.data .num, .data thead th { overflow-wrap: normal; }
.data tbody th { min-width: 9rem; }
.data .bar { width: 9rem; margin-top: .45rem; height: .5rem; }
.data small.kind { display: inline; }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 5px; background: var(--a); color: var(--a-ink); font-size: .86rem; white-space: nowrap; }
.tag.in-force { background: var(--g); color: var(--g-ink); } .tag.expiring { background: var(--w); color: var(--w-ink); }
.tag.expired { background: var(--d); color: var(--d-ink); }
.past, .lack { color: var(--bad); } .soon { color: var(--fair); }

#filter:not([hidden]) { margin-top: 0; margin-bottom: 0; }
#filter select { flex: 0 1 10.5rem; min-width: 0; }
#filter button {
  min-height: 2.4rem; padding: 0 .8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card);
  color: var(--ink); font: inherit; font-size: .9rem; cursor: pointer;
}
#filter button:hover { border-color: var(--soft); }
.acts { display: flex; flex: 1 1 auto; flex-wrap: wrap; gap: .4rem; align-items: center; }
#shown { margin-left: auto; padding-left: .6rem; }
.place { margin-top: 1.5rem; }
.place > h3 { margin: 0 0 .5rem; }
.place > h3 small { font-size: 1em; }
.place > details { content-visibility: auto; contain-intrinsic-size: auto 2.9rem; }
.place > details + details { margin-top: .4rem; }
.place summary { padding: .5rem 1rem; list-style: revert; }
.place summary em { margin-left: .5em; color: var(--soft); font-size: .87rem; font-style: normal; font-weight: 400; }
.place li { padding: .6rem 1rem .65rem 5.2rem; border-top: 1px solid var(--line); }
.place li > p:first-child { font-weight: 500; }
.place li > p:first-child > b { float: left; margin-left: -4.2rem; font-size: .8rem; line-height: 1.85; }
.place li > p:first-child > b + * { margin: 0; }
.place .w em { font-style: normal; }
.met code { display: block; }
.met ul { padding: 0 1.1rem 1rem; columns: 2 22rem; }
.met li { break-inside: avoid; padding: .15rem 0; font-size: .9rem; color: var(--soft); }
.met code { color: var(--ink); }
article h3 { margin: 0; }
article p.w { margin-top: 0; }
time { white-space: nowrap; }
@media screen and (max-width: 60rem) { :root { --strip: calc(${sections.length} * 1.75rem); } .cells tr { grid-template-columns: minmax(0, 1fr) repeat(${sections.length}, 1.75rem); } .strip i, .cells td { min-width: 0; } }
@media screen and (max-width: 48rem) {
  .heads { display: none; }
  .row > summary { grid-template-columns: .6rem minmax(0, 1fr) auto; }
  .row > summary .bar { grid-row: 2; grid-column: 2 / -1; }
  .detail, .practices { padding-left: 2.5rem; }
  .tree summary { grid-template-columns: .4rem minmax(0, 1fr); row-gap: .2rem; }
  .tree .strip { grid-column: 2; width: auto; }
  .tree .strip, .cells tr { display: flex; flex-wrap: wrap; gap: .15rem; }
  .cells th { flex: 1 1 100%; padding-right: 0; }
  .cells tr { padding-left: 2.2rem; }
  .cells tr th.cells, .team .cells th, .cluster .cells th { padding-left: 0; }
  .strip i, .cells td { padding: 0 .4rem; }
  .strip .n, .cells td.n, .strip .g, .cells td.g { display: none; }
  .tree .note { padding-left: 2.2rem; }
  ${labels}
  .data, .data tbody, .data tr { display: block; }
  .data thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .data tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .data th, .data td { display: flex; gap: 1rem; justify-content: space-between; padding: .1rem 0; border: 0; text-align: right; }
  .data tbody th { display: block; font-weight: 600; text-align: left; }
  .data td::before { content: attr(data-l); flex: none; max-width: 60%; margin-right: auto; color: var(--soft); text-align: left; }
  .data td { justify-content: flex-end; align-items: baseline; column-gap: .5rem; }
  .cells tr:not(:has(td:is(.d, .w, .a, .e, .r))) > th::after { content: ' ✓'; color: var(--g-ink); }
  .key.cells li:has(.g, .n) { display: none; }
  .data td:has(.bar) { display: none; }
}
@media (max-width: 40rem) {
  .place li { padding-left: 1rem; }
  .place li > p:first-child > b { float: none; margin: 0 .35em 0 0; }
  #shown { flex-basis: auto; }
  #filter select { flex: 1 1 9rem; }
}
@media print {
  .contents, .heads { position: static; }
  .contents { display: none; }
  :root {
    --d: #f8d0cc; --d-ink: #7d130c; --w: #fae2b0; --w-ink: #5f3b00; --a: #e6e9ee; --a-ink: #333; --e: #e5def6; --e-ink: #46318a;
    --r: #cfe5f6; --r-ink: #0e4a75; --g: #d6efe0; --g-ink: #0d5730; --strip: calc(${sections.length} * 1.55rem);
  }
  .cells tr { grid-template-columns: minmax(0, 1fr) repeat(${sections.length}, 1.55rem); }
  .strip i, .cells td { min-width: 0; font-size: .7rem; }
  .place > details { content-visibility: visible; }
  .patch { white-space: pre-wrap; }
  .bar, .tag, .answers li { print-color-adjust: exact; }
  .row, .cells tr, .data tr, .place li, .chart { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  article p > a[href^='http'] { color: inherit; }
}
`;
