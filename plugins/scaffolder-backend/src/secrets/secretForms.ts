// The forms in which a secret may appear after templates, URLs and headers have used it.

/** A shorter secret is too common a word to search for in other forms. */
const shortest = 6;

/** All forms of a secret, possibly with duplicates. */
export function secretForms(secret: string): string[] {
  if (secret.length < shortest) return [secret];
  const bytes = Buffer.from(secret);
  const lines = secret.split(/\r?\n/).map(line => line.trim());
  return [
    secret,
    // Keys have several lines, which are often logged one by one.
    ...(lines.length > 1 ? lines.filter(line => line.length >= shortest) : []),
    [...secret].reverse().join(''),
    // May change the length: upper-case `ß` is two characters.
    secret.toUpperCase(),
    secret.toLowerCase(),
    // Via bytes, because `encodeURIComponent` throws for half a surrogate pair.
    encodeURIComponent(bytes.toString()),
    JSON.stringify(secret).slice(1, -1),
    escapeHtml(secret),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap(offset => base64Forms(bytes, offset)),
  ];
}

/** The base64 of the secret after `offset` other bytes, without the characters that depend on its neighbours. */
function base64Forms(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const own = encoded.slice(Math.ceil((offset * 8) / 6));
  const core = ((offset + bytes.length) * 8) % 6 === 0 ? own : own.slice(0, -1);
  return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
}

function escapeHtml(text: string): string {
  const entities: { [character: string]: string } = {
    '&': '&amp;',
    '"': '&quot;',
    "'": '&#39;',
    '<': '&lt;',
    '>': '&gt;',
    '`': '&#96;',
  };
  return text.replace(/[&"'<>`]/g, character => entities[character]!);
}
