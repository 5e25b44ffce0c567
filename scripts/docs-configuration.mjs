// Generates docs/configuration.md from the configuration schemas of all packages. `--check` only compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { configurationKeys } from './lib/configurationKeys.mjs';
import { readWorkspaces, repositoryRoot } from './lib/workspaces.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const file = join(repositoryRoot, 'docs/configuration.md');

const sections = readSections();
const problems = incomplete(sections);
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exitCode = 1;
} else {
  const text = await format(page(sections), { ...(await resolveConfig(file)), filepath: file });
  if (!values.check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(
      'docs/configuration.md differs from the schemas: run `npm run docs:configuration` and commit it.',
    );
    process.exitCode = 1;
  } else console.log('docs/configuration.md agrees with the schemas');
}

/** The sections by name, such as `backend.cache`, with their rows and the packages that read them. */
function readSections() {
  const found = new Map();
  for (const { dir, manifest } of readWorkspaces()) {
    const schemaFile = join(dir, 'config.schema.json');
    if (!existsSync(schemaFile)) continue;
    const rows = configurationKeys(JSON.parse(readFileSync(schemaFile, 'utf8')));
    const headings = new Set(rows.filter(row => row.section || isLong(row, rows)).map(row => row.key));
    for (const row of rows) {
      const [top, second] = row.key.split('.');
      const name = headings.has(`${top}.${second}`) ? `${top}.${second}` : top;
      const section = found.get(name) ?? {
        name,
        packages: new Set(),
        descriptions: new Set(),
        rows: new Map(),
      };
      found.set(name, section);
      if (row.section) {
        if (row.key === name) section.descriptions.add(row.description);
        continue;
      }
      if (row.key === name && name.includes('.')) section.descriptions.add(row.description);
      section.packages.add(manifest.name);
      // A key that two packages read is listed once.
      if (!section.rows.has(row.key)) section.rows.set(row.key, row);
    }
  }
  return [...found.values()].filter(({ rows }) => rows.size > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a key that may also be a plain value has so many keys below it that they need a table of their own. */
function isLong({ key }, rows) {
  return rows.filter(row => row.key.startsWith(`${key}.`)).length > 5;
}

function incomplete(all) {
  return all
    .flatMap(({ rows }) => [...rows.values()])
    .flatMap(({ key, description, example, type, deprecated }) => {
      const missing = [];
      if (!description) missing.push('description');
      if (example === undefined && !deprecated && !['object', 'list'].includes(type))
        missing.push('examples');
      return missing.map(keyword => `${key}: its schema in config.schema.json needs '${keyword}'`);
    });
}

function page(all) {
  const intro = `# Configuration

<!-- Generated from the config.schema.json files by \`npm run docs:configuration\`: edit those instead. -->

All keys that the packages of this repository read.
[The README of rootConfig](../packages/backend-defaults/src/services/rootConfig/README.md) explains where the configuration
comes from and how it is written. \`npx greenroom config:check\` reports mistakes in the configuration of your backend, and
\`npx greenroom config:print\` shows the resulting configuration. In this repository, \`npm run config:check\` and
\`npm run config:print\` do the same for the example.

Other packages bring their own schemas, named by \`configSchema\` in their package.json. A schema is either JSON or TypeScript
types (\`config.d.ts\`), which need a compiler: \`npm install --save-dev @typescript/typescript6\`. Run
\`npx greenroom config:schema\` when you build an image: startup then needs neither the compiler nor the time to compile.

\`<id>\` stands for a name that you choose, such as the ID of a plugin, and \`[]\` for each entry of a list. A duration is a
number of milliseconds, a string such as \`10s\` or \`PT10S\`, or an object such as \`{ seconds: 10 }\`. Secrets are masked in the
log; set them as \`\${VARIABLE}\` or \`{ $file: path }\`. Variables hold text, so numbers and booleans may be text as well.
`;
  const list = all
    .map(({ name }) => `- [\`${name}\`](#${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')})`)
    .join('\n');
  return [intro, list, ...all.map(sectionText)].join('\n\n');
}

function sectionText({ name, descriptions, packages, rows }) {
  const lines = withoutRepeats([...rows.values()], name).map(row => {
    const key = row.key === name ? row.key : row.key.slice(name.length).replace(/^\./, '');
    const marks = [row.secret && 'Secret', row.deprecated && 'Deprecated']
      .filter(Boolean)
      .map(mark => `**${mark}.** `);
    const description = `${marks.join('')}${row.description}`.replaceAll('|', '\\|');
    return `| \`${key}\` | ${row.type} | ${code(row.default)} | ${code(row.example)} | ${description} |`;
  });
  const by = [...packages].map(each => `\`${each}\``).join(', ');
  const what = [...descriptions].filter(Boolean).join('. ');
  return `## ${name}

${what ? `${what}. ` : ''}Read by ${by}.

| key${name.includes('.') || rows.has(name) ? '' : ` below \`${name}\``} | type | default | example | meaning |
| --- | --- | --- | --- | --- |
${lines.join('\n')}`;
}

/** Summarises the keys that can be set for each plugin in the same way as for all plugins in one row. */
function withoutRepeats(rows, name) {
  const own = `${name}.plugin.<id>.`;
  const isRepeat = ({ key, type }) =>
    key.startsWith(own) &&
    rows.some(other => other.key === `${name}.${key.slice(own.length)}` && other.type === type);
  const repeated = rows.filter(isRepeat);
  if (repeated.length === 0) return rows;
  const names = new Set(repeated.map(({ key }) => key.slice(own.length).split('.')[0]));
  const summary = {
    key: `${own}*`,
    type: 'as above',
    description: `Overrides for one plugin: ${[...names].map(each => `\`${each}\``).join(', ')}`,
  };
  return [...rows.filter(row => !isRepeat(row)), summary];
}

function code(value) {
  if (value === undefined) return '';
  const text = typeof value === 'string' && value !== '' ? value : flow(value);
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** YAML on a single line. */
function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${flow(item)}`)
      .join(', ')} }`;
  }
  if (typeof value === 'string') {
    if (/^[\w./@-][\w ./:@-]*$/.test(value)) return value;
    return value.includes("'") ? JSON.stringify(value) : `'${value}'`;
  }
  return String(value);
}
