// The parts of the run, in the order in which they run and stand on the page.
import { outcome, table } from '../lib/writePage.mjs';
import { aliased } from './aliased.mjs';
import { documentsPrograms } from './documents.mjs';
import { mixed } from './mixed.mjs';
import { ourPlugins } from './ourPlugins.mjs';
import { publishedPlugins } from './publishedPlugins.mjs';
import { typeLevel } from './typeLevel.mjs';

const ms = value => (value === undefined ? '' : `${Math.round(value)} ms`);

const pluginTable = (about, beside) => rows =>
  table(
    ['packages', 'database', 'what was asked', about, 'start', beside, 'start'],
    rows.map(row => [
      row.what === 'everything' ? 'all of these' : row.packages.map(name => `\`${name}\``).join('<br>'),
      row.database,
      row.asked,
      outcome(row),
      ms(row.startMs),
      row.beside,
      ms(row.besideMs),
    ]),
  );

/** `run` yields rows: `what` was tried, and a `failure` where it did not work. The rest is for the page. */
export const parts = [
  {
    id: 'plugins',
    title: 'Published plugins',
    text: 'Each row is one backend, on its own database. The last columns are the same program and the same questions with the published `createBackend`.',
    run: publishedPlugins,
    table: pluginTable('here', 'published engine'),
  },
  {
    id: 'ours',
    title: 'Our plugins on the published engine',
    text: 'The same the other way round.',
    run: ourPlugins,
    table: pluginTable('published engine', 'here'),
  },
  {
    id: 'mixed',
    title: 'Both engines in one deployment',
    text: 'On one PostgreSQL server, with the published plugins.',
    run: mixed,
    table: rows =>
      table(
        ['deployment', 'what was asked', 'result'],
        rows.map(row => [row.what, row.asked, outcome(row)]),
      ),
  },
  {
    id: 'aliased',
    title: 'Moving over by package.json alone',
    text: 'From an empty folder: the program imports `@backstage/...` only, and `overrides` lead those names to our packed packages, for the plugins too.',
    run: aliased,
    table: rows =>
      table(
        ['changed', 'what was asked', 'result'],
        rows.map(row => [row.what, row.asked, outcome(row)]),
      ),
  },
  {
    id: 'types',
    title: 'Types',
    text: 'Every export of the published contracts, found in their declarations, has to be there and to be assignable both ways.',
    run: typeLevel,
    table: rows => `${table(
      ['entry point', 'compared', 'result'],
      rows.map(row => [`\`${row.what}\``, row.asked ?? '', outcome(row)]),
    )}

Not assignable, on purpose:

${table(
  ['export', 'why'],
  rows.flatMap(({ exceptions = [] }) => exceptions.map(([id, reason]) => [id, reason])),
)}`,
  },
  {
    id: 'documents',
    title: 'Programs of the documents',
    text: 'The programs in the two documents that describe backends, word for word; the imported names lead to our packages, and to published ones where there is none of ours.',
    run: documentsPrograms,
    table: rows =>
      table(
        ['program', 'result'],
        rows.map(row => [row.what, outcome(row)]),
      ),
  },
];
