// Tests of createServiceFactory.
import type { InternalServiceFactory } from '../internal/features';
import { coreServices } from './coreServices';
import { createServiceFactory } from './createServiceFactory';
import { createServiceRef } from './createServiceRef';

const ref = createServiceRef<{ word: string }>({ id: 'example.word' });
const rootRef = createServiceRef<{ word: string }>({ id: 'example.rootWord', scope: 'root' });

describe('createServiceFactory', () => {
  it('returns a feature of the documented shape, which returns itself when called', () => {
    const options = {
      initialization: 'always' as const,
      service: ref,
      deps: { logger: coreServices.logger },
      createRootContext: () => 'context',
      factory: (_deps: object, context: string) => ({ word: context }),
    };
    const feature = createServiceFactory(options);
    expect(feature()).toBe(feature);
    expect({ ...feature }).toMatchObject({
      $$type: '@backstage/BackendFeature',
      version: 'v1',
      featureType: 'service',
    });
    expect({ ...feature }).toMatchObject(options);
    expect(feature.service).toBe(ref);
  });

  it('does not wrap a plain value in a promise', () => {
    const feature = createServiceFactory({ service: ref, deps: {}, factory: () => ({ word: 'hello' }) });
    expect((feature as unknown as InternalServiceFactory).factory({})).toEqual({ word: 'hello' });
  });

  it('has no dependencies by default, and leaves out what is not given', () => {
    const options = { service: ref, factory: () => ({ word: 'hello' }) };
    const feature = createServiceFactory(options as typeof options & { deps: {} });
    expect((feature as unknown as InternalServiceFactory).deps).toEqual({});
    expect(feature).not.toHaveProperty('initialization');
    expect(feature).not.toHaveProperty('createRootContext');
  });

  it('refuses a root context for a root service', () => {
    const options = { service: rootRef, deps: {}, createRootContext: () => 1, factory: () => ({ word: '' }) };
    expect(() => createServiceFactory(options)).toThrow(
      expect.objectContaining({
        code: 'GR_ROOT_FACTORY_CONTEXT',
        message: expect.stringContaining("The factory of service 'example.rootWord' has a createRootContext"),
      }),
    );
  });

  it('names the dependency or service that is undefined', () => {
    const missing = undefined as unknown as typeof ref;
    expect(() =>
      createServiceFactory({ service: ref, deps: { missing }, factory: () => ({ word: '' }) }),
    ).toThrow("The factory of service 'example.word' depends on 'missing', which is undefined");
    expect(() => createServiceFactory({ service: missing, deps: {}, factory: () => ({ word: '' }) })).toThrow(
      expect.objectContaining({ code: 'GR_INVALID_REFERENCE' }),
    );
  });
});
