// Tests of the encryption of secrets.
import { TaskCipher, UnknownTaskKeyError } from './TaskCipher';

describe('TaskCipher', () => {
  const cipher = new TaskCipher(['a key for the tests']);

  it('gives back what it encrypted, also in another instance', () => {
    const sealed = cipher.sealText('the secret', 'task 1');
    expect(sealed).not.toContain('the secret');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('the secret');
    expect(new TaskCipher(['a key for the tests']).openText(sealed, 'task 1')).toBe('the secret');
    expect(cipher.isShared).toBe(true);
  });

  it('encrypts alike texts differently', () => {
    expect(cipher.sealText('a', 'x')).not.toBe(cipher.sealText('a', 'x'));
  });

  it('goes on reading what an older key encrypted', () => {
    const sealed = cipher.sealText('old', 'x');
    expect(new TaskCipher(['a new key', 'a key for the tests']).openText(sealed, 'x')).toBe('old');
  });

  it('says what to do about a key that is gone', () => {
    const local = new TaskCipher();
    expect(local.isShared).toBe(false);
    const sealed = local.sealText('a', 'x');
    expect(local.openText(sealed, 'x')).toBe('a');
    const other = new TaskCipher();
    expect(() => other.openText(sealed, 'x')).toThrow(UnknownTaskKeyError);
    expect(() => other.openText(sealed, 'x')).toThrow(/scaffolder\.taskSecrets\.keys/);
  });

  it('opens nothing that was changed, or that was written for another task', () => {
    const sealed = cipher.seal(Buffer.from('a'), 'task 1');
    expect(() => cipher.open(sealed, 'task 2')).toThrow();
    const changed = Buffer.from(sealed);
    changed[changed.length - 1]! ^= 1;
    expect(() => cipher.open(changed, 'task 1')).toThrow();
    expect(() => cipher.open(Buffer.from('short'), 'task 1')).toThrow(UnknownTaskKeyError);
  });
});
