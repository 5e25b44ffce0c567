// The parts of a run, in the order in which they run and appear on the page.
import { outcome, table } from '../lib/writePage.mjs';
import { aliased } from './aliased.mjs';
import { documentsPrograms } from './documents.mjs';
import { mixed } from './mixed.mjs';
import { ourPlugins } from './ourPlugins.mjs';
import { publishedPlugins } from './publishedPlugins.mjs';
import { randomBackends } from './randomBackends.mjs';
import { randomCatalogs } from './randomCatalogs.mjs';
import { randomServices } from './randomServices.mjs';
import { randomTemplateRuns } from './randomTemplates.mjs';
import { schemas } from './schemas.mjs';
import { testUtils } from './testUtils.mjs';
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

/**
 * `run` yields rows: `what` was tested, and a `failure` if it did not work. `withoutPostgres` says that a part needs no
 * server. Everything else is for the page.
 */
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
    text: 'On one PostgreSQL server. Ours are our plugins and our engine, theirs the published ones; the halves of the first rows are processes of their own.',
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
        ['changed', 'database', 'what was asked', 'result'],
        rows.map(row => [row.what, row.database, row.asked, outcome(row)]),
      ),
  },
  {
    id: 'random-backends',
    title: 'Random backends',
    withoutPostgres: true,
    text: 'Services of all kinds, plugins, modules, extension points and loaders, put together at random and made with our contracts, the published ones, and by hand in the older form, side by side. Each backend is started and stopped on both engines.',
    run: randomBackends,
    table: rows =>
      table(
        ['backends', 'what was compared', 'number', 'result'],
        rows.map(row => [row.what, row.asked, row.count, outcome(row)]),
      ),
  },
  {
    id: 'random-services',
    title: 'Random configuration and requests',
    withoutPostgres: true,
    text: 'Core services of both, side by side. Where ours is stricter on purpose, both are given what both take: only known directives, no tags of YAML, no includes of includes.',
    run: randomServices,
    table: rows =>
      table(
        ['service', 'what was compared', 'number', 'result'],
        rows.map(row => [row.what, row.asked, row.count, outcome(row)]),
      ),
  },
  {
    id: 'schemas',
    title: 'Schemas of the configuration',
    withoutPostgres: true,
    text: 'What `backstage-cli config:check` and `config:print` do with the schemas of our packages, and the plugin that serves the frontend.',
    run: schemas,
    table: rows =>
      table(
        ['packages', 'what was asked', 'schemas', 'result'],
        rows.map(row => [row.what, row.asked, row.count, outcome(row)]),
      ),
  },
  {
    id: 'random-catalogs',
    title: 'Random entities in both catalogs',
    text: 'Entities of all kinds, put together at random, in the published catalog and in ours, each on its own engine. Each is asked the same: lists, pages, queries, facets, references, and what is wrong.',
    run: randomCatalogs,
    table: rows =>
      table(
        ['database', 'what was compared', 'requests', 'result'],
        rows.map(row => [row.database, row.asked, row.count, outcome(row)]),
      ),
  },
  {
    id: 'random-templates',
    title: 'Random templates in both scaffolders',
    text: 'Templates put together at random, with forms, values and files, in the published scaffolder and in ours, each on its own engine and beside its own catalog. Where ours is other on purpose, both are given what both take: expressions that can be rendered, conditions that are no texts, forms without defaults.',
    run: randomTemplateRuns,
    table: rows =>
      table(
        ['database', 'what was compared', 'templates', 'result'],
        rows.map(row => [row.database, row.asked, row.count, outcome(row)]),
      ),
  },
  {
    id: 'types',
    title: 'Types',
    withoutPostgres: true,
    text: 'Every export of the published contracts and test utilities, found in their declarations, those of namespaces too, has to be there and to be assignable.',
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
    id: 'test-utils',
    title: 'Tests',
    text: 'Tests of published plugins, modules and factories that import `@backstage/backend-test-utils`, which leads to `@greenroom/backend-test-utils`, for published packages that import it too.',
    run: testUtils,
    table: rows =>
      table(
        ['tests', 'what they are', 'number', 'result', 'with the published utilities'],
        rows.map(row => [row.what, row.asked, row.count, outcome(row), row.beside]),
      ),
  },
  {
    id: 'documents',
    title: 'Programs of the documents',
    withoutPostgres: true,
    text: 'Programs as older and current documents have them, word for word; the imported names lead to our packages, and to published ones where there is none of ours.',
    run: documentsPrograms,
    table: rows =>
      table(
        ['program', 'result'],
        rows.map(row => [row.what, outcome(row)]),
      ),
  },
];
