// Formats a Markdown table with aligned columns, which is readable both in a terminal and on a page.

/** `columns` is a list of `{ title, right }`. Cells are strings. */
export function textTable(columns, rows) {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, 3, ...rows.map(row => row[at].length)),
  );
  const pad = (text, at) => (columns[at].right ? text.padStart(widths[at]) : text.padEnd(widths[at]));
  const line = cells => `| ${cells.map(pad).join(' | ')} |`;
  const rule = widths.map((width, at) =>
    columns[at].right ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(columns.map(({ title }) => title)), line(rule), ...rows.map(line)].join('\n');
}
