// Tests that every secret is masked, nothing else is, and the time grows with the text alone.
import fc from 'fast-check';
import { SecretMatcher } from './SecretMatcher';

const mask = (secrets: string[], text: string) => new SecretMatcher(secrets).mask(text);

/** What `mask` must do, without any regard to time: cover every occurrence, then replace each covered stretch. */
function maskSlowly(secrets: string[], text: string): string {
  const covered = Array.from({ length: text.length }, () => false);
  for (const secret of secrets) {
    for (let start = text.indexOf(secret); start >= 0; start = text.indexOf(secret, start + 1)) {
      covered.fill(true, start, start + secret.length);
    }
  }
  let result = '';
  for (let index = 0; index < text.length; index++) {
    if (!covered[index]) result += text[index];
    else if (!covered[index - 1]) result += '***';
  }
  return result;
}

describe('SecretMatcher', () => {
  it.each([
    [['secret'], 'a secret here', 'a *** here'],
    [['secret'], 'no match', 'no match'],
    [['secret'], 'secret', '***'],
    [['secret'], 'secretsecret', '***'],
    [['abcd', 'cdef'], 'xabcdefx', 'x***x'],
    [['abcdef', 'cd'], 'abcde cd', 'ab***e ***'],
    [['he', 'she', 'hers', 'his'], 'ushers', 'u***'],
    [['pässwörd', '秘密秘密'], 'mit pässwörd und 秘密秘密!', 'mit *** und ***!'],
    [['x'], 'xyx', '***y***'],
    [['aaaa'], 'aaa', 'aaa'],
    [['line\nbreak'], 'a line\nbreak b', 'a *** b'],
  ])('masks %j in %j', (secrets, text, expected) => {
    expect(mask(secrets, text)).toBe(expected);
  });

  it('does what the slow way does', () => {
    const letters = fc.constantFrom('a', 'b', 'c', '\u0100', '\u6100');
    const word = fc.string({ unit: letters, minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: letters, maxLength: 40 }),
        (secrets, text) => expect(mask(secrets, text)).toBe(maskSlowly(secrets, text)),
      ),
      { numRuns: 3000 },
    );
  });

  it('lets no secret survive, wherever it stands in any text', () => {
    // Without '*', because the mask itself may be part of what looks like a secret then.
    const text = fc.string({ unit: 'binary' }).map(value => value.replaceAll('*', ''));
    const secret = text.filter(value => value.length >= 2);
    fc.assert(
      fc.property(
        fc.uniqueArray(secret, { minLength: 1, maxLength: 8 }),
        fc.array(text),
        (secrets, parts) => {
          const masked = mask(
            secrets,
            parts.map((part, index) => part + secrets[index % secrets.length]).join(''),
          );
          for (const item of secrets) expect(masked).not.toContain(item);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('reads a text once, even where every position looks like the beginning of a long secret', () => {
    const matcher = new SecretMatcher([`${'a'.repeat(20_000)}b`, `${'a'.repeat(19_999)}c`]);
    let reads = 0;
    const text = 'a'.repeat(100_000);
    // A stand-in for the text that counts, since time on a busy machine proves nothing.
    const counting = {
      length: text.length,
      charCodeAt: (index: number) => (reads++, text.charCodeAt(index)),
      slice: (from?: number, to?: number) => text.slice(from, to),
    };
    expect(matcher.mask(counting as unknown as string)).toBe(counting);
    expect(reads).toBeLessThan(2 * text.length);
  });
});
