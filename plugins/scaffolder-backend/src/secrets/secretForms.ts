// The ways in which a secret may be written once templates, URLs and headers have had it.

/** A secret of fewer characters is too common a word to be looked for in other forms. */
const shortest = 6;

/** All forms of a secret, some of which may be the same. */
export function secretForms(secret: string): string[] {
  if (secret.length < shortest) return [secret];
  const bytes = Buffer.from(secret);
  const lines = secret.split(/\r?\n/).map(line => line.trim());
  return [
    secret,
    // Keys have several lines, which are often written one by one.
    ...(lines.length > 1 ? lines.filter(line => line.length >= shortest) : []),
    [...secret].reverse().join(''),
    // With another number of characters: of `ß` they are two.
    secret.toUpperCase(),
    secret.toLowerCase(),
    // Of the bytes, as half a character has no form there.
    encodeURIComponent(bytes.toString()),
    JSON.stringify(secret).slice(1, -1),
    escapeHtml(secret),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap(offset => base64Forms(bytes, offset)),
  ];
}

/** What base64 makes of the secret behind `offset` other bytes, without the characters that depend on its neighbours. */
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
