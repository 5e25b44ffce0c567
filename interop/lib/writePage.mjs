// Writes docs/compatibility.md: what was tested, with what result, and how long starts took.
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { describeMachine } from '../../benchmarks/lib/describeMachine.mjs';
import { versionOf } from './versions.mjs';

const pageFile = new URL('../../docs/compatibility.md', import.meta.url);

/** Replaces the page. `results` is a list of `{ part, rows }`. */
export function writePage(results, { rounds }) {
  mkdirSync(new URL('.', pageFile), { recursive: true });
  const sections = results.map(
    ({ part, rows }) => `## ${part.title}\n\n${part.text}\n\n${part.table(rows)}\n`,
  );
  writeFileSync(
    pageFile,
    `# Compatibility

Written by \`npm run interop\`. Don't edit: run it again.

Packages from the npm registry exactly as published, none patched or aliased, in backends made with the \`createBackend\` of
\`@greenroom/backend-defaults\`, itself built and packed as for the registry. What does not work is here with its cause.

Machine: ${describeMachine()}; its load average after the run: ${loadavg()[0].toFixed(1)}. Starts are counted from the beginning of the process, modules loaded
and all; the engines take turns, and the table has ${rounds === 1 ? 'one start' : `the median of ${rounds} starts`} each; only the ratio of two
times in one row means something on another machine. The published engine is
\`${versionOf('@backstage/backend-defaults')}\`. Some of its packages declare that they need a newer Node; all were installed and run on this one.

${sections.join('\n')}`,
  );
}

/** A Markdown table. Cells are converted to strings. */
export function table(head, rows) {
  const line = cells =>
    `| ${cells
      .map(cell =>
        String(cell)
          .replaceAll('|', '\\|')
          .replace(/\s*\n\s*/g, ' '),
      )
      .join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `works`, or the first line of the failure. */
export function outcome({ failure }) {
  return failure ? `does not: ${failure.split('\n')[0]}` : 'works';
}
