// Tests of createExtensionPoint.
import { createExtensionPoint } from './createExtensionPoint';

describe('createExtensionPoint', () => {
  it('gives a reference', () => {
    const ref = createExtensionPoint<string>({ id: 'greeter.words' });
    expect(ref).toMatchObject({ $$type: '@backstage/ExtensionPoint', id: 'greeter.words' });
    expect(String(ref)).toBe('extensionPoint{greeter.words}');
    expect(ref.T).toBeNull();
  });

  it.each(['', undefined])('refuses the ID %p', id => {
    expect(() => createExtensionPoint({ id: id as string })).toThrow(
      expect.objectContaining({ code: 'GR_INVALID_ID' }),
    );
  });
});
