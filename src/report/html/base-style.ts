/** What all pages share: colours, light and dark, type, filters, paper. */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #fff; --ink: #1b1f24; --soft: #565f6b; --line: #dfe2e5; --code: #f1f2f0;
  --bad: #b3261e; --fair: #8a5500; --good: #17703f; --quiet: #4d5a68; --link: #1f55b5;
  --bad-bar: #d6453c; --fair-bar: #e0a52e; --good-bar: #4faa78;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101317; --card: #181c22; --ink: #e7eaee; --soft: #a3acb8; --line: #2c333c; --code: #20262e;
    --bad: #ff8f86; --fair: #f0bb55; --good: #6fd6a0; --quiet: #b4bfcc; --link: #93b8ff;
    --bad-bar: #e5655c; --fair-bar: #d9a53f; --good-bar: #3f8f66;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 1.25rem 4rem; max-width: 68rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif; overflow-wrap: anywhere;
}
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, pre { font: .86em/1.5 var(--mono); }
h1, h2, h3, p, ul, dl, dd, pre { margin: 0; padding: 0; }
ul { list-style: none; }
h2 { margin: 2.75rem 0 .9rem; font-size: 1.2rem; letter-spacing: -.01em; }
section > h2:has(+ .note) { margin-bottom: .1rem; }
.note { margin-bottom: .9rem; color: var(--soft); font-size: .92rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 3; padding: .4rem .8rem; background: var(--card); }
header { padding: 3rem 0 0; }
header h1 { font-size: clamp(1.7rem, 1.1rem + 2.6vw, 2.7rem); line-height: 1.12; letter-spacing: -.025em; text-wrap: balance; }
header > p { margin-top: .7rem; color: var(--soft); }
header > .brand { margin: 0 0 .6rem; font-weight: 650; color: var(--ink); }
.brand::before {
  content: ''; display: inline-block; width: .62em; height: .62em; margin-right: .5em; border-radius: 50%;
  background: var(--good-bar);
}
.bad > .brand::before { background: var(--bad-bar); }
.fair > .brand::before { background: var(--fair-bar); }
.figures { display: flex; flex-wrap: wrap; gap: .5rem 2.4rem; margin-top: 1.6rem; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dd { font-size: 1.9rem; line-height: 1.15; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.figures dt { color: var(--soft); font-size: .9rem; }
.figures .deny dd, .figures .errors dd { color: var(--bad); }
.figures .zero dd { color: var(--soft); font-weight: 400; }
.figures .warn dd { color: var(--fair); }
.problems { margin-top: 2.25rem; padding: 1rem 1.25rem; border: 1px solid var(--bad); border-radius: 10px; background: var(--card); }
.problems h2 { margin: 0 0 .4rem; color: var(--bad); font-size: 1.05rem; }
#filter:not([hidden]) {
  position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: .6rem;
  margin: 2.5rem -1.25rem -1.5rem; padding: .7rem 1.25rem; background: var(--page); border-bottom: 1px solid var(--line);
}
#filter input[type='search'], #filter select {
  min-height: 2.4rem; padding: 0 .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card);
  color: var(--ink); font: inherit; font-size: .95rem;
}
#filter input[type='search'] { flex: 1 1 13rem; min-width: 0; }
#filter ::placeholder { color: var(--soft); opacity: 1; }
#shown { color: var(--soft); font-size: .9rem; font-variant-numeric: tabular-nums; }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; }
.chip {
  display: flex; align-items: center; gap: .35rem; min-height: 2.4rem; padding: 0 .75rem; border: 1px solid var(--line);
  border-radius: 8px; background: var(--card); font-size: .9rem; cursor: pointer;
}
.chip input { margin: 0; accent-color: var(--link); }
.chip:has(:focus-visible) { outline: 2px solid var(--link); }
#filter select { max-width: 100%; text-overflow: ellipsis; }
details { border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
details + details { margin-top: .7rem; }
summary { padding: .7rem 1.1rem; font-weight: 600; cursor: pointer; }
.n { margin-left: .4rem; color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
.none { margin: 2rem 0; color: var(--soft); }
article { padding: 1rem 0; border-top: 1px solid var(--line); scroll-margin-top: 5rem; }
article:target { box-shadow: -1rem 0 var(--page), -1.15rem 0 var(--link); }
article h3 { font-size: 1rem; }
article p { margin-top: .3rem; max-width: 48rem; }
article ul { margin: .3rem 0; padding-left: 1.2rem; list-style: '→  '; max-width: 48rem; }
article p > a { font-size: .87rem; }
.problems li + li, .gaps li + li { margin-top: .35rem; }
.gaps small { display: block; color: var(--soft); }
rect.good { fill: var(--good-bar); } rect.fair { fill: var(--fair-bar); } rect.bad { fill: var(--bad-bar); }
.deny > p > b { color: var(--bad); } .warn > p > b { color: var(--fair); }
.audit > p > b, .excepted > p > b, .baselined > p > b { color: var(--quiet); }
.excepted > p > b, .baselined > p > b { font-size: .7rem; }
summary small { color: var(--soft); font-size: .87rem; font-weight: 400; }
.t::before { content: '→ '; color: var(--good); }
.t { padding-left: 1.25em; text-indent: -1.25em; }
.w { margin-top: .25rem; color: var(--soft); font-size: .87rem; }
.w code, .w a { margin-right: .55em; }
.w em { display: block; }
.met { margin-top: 1rem; }
.met ul { padding: 0 1.1rem 1rem; columns: 2 22rem; }
.met li { break-inside: avoid; padding: .15rem 0; font-size: .9rem; color: var(--soft); }
.met code { display: block; color: var(--ink); }
footer { margin-top: 3rem; color: var(--soft); font-size: .87rem; }
[hidden] { display: none !important; }
@media (max-width: 40rem) {
  body { padding: 0 1rem 3rem; }
  header { padding-top: 1.75rem; }
  .figures { gap: .5rem 1.6rem; }
  #filter:not([hidden]) { position: static; margin-inline: 0; padding-inline: 0; border: 0; }
  #filter input[type='search'] { flex-basis: 100%; }
  .chips, #shown { flex-basis: 100%; }
  #filter select { flex: 1 1 8rem; min-width: 0; }
}
@media print {
  :root { --page: #fff; --card: #fff; --code: #f4f4f4; --ink: #000; --soft: #444; --line: #ccc; --bad: #a00; --fair: #750; --good: #063; --link: #000; color-scheme: light; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  #filter, .skip { display: none !important; }
  article { break-inside: avoid; }
  details::details-content { content-visibility: visible; height: auto; }
  rect, .brand::before { print-color-adjust: exact; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
