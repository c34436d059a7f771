import { baseStyle } from './base-style.ts';

/** The style of the page that `check` writes. */
export const style = `${baseStyle}
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: .7rem; }
.cards li {
  position: relative; overflow: hidden; padding: .75rem .95rem 1rem; border: 1px solid var(--line); border-radius: 10px;
  background: var(--card);
}
.cards h3 { font-size: .98rem; }
.cards h3::first-letter { text-transform: uppercase; }
.cards a { color: inherit; text-decoration: none; }
.cards a::after { content: ''; position: absolute; inset: 0; }
.cards li:has(a):hover { border-color: var(--soft); }
.cards li:has(a:focus-visible) { outline: 2px solid var(--link); outline-offset: 1px; }
.cards a:focus-visible { outline: 0; }
.cards p { color: var(--soft); font-size: .88rem; }
.cards svg { position: absolute; left: 0; right: 0; bottom: 0; width: 100%; height: 4px; }
.file { margin-top: 1.75rem; content-visibility: auto; contain-intrinsic-size: auto 600px; }
.file > h3 { margin-bottom: .5rem; font: 600 .92rem/1.5 var(--mono); color: var(--soft); }
.l { border-top: 1px solid var(--line); }
.l > pre { padding: .45rem 1.1rem; overflow-x: auto; background: var(--code); color: var(--soft); white-space: pre; }
.l > pre b { display: inline-block; min-width: 2.4em; padding-right: .8em; text-align: right; font-weight: 400; user-select: none; }
.l li { padding: .8rem 1.1rem .85rem 4.6rem; }
.l li + li { border-top: 1px dashed var(--line); }
.l li > p:first-child { font-weight: 500; }
.l li > p:first-child > b { float: left; margin-left: -3.5rem; font-size: .78rem; line-height: 1.9; letter-spacing: .02em; }
.renderings li { padding-left: .8rem; border-left: 4px solid var(--good-bar); }
.renderings .fair { border-color: var(--fair-bar); } .renderings .bad { border-color: var(--bad-bar); }
.renderings b { font-weight: 600; }
.l li > pre { margin: .45rem 0 .2rem 1.25em; padding: .5rem .8rem; overflow-x: auto; border-radius: 6px; background: var(--code); color: var(--good); }
@media (max-width: 40rem) {
  .cards { grid-template-columns: 1fr 1fr; gap: .5rem; }
  .l li { padding-left: 1.1rem; }
  .l li > p:first-child > b { float: none; margin: 0 .35em 0 0; }
}
@media print {
  .file { content-visibility: visible; }
  .l, .cards li { break-inside: avoid; }
  .l > pre, .l li > pre { white-space: pre-wrap; }
}
`;
