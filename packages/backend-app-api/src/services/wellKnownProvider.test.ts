// Tests of naming the package that usually provides a service.
import { coreServices } from '@greenroom/backend-plugin-api';
import * as alpha from '@greenroom/backend-plugin-api/alpha';
import { wellKnownProvider } from './wellKnownProvider';

it('names the default services for everything in the core', () => {
  const provider = "createBackend() of '@greenroom/backend-defaults'";
  const alphaRefs = Object.values(alpha).filter(one => typeof one === 'object' && 'id' in one);
  expect(alphaRefs.length).toBeGreaterThan(3);
  for (const { id } of [...Object.values(coreServices), ...alphaRefs]) {
    expect(wellKnownProvider(id)).toEqual({ provider });
  }
});

it('names the package of a service that plugins share, and nobody for others', () => {
  expect(wellKnownProvider('catalog-client')).toEqual({ provider: "'@backstage/plugin-catalog-node'" });
  expect(wellKnownProvider('events.service').provider).toMatch(/'@backstage\/plugin-events-node'$/);
  expect(wellKnownProvider('alpha.core.connections').provider).toMatch(/^connectionsServiceFactory of /);
  expect(wellKnownProvider('corez.database')).toEqual({});
  expect(wellKnownProvider('my.core.database')).toEqual({});
  // A misspelt id, or one that only other releases have, is not among the default services either.
  expect(wellKnownProvider('core.databse')).toEqual({});
  expect(wellKnownProvider('alpha.core.database')).toEqual({});
});

it('names the last release with factories for services that were once in the core', () => {
  expect(wellKnownProvider('core.identity').provider).toBe(
    "identityServiceFactory of '@backstage/backend-app-api' 0.9",
  );
  expect(wellKnownProvider('core.tokenManager').provider).toBe(
    "tokenManagerServiceFactory of '@backstage/backend-app-api' 0.9",
  );
});
