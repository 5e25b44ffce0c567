// Tests of createSharedEnvironment.
import type { InternalSharedBackendEnvironment } from '../internal/sharedEnvironment';
import { createServiceFactory } from '../services/createServiceFactory';
import { createServiceRef } from '../services/createServiceRef';
import { createSharedEnvironment } from './createSharedEnvironment';

const ref = createServiceRef<string>({ id: 'example.word' });
const manyRef = createServiceRef<string>({ id: 'example.words', multiton: true });
const make = (service: typeof ref | typeof manyRef) =>
  createServiceFactory({ service: service as typeof ref, deps: {}, factory: () => 'hello' });

describe('createSharedEnvironment', () => {
  it('holds factories, be they given as they are or by a function', () => {
    const [one, two] = [make(ref), make(manyRef)];
    const env = createSharedEnvironment({ services: [one, () => two] }) as InternalSharedBackendEnvironment;
    expect(env).toMatchObject({ $$type: '@backstage/SharedBackendEnvironment', version: 'v1' });
    expect(env.services).toHaveLength(2);
    expect(env.services[0]).toBe(one);
    expect(env.services[1]).toBe(two);
  });

  it('may be empty', () => {
    expect((createSharedEnvironment({}) as InternalSharedBackendEnvironment).services).toEqual([]);
  });

  it('refuses two factories for a singleton service, but not for a multiton one', () => {
    expect(() => createSharedEnvironment({ services: [make(ref), make(ref)] })).toThrow(
      expect.objectContaining({
        code: 'GR_SHARED_SERVICE_TWICE',
        message: expect.stringContaining("'example.word'"),
      }),
    );
    expect(() => createSharedEnvironment({ services: [make(manyRef), make(manyRef)] })).not.toThrow();
  });

  it.each([[undefined], [() => undefined], [{ $$type: '@backstage/BackendFeature' }]])(
    'refuses %p',
    entry => {
      expect(() => createSharedEnvironment({ services: [make(ref), entry as never] })).toThrow(
        expect.objectContaining({
          code: 'GR_SHARED_SERVICE_INVALID',
          message: expect.stringContaining('Entry 1'),
        }),
      );
    },
  );
});
