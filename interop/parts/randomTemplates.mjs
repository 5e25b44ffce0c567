// The published scaffolder and ours with the same random templates, which must reject the same values and end alike.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomTemplates } from '../features/randomTemplates.mjs';
import { eventually } from '../lib/ask.mjs';
import { createDatabase, databases } from '../lib/databases.mjs';
import { callerToken } from '../lib/launch.mjs';
import { engines } from '../lib/runCases.mjs';
import { startBackend } from '../lib/startBackend.mjs';

const folder = fileURLToPath(new URL('../.cache/random-templates/', import.meta.url));
const probe = new URL('../features/scaffolderProbe.mjs', import.meta.url).href;
const seed = 7;
const asked =
  'forms, values that fit and others, dry runs with their files, tasks with the events of their steps';

/** Yields one row per database. */
export async function* randomTemplateRuns({ check, chosen, postgres }) {
  const what = 'random-templates';
  if (!chosen(what)) return;
  const count = check ? 60 : 300;
  const templates = randomTemplates(seed, count);
  writeTemplates(templates);
  for (const database of check ? databases.slice(0, 1) : databases) {
    const failure = await startAndCompare(templates, database, postgres).catch(error => error.message);
    yield { what, database, asked, count, failure };
  }
}

/** One folder per template, because each has files next to it. */
function writeTemplates(templates) {
  rmSync(folder, { recursive: true, force: true });
  const keepers = { apiVersion: 'backstage.io/v1alpha1', kind: 'Group', metadata: { name: 'keepers' } };
  write('keepers.yaml', JSON.stringify({ ...keepers, spec: { type: 'team', children: [] } }));
  for (const template of templates) {
    write(`${template.name}/template.yaml`, JSON.stringify(entityOf(template)));
    for (const [path, content] of Object.entries(template.files)) write(`${template.name}/${path}`, content);
  }
  const targets = ['./keepers.yaml', ...templates.map(({ name }) => `./${name}/template.yaml`)];
  const all = { apiVersion: 'backstage.io/v1alpha1', kind: 'Location', metadata: { name: 'all' } };
  write('all.yaml', JSON.stringify({ ...all, spec: { targets } }));
}

function write(path, content) {
  mkdirSync(dirname(`${folder}${path}`), { recursive: true });
  writeFileSync(`${folder}${path}`, content);
}

function entityOf({ name, spec }) {
  return { apiVersion: 'scaffolder.backstage.io/v1beta3', kind: 'Template', metadata: { name }, spec };
}

async function startAndCompare(templates, name, server) {
  const ends = [];
  const start = async (engine, scope) => {
    const { database, drop } = createDatabase(name, server);
    ends.unshift(drop);
    const catalog = `${scope}/plugin-catalog-backend`;
    const features = [
      catalog,
      `${catalog}-module-scaffolder-entity-model`,
      `${scope}/plugin-scaffolder-backend`,
    ];
    const rules = [{ allow: ['Template', 'Group', 'Location'] }];
    const config = { catalog: { rules, locations: [{ type: 'file', target: `${folder}all.yaml` }] } };
    const backend = await startBackend({ engine, features: [...features, probe], config, database });
    ends.unshift(backend.stop);
    return backend.api('scaffolder');
  };
  try {
    const ours = await start(engines.ours, '@greenroom');
    return await compare(templates, [ours, await start(engines.published, '@backstage')]);
  } finally {
    for (const end of ends) await end();
  }
}

/** Describes the differences; undefined if there are none. */
async function compare(templates, bases) {
  const differences = [];
  const left = templates.values();
  // As many in parallel as each scaffolder runs tasks.
  const compareNext = async () => {
    for (const template of left) {
      for (const look of [form, dryRun, task]) differences.push(...(await compareOne(look, template, bases)));
    }
  };
  await Promise.all(Array.from({ length: 10 }, compareNext));
  return differences.length > 0 ? `${differences.length} differ:\n${differences[0]}` : undefined;
}

async function compareOne(look, template, bases) {
  const [ours, theirs] = (await Promise.all(bases.map(base => look(base, template)))).map(toText);
  if (ours === theirs) return [];
  const from = Math.max(0, [...ours].findIndex((char, index) => char !== theirs[index]) - 100);
  const [here, there] = [ours, theirs].map(text => text.slice(from, from + 400));
  const told = `${look.name} of ${toText({ ...template, files: Object.keys(template.files) })}`;
  return [`${told}\n  ours: ${here}\n  published: ${there}`];
}

async function form(base, { name }) {
  const path = `${base}/v2/templates/default/template/${name}/parameter-schema`;
  const look = () => ask(path);
  const { body } = await eventually(`the template ${name}`, look, ({ status }) => status !== 404);
  return body;
}

async function dryRun(base, { spec, values, files }) {
  const directoryContents = Object.entries(files).map(([path, content]) => ({
    path,
    base64Content: Buffer.from(content).toString('base64'),
  }));
  // The published scaffolder gives dry-run templates this name.
  const template = entityOf({ name: 'dry-run', spec });
  const { status, body } = await ask(`${base}/v2/dry-run`, { template, values, directoryContents });
  if (status !== 200) return { refused: true };
  const made = body.directoryContents.map(({ path, base64Content }) => [path, atob(base64Content)]);
  return { made: Object.fromEntries(made), output: body.output, steps: stepsOf(body.log) };
}

async function task(base, { name, values }) {
  const created = await ask(`${base}/v2/tasks`, { templateRef: `template:default/${name}`, values });
  if (created.status !== 201) return { status: created.status };
  const path = `${base}/v2/tasks/${created.body.id}`;
  // The published scaffolder sets the status before it writes the last event.
  const { body: events } = await eventually(
    'the end of the task',
    () => ask(`${path}/events`),
    ({ body }) => body.at(-1)?.type === 'completion',
  );
  const { status } = (await ask(path)).body;
  const { error, output } = events.at(-1).body;
  return { status, failed: error !== undefined, output, steps: stepsOf(events) };
}

/** How each step ended. The published scaffolder starts steps that it then skips, and reports a failure in several events. */
function stepsOf(events) {
  const ends = events
    .map(({ body: { stepId, status } }) => ({ stepId, status }))
    .filter(({ stepId, status }) => stepId && status && status !== 'processing');
  return ends.filter(({ stepId, status }, at) => status !== 'failed' || stepId !== ends[at + 1]?.stepId);
}

async function ask(url, body) {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${callerToken}`, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** Sorts keys, and removes what is specific to each scaffolder or catalog. */
function toText(value) {
  return JSON.stringify(value, (key, part) => {
    if (key === 'uid' || key === 'etag') return undefined;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    // Steps without an id have a random one in the published scaffolder's dry runs.
    const entries = Object.entries(part).filter(([name]) => !/^[\da-f]{8}-[\da-f]{4}-/.test(name));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
