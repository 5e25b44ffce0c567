// Multiton services: all factories are used, and consumers receive a list.
import {
  createBackendFeatureLoader,
  createServiceFactory,
  createServiceRef,
  createSharedEnvironment,
} from '@greenroom/backend-plugin-api';
import {
  backendFixture,
  deferred,
  entryOf,
  failuresOf,
  plugin,
  provide,
  resultOf,
  rejectionsTold,
} from './backendFixture';

const partsRef = createServiceRef<string>({ id: 'test.parts', scope: 'root', multiton: true });
const part = (name: string) => provide(partsRef, () => name);

/** What a plugin receives for `test.parts`. */
async function partsOf(options: Parameters<typeof backendFixture>[0]): Promise<string[]> {
  let got: string[] | undefined;
  const consumer = plugin('consumer', { deps: { parts: partsRef }, init: ({ parts }) => void (got = parts) });
  await backendFixture({ ...options, features: [consumer, ...(options?.features ?? [])] }).start();
  return got!;
}

describe('a multiton service gets all of its factories', () => {
  it('defaults first, then those given with the backend, then in the order added', async () => {
    const options = {
      features: [part('added 1'), part('added 2')],
      services: [part('services')],
      env: createSharedEnvironment({ services: [part('environment')] }),
      defaultServiceFactories: [part('default 1'), part('default 2')],
    };
    await expect(partsOf(options)).resolves.toEqual([
      'default 1',
      'default 2',
      'environment',
      'services',
      'added 1',
      'added 2',
    ]);
  });

  it('those of a loader take the place of the loader', async () => {
    const loader = createBackendFeatureLoader({ loader: () => [part('loaded 1'), part('loaded 2')] });
    await expect(partsOf({ features: [part('before'), loader, part('after')] })).resolves.toEqual([
      'before',
      'loaded 1',
      'loaded 2',
      'after',
    ]);
  });

  it('an empty list if nothing provides it', async () => {
    await expect(partsOf({})).resolves.toEqual([]);
  });

  it('the order is that of the factories, whichever is ready first', async () => {
    const slow = deferred<string>();
    const quick = provide(partsRef, () => {
      slow.resolve('slow');
      return 'quick';
    });
    await expect(partsOf({ features: [provide(partsRef, () => slow.promise), quick] })).resolves.toEqual([
      'slow',
      'quick',
    ]);
  });
});

describe('a multiton service is wired like any other', () => {
  it('a plugin scoped one has one list a plugin', async () => {
    const namesRef = createServiceRef<{ nr: number }>({ id: 'test.names', multiton: true });
    let made = 0;
    const count = () => provide(namesRef, () => ({ nr: (made += 1) }));
    const got: number[][] = [];
    const consumer = (id: string) =>
      plugin(id, {
        deps: { names: namesRef },
        init: ({ names }) => void got.push(names.map(({ nr }) => nr)),
      });
    await backendFixture({ features: [count(), count(), consumer('a'), consumer('b')] }).start();
    expect(got).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('other services can depend on it', async () => {
    const sentenceRef = createServiceRef<string>({ id: 'test.sentence', scope: 'root' });
    const sentence = createServiceFactory({
      service: sentenceRef,
      deps: { parts: partsRef },
      factory: ({ parts }) => parts.join(' and '),
    });
    let got: string | undefined;
    const consumer = plugin('p', {
      deps: { sentence: sentenceRef },
      init: deps => void (got = deps.sentence),
    });
    await backendFixture({ features: [part('one'), sentence, part('two'), consumer] }).start();
    expect(got).toBe('one and two');
  });

  it('if one of its factories fails, its consumer fails with the path to it', async () => {
    const broken = createServiceRef<string>({ id: 'test.broken', multiton: true });
    const factory = provide(broken, () => {
      throw new Error('out of order');
    });
    const result = await resultOf([factory, plugin('p', { deps: { parts: broken } })]);
    expect(failuresOf(result)).toEqual([
      [
        'GR_SERVICE_FAILED',
        expect.stringContaining(
          "could not get service 'test.broken': out of order (plugin 'p' -> service 'test.broken')",
        ),
      ],
    ]);
    expect(entryOf(result, 'p').status).toBe('failed');
  });

  it('a factory that fails at once does not leave the failure of a slower one without a listener', async () => {
    const pairRef = createServiceRef<string>({ id: 'test.pair', multiton: true });
    const slower = provide(pairRef, async () => {
      throw new Error('slower');
    });
    const atOnce = provide(pairRef, () => {
      throw new Error('at once');
    });
    const result = await resultOf([slower, atOnce, plugin('p', { deps: { pair: pairRef } })]);
    expect(failuresOf(result)[0]![1]).toContain('at once');
    await rejectionsTold();
  });
});
