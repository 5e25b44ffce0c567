// Tests of createServiceRef.
import type { InternalServiceRef } from '../internal/features';
import { createServiceFactory } from './createServiceFactory';
import { createServiceRef } from './createServiceRef';

describe('createServiceRef', () => {
  it('gives a reference of plugin scope to a singleton by default', () => {
    const ref = createServiceRef<string>({ id: 'example.word' });
    expect(ref).toMatchObject({
      $$type: '@backstage/ServiceRef',
      id: 'example.word',
      scope: 'plugin',
      multiton: false,
    });
    expect(ref).not.toHaveProperty('__defaultFactory');
    expect(ref.T).toBeNull();
    expect(String(ref)).toBe('serviceRef{example.word}');
  });

  it('takes scope, multiton and a default factory that receives the reference', async () => {
    const ref = createServiceRef<string>({
      id: 'example.word',
      scope: 'root',
      async defaultFactory(service) {
        return createServiceFactory({ service, deps: {}, factory: () => 'hello' });
      },
    });
    expect(ref.scope).toBe('root');
    const factory = await (ref as InternalServiceRef<string>).__defaultFactory?.(ref);
    expect(factory?.service).toBe(ref);
    expect(createServiceRef<string>({ id: 'example.words', multiton: true }).multiton).toBe(true);
  });

  it('refuses an empty ID', () => {
    expect(() => createServiceRef({ id: '' })).toThrow(expect.objectContaining({ code: 'GR_INVALID_ID' }));
  });
});
