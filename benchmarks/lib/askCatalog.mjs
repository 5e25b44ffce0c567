// Queries a catalog over HTTP, and waits until it serves what it should.
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { relationTypes } from '../fixtures/generatedCatalog.mjs';
import { accessToken } from './startServer.mjs';

const POLL_MS = 100;

/** Sent with every request. */
export const headers = { authorization: `Bearer ${accessToken}` };

/** Returns the parsed response for `path` relative to the API. Throws with the response if the status is an error. */
export async function ask(server, path, { body, method = body ? 'POST' : 'GET' } = {}) {
  const all = { ...headers, ...(body && { 'content-type': 'application/json' }) };
  // A new connection for each request: a busy server might close a kept one as idle.
  const sent = request(`${server.url}/api/${path}`, { method, headers: all, agent: false });
  sent.end(body && JSON.stringify(body));
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const { statusCode } = response;
  if (statusCode >= 300) throw new Error(`${path} answered ${statusCode}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** Resolves to true once all entities and relations are counted, or to false after `deadline`, in terms of performance.now(). */
export async function untilCounted(server, relations, deadline) {
  const kinds = countBy([...relations.keys()], ref => ref.split(':')[0]);
  const types = countBy(
    [...relations.values()].flatMap(own => [...own]),
    text => text.split(' ')[0],
  );
  // Counting relations costs the catalog time, so that is only done once all entities are there.
  const counted =
    (await untilFacets(server, ['kind'], ([found]) => hasCounts(found, kinds), deadline)) &&
    (await untilFacets(
      server,
      relationTypes.map(type => `relations.${type}`),
      found => relationTypes.every((type, at) => sum(found[at]) === (types.get(type) ?? 0)),
      deadline,
    ));
  return counted;
}

/** Throws unless every entity is served with exactly its relations. */
export async function checkServed(server, relations) {
  const entities = await ask(
    server,
    'catalog/entities?fields=kind,metadata.name,metadata.namespace,relations',
  );
  const served = new Map(
    entities.map(({ kind, metadata, relations: own = [] }) => [
      `${kind.toLowerCase()}:${metadata.namespace ?? 'default'}/${metadata.name}`,
      own.map(({ type, targetRef }) => `${type} ${targetRef}`),
    ]),
  );
  for (const [ref, expected] of relations) {
    const own = served.get(ref);
    const wrong = !own || own.length !== expected.size || own.some(relation => !expected.has(relation));
    if (wrong) throw new Error(`${ref} should have ${[...expected]}, and is served with ${own}`);
  }
}

async function untilFacets(server, facets, good, deadline) {
  const path = `catalog/entity-facets?${facets.map(facet => `facet=${facet}`).join('&')}`;
  for (;;) {
    const { facets: found } = await ask(server, path);
    if (good(facets.map(facet => found[facet]))) return true;
    if (performance.now() > deadline) return false;
    await pause(POLL_MS);
  }
}

function hasCounts(found, expected) {
  const counts = new Map(found.map(({ value, count }) => [value.toLowerCase(), count]));
  return [...expected].every(([value, count]) => counts.get(value) === count);
}

function sum(found) {
  return found.reduce((total, { count }) => total + count, 0);
}

function countBy(items, keyOf) {
  const counts = new Map();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
