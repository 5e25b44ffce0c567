// Values of any kind, thrown anywhere: the start ends and reports them, and its result survives JSON.
import { runInNewContext } from 'node:vm';
import { coreServices, createBackendPlugin, createServiceRef } from '@greenroom/backend-plugin-api';
import {
  backendFixture,
  failuresOf,
  plugin,
  pluginModule,
  provide,
  startedOrFailed,
} from '../scenarios/backendFixture';

const serviceRef = createServiceRef<object>({ id: 'test.service' });
const rootRef = createServiceRef<object>({ id: 'test.root', scope: 'root' });

const fail = () => {
  throw new Error('do not look');
};
const hiding = (field: string) => Object.defineProperty(new Error('visible'), field, { get: fail });
const circle: unknown[] = [];
circle.push(circle);
const inCircle = new AggregateError([]);
inCircle.errors.push(inCircle);
let deep = new Error('first');
for (let nr = 0; nr < 20_000; nr++) deep = new Error('next', { cause: deep });

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const odd: Array<[what: string, thrown: unknown]> = [
  ['undefined', undefined],
  ['null', null],
  ['a symbol', Symbol('s')],
  ['a big number', 10n],
  ['a function', () => {}],
  ['an object', { reason: 'none' }],
  ['an object without a prototype', Object.create(null)],
  ['a proxy', new Proxy({}, { get: fail, ownKeys: fail })],
  ['a proxy that was revoked', revokedProxy()],
  ['an error of another realm', runInNewContext(`new Error('elsewhere')`)],
  ['an error that hides its message', hiding('message')],
  ['an error that hides its name', hiding('name')],
  ['an error that hides its stack', hiding('stack')],
  ['an error that hides its cause', hiding('cause')],
  ['an error that hides its code', hiding('code')],
  ['an error without name and message', Object.assign(new Error(), { name: undefined, message: undefined })],
  ['an error with a message that is no text', Object.assign(new Error(), { message: { a: 1 } })],
  ['an error with a cause that is a symbol', new Error('visible', { cause: Symbol('s') })],
  ['an error with a cause that is a big number', new Error('visible', { cause: 10n })],
  ['an error with a cause without a prototype', new Error('visible', { cause: Object.create(null) })],
  ['an error with a path in a circle', Object.assign(new Error('visible'), { path: [10n, circle] })],
  ['an error with thousands of causes', deep],
  ['errors in a circle', inCircle],
];

const places: Array<[where: string, code: string, features: (thrown: unknown) => object[]]> = [
  ['an init', 'GR_INIT_FAILED', thrown => [plugin('p', { init: throwing(thrown) })]],
  ['an init, later', 'GR_INIT_FAILED', thrown => [plugin('p', { init: () => Promise.reject(thrown) })]],
  ['a module', 'GR_INIT_FAILED', thrown => [plugin('p'), pluginModule('p', 'm', { init: throwing(thrown) })]],
  [
    'a factory',
    'GR_SERVICE_FAILED',
    thrown => [provide(serviceRef, throwing(thrown)), plugin('p', { deps: { serviceRef } })],
  ],
  ['a root service', 'GR_SERVICE_FAILED', thrown => [provide(rootRef, () => Promise.reject(thrown))]],
  [
    'register',
    'GR_REGISTER_FAILED',
    thrown => [createBackendPlugin({ pluginId: 'p', register: throwing(thrown) })],
  ],
  ['an import', 'GR_FEATURE_IMPORT_FAILED', thrown => [Promise.reject(thrown)]],
  [
    'a startup hook',
    'GR_STARTUP_HOOK_FAILED',
    thrown => [
      plugin('p', {
        deps: { lifecycle: coreServices.lifecycle },
        init: ({ lifecycle }) => lifecycle.addStartupHook(throwing(thrown)),
      }),
    ],
  ],
];

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

describe.each(places)('what is thrown in %s is reported', (_, code, features) => {
  it.each(odd)('%s', async (_what, thrown) => {
    const result = await startedOrFailed(backendFixture({ features: features(thrown) as never[] }));
    expect(failuresOf(result)).toContainEqual([code, expect.not.stringContaining('[object')]);
    const read = JSON.parse(JSON.stringify(result)) as typeof result;
    expect(read.outcome).toBe('failure');
    expect(JSON.stringify(read)).not.toContain('[object');
  });
});

it.each(odd)('%s that a shutdown hook throws is in the result of the stop', async (_, thrown) => {
  const failing = plugin('p', {
    deps: { lifecycle: coreServices.lifecycle },
    init: ({ lifecycle }) => lifecycle.addShutdownHook(throwing(thrown)),
  });
  const backend = backendFixture({ features: [failing] });
  await backend.start();
  const { hooks } = JSON.parse(JSON.stringify(await backend.stop()));
  expect(hooks).toEqual([
    expect.objectContaining({
      outcome: 'failed',
      error: expect.objectContaining({ code: 'GR_SHUTDOWN_HOOK_FAILED' }),
    }),
  ]);
});
