import { markup, nothing, type Markup } from '../../html/markup.ts';
import { number } from './numbers.ts';

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

export type Cell = string | Markup;

/**
 * A table whose first column names the rows. On a phone each row becomes a card, so every cell carries the title of its
 * column. Rows beyond `most` are counted and left out.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  most = 500,
): Markup {
  const rest = rows.length - most;
  const head = columns.map(
    ({ title, isNumber }) => markup`<th scope="col"${numeric(isNumber)}>${title}</th>`,
  );
  return markup`<table class="data">
    <caption class="aside">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${rows.slice(0, most).map((row) => tableRow(columns, row))}
    </tbody></table
  >${rest > 0 ? markup`<p class="note">${number(rest)} more are in the JSON form of this report.</p>` : nothing}`;
}

/** What is there to be unfolded, with how much that is; nothing where that is nothing. */
export function folded(title: string, size: number, inner: Markup): Markup {
  if (size === 0) return nothing;
  return markup`<details class="plain">
    <summary>${title} <span class="n">${number(size)}</span></summary>
    ${inner}
  </details> `;
}

function tableRow(columns: readonly Column[], cells: readonly Cell[]): Markup {
  const parts = cells.map((cell, index) => {
    const { title = '', isNumber } = columns[index] ?? {};
    if (index === 0) return markup`<th scope="row">${cell}</th>`;
    return markup`<td data-l="${title}"${numeric(isNumber)}>${cell}</td>`;
  });
  return markup`<tr>${parts}</tr>\n`;
}

function numeric(isNumber = false): Markup {
  return isNumber ? markup` class="num"` : nothing;
}
