// A catalog in memory serves plugins as the one over HTTP does.
import type { CatalogApi } from '@backstage/catalog-client';
import { InputError } from '@backstage/errors';
import { mockCredentials, startTestBackend } from '@greenroom/backend-test-utils';
import { createPlugin } from '@greenroom/testing';
import { catalogServiceRef, type CatalogService } from '../index';
import { catalogServiceMock } from './index';

const entity = (name: string, kind = 'Component') => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
});
const entities = [entity('lights'), entity('sound'), entity('stage', 'System')];

it('answers with and without credentials', async () => {
  const catalog = catalogServiceMock({ entities });
  const service: CatalogService = catalog;
  const api: CatalogApi = catalog;
  const byKind = { filter: { kind: 'Component' } };
  const { items } = await catalog.getEntities(byKind);
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['lights', 'sound']);
  expect(await service.getEntities(byKind, { credentials: mockCredentials.user() })).toEqual({ items });
  expect(await api.getEntityByRef('system:default/stage', { token: 'any' })).toEqual(entities[2]);
  expect(await catalog.getEntityByRef('system:default/absent')).toBeUndefined();
  expect((await catalogServiceMock().getEntities()).items).toEqual([]);
});

it.each([
  ['of entities', () => ({ entities })],
  ['that the test holds', () => ({ catalog: catalogServiceMock({ entities }) })],
])('is put in a backend: one %s', async (_which, options) => {
  const seen: Array<string | undefined> = [];
  const asks = createPlugin('asks', {
    deps: { catalog: catalogServiceRef },
    async init({ catalog }) {
      const found = await catalog.getEntityByRef('system:stage', {
        credentials: mockCredentials.service(),
      });
      if (!found) throw new InputError('The stage is missing');
      seen.push(found.metadata.name);
    },
  });
  const backend = await startTestBackend({ features: [asks, catalogServiceMock.factory(options())] });
  expect(seen).toEqual(['stage']);
  await backend.stop();
});
