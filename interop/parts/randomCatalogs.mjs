// The published catalog and ours with the same random entities, which must give the same responses to random requests.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kindNames, randomEntities } from '../features/randomEntities.mjs';
import { randomRequests } from '../features/randomRequests.mjs';
import { eventually } from '../lib/ask.mjs';
import { createDatabase, databases } from '../lib/databases.mjs';
import { callerToken } from '../lib/launch.mjs';
import { engines } from '../lib/runCases.mjs';
import { startBackend } from '../lib/startBackend.mjs';

const folder = fileURLToPath(new URL('../.cache/', import.meta.url));
const target = `${folder}random-entities.yaml`;
const catalog = {
  rules: [{ allow: kindNames }],
  locations: [{ type: 'file', target }],
  // Nothing may change while responses are compared.
  processingInterval: { hours: 1 },
};
const seed = 4;
const asked = 'lists, pages and their cursors, facets, references, validation, and requests that are wrong';

/** Yields one row per database. */
export async function* randomCatalogs({ check, chosen, postgres }) {
  const what = 'random-entities';
  if (!chosen(what)) return;
  mkdirSync(folder, { recursive: true });
  const entities = randomEntities(seed, 200).map(entity => JSON.stringify(entity));
  writeFileSync(target, entities.join('\n---\n'));
  const count = check ? 500 : 3_000;
  for (const database of check ? databases.slice(0, 1) : databases) {
    const failure = await startAndCompare(count, database, postgres).catch(error => error.message);
    yield { what, database, asked, count, failure };
  }
}

async function startAndCompare(count, name, server) {
  const ends = [];
  const start = async (engine, scope) => {
    const { database, drop } = createDatabase(name, server);
    ends.unshift(drop);
    const plugin = `${scope}/plugin-catalog-backend`;
    const features = [plugin, `${plugin}-module-scaffolder-entity-model`];
    const backend = await startBackend({ engine, features, config: { catalog }, database });
    ends.unshift(backend.stop);
    return backend.api('catalog');
  };
  try {
    const ours = await start(engines.ours, '@greenroom');
    return await compare(count, [ours, await start(engines.published, '@backstage')]);
  } finally {
    for (const end of ends) await end();
  }
}

/** Describes the differences; undefined if there are none. */
async function compare(count, bases) {
  const both = look => Promise.all(bases.map(look));
  let [before, calm] = ['', 0];
  const [entities] = await eventually(
    'the entities in both catalogs',
    () => both(async base => (await ask(base, { path: '/entities' })).body),
    lists => {
      const [ours, theirs] = lists.map(list => toText(sorted(list)));
      calm = before === ours + theirs ? calm + 1 : 0;
      before = ours + theirs;
      // If they never become the same, the first request shows the difference.
      return lists[0].length > 100 && (ours === theirs || calm > 50);
    },
  );
  const differences = [];
  for (const request of [{ path: '/entities' }, ...randomRequests(seed, count, entities)]) {
    const [ours, theirs] = (await both(base => view(base, request))).map(toText);
    if (ours === theirs) continue;
    const from = Math.max(0, [...ours].findIndex((char, index) => char !== theirs[index]) - 100);
    const [here, there] = [ours, theirs].map(text => text.slice(from, from + 400));
    differences.push(`${toText(request)}\n  ours: ${here}\n  published: ${there}`);
  }
  return differences.length > 0 ? `${differences.length} differ:\n${differences[0]}` : undefined;
}

async function ask(base, { path, body }) {
  const response = await fetch(`${base}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${callerToken}`, ...(body && { 'content-type': 'application/json' }) },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  });
  const text = await response.text();
  return { status: response.status, next: response.headers.has('link'), body: text && JSON.parse(text) };
}

/** The comparable part of a response. For sorted results that is the order, because ties may come in any order. */
async function view(base, request) {
  const { status, next, body } = await ask(base, request);
  if (status >= 400) return { status, error: body.error?.name };
  if (!request.order) return { status, next, body: sorted(body) };
  return { status, next, body: body.pageInfo ? await walk(base, request, body) : valuesOf(body, request) };
}

/** Goes through all pages to the last one and back, and collects which entities were on them. */
async function walk(base, request, first) {
  const [path] = request.path.split('?');
  const pages = [];
  const seen = new Set();
  let way = 'nextCursor';
  for (let page = first; ;) {
    const { items, totalItems, pageInfo } = page;
    pages.push([valuesOf(items, request), totalItems, Object.keys(pageInfo).sort()]);
    for (const item of items) seen.add(toText(item));
    if (!pageInfo.nextCursor) way = 'prevCursor';
    if (!pageInfo[way]) return [...pages, [...seen].sort()];
    const next = { cursor: pageInfo[way], limit: 40 };
    const ahead = request.body ? { path, body: next } : { path: `${path}?${new URLSearchParams(next)}` };
    ({ body: page } = await ask(base, ahead));
  }
}

/** The values of the field that the entities are sorted by. */
function valuesOf(entities, { order }) {
  return entities.map(({ kind, metadata }) => ({ kind, ...metadata })[order.split('.').at(-1)].toLowerCase());
}

/** Entities and facet values have no order of their own. */
function sorted(body) {
  if (Array.isArray(body)) return body.map(toText).sort();
  return body.facets ? Object.entries(body.facets).map(([name, values]) => [name, sorted(values)]) : body;
}

/** Removes what is specific to each catalog, and sorts keys. */
function toText(value) {
  return JSON.stringify(value, (key, part) => {
    if (key === 'uid' || key === 'etag') return undefined;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
