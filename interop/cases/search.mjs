// The published search plugin with the catalog collator: finds what is in the catalog.
import assert from 'node:assert/strict';
import { eventually } from '../lib/ask.mjs';
import { callerToken } from '../lib/launch.mjs';
import { catalog } from './catalog.mjs';

export const search = {
  id: 'search',
  features: [
    ...catalog.features,
    '@backstage/plugin-search-backend',
    '@backstage/plugin-search-backend-module-catalog',
  ],
  asked: 'a word of an entity finds it, once the collator, a scheduled task, has read the catalog',
  config: () => ({
    ...catalog.config(),
    search: {
      collators: {
        catalog: {
          schedule: { frequency: { seconds: 3 }, timeout: { seconds: 30 }, initialDelay: { seconds: 3 } },
        },
      },
    },
  }),
  async ask(backend) {
    const { results } = await eventually(
      'the entity in the index',
      () => searchFor('lighthouse', backend),
      found => found.results?.length > 0,
    );
    assert.equal(results[0].type, 'software-catalog');
    assert.equal(results[0].document.title, 'lighthouse');
    assert.equal(results[0].document.text, 'Turns its lamp for passing ships');
  },
};

// Before the collator has run for the first time, there is no index and the response is an error.
async function searchFor(term, backend) {
  const response = await fetch(`${backend.api('search')}/query?term=${term}`, {
    headers: { authorization: `Bearer ${callerToken}` },
  });
  return response.json();
}
