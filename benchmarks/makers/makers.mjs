// The makers that are compared: their names in tables, and how a fresh process loads them.
import { createRequire } from 'node:module';

// From here, package names resolve first to the peers' node_modules and then to the workspace's built packages.
const require = createRequire(import.meta.url);

/** `load()` returns what a scenario's `run` gets. `engine` is the package whose import is timed. */
export const makers = {
  greenroom: {
    label: 'greenroom',
    engine: '@greenroom/backend-app-api',
    load: () => ({
      api: require('@greenroom/backend-plugin-api'),
      app: require('@greenroom/backend-app-api'),
    }),
  },
  published: {
    label: 'published',
    engine: '@backstage/backend-app-api',
    load: () => ({
      api: require('@backstage/backend-plugin-api'),
      app: require('@backstage/backend-app-api'),
    }),
  },
  bareLoop: {
    label: 'bare loop',
    load: async () => ({
      api: require('@greenroom/backend-plugin-api'),
      app: (await import('./bareLoop.mjs')).bareLoop,
    }),
  },
  nothing: { label: 'bare node', load: () => ({}) },
  emptyPackage: { label: 'empty package', engine: '@empty/engine', load: () => ({}) },
  express: { label: 'bare express 5', load: () => ({ peer: 'express' }) },
  fastify: { label: 'bare fastify', load: () => ({ peer: 'fastify' }) },
  node: { label: 'bare node:http', load: () => ({ peer: 'node' }) },
  avvio: {
    label: 'avvio',
    load: async () => ({ startPeer: (await import('./avvioPeer.mjs')).startAvvio }),
  },
  awilix: {
    label: 'awilix',
    load: async () => ({ startPeer: (await import('./awilixPeer.mjs')).startAwilix }),
  },
  nest: {
    label: 'nest',
    load: async () => ({ startPeer: (await import('./nestPeer.mjs')).startNest }),
  },
};
