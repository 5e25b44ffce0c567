// The forms in which a secret may appear after templates, URLs and headers have used it.

/** A shorter secret is too common a word to search for in other forms. */
const shortest = 6;

/** All forms of a secret, possibly with duplicates. */
export function secretForms(secret: string): string[] {
  if (secret.length < shortest) return [secret];
  const bytes = Buffer.from(secret);
  // Via bytes, because `encodeURIComponent` throws for half a surrogate pair.
  const text = bytes.toString();
  const lines = secret.split(/\r?\n/).map(line => line.trim());
  return [
    secret,
    // Keys have several lines, which are often logged one by one.
    ...(lines.length > 1 ? lines.filter(line => line.length >= shortest) : []),
    [...secret].reverse().join(''),
    // May change the length: upper-case `ß` is two characters.
    secret.toUpperCase(),
    secret.toLowerCase(),
    ...urlForms(text),
    JSON.stringify(secret).slice(1, -1),
    // Templates escape backslashes as well, and others backticks.
    ...[/[&"'<>]/g, /[&"'<>\\]/g, /[&"'<>`]/g].map(special => escapeHtml(secret, special)),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap(offset => base64Forms(bytes, offset)),
  ];
}

/** Each part of a URL leaves other characters as they are. */
function urlForms(text: string): string[] {
  const url = new URL('https://user@host');
  url.password = text;
  return [
    encodeURIComponent(text),
    encodeURI(text),
    url.password,
    new URLSearchParams({ '': text }).toString().slice(1),
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

function escapeHtml(text: string, special: RegExp): string {
  const entities: { [character: string]: string } = {
    '&': '&amp;',
    '"': '&quot;',
    "'": '&#39;',
    '<': '&lt;',
    '>': '&gt;',
    '`': '&#96;',
    '\\': '&#92;',
  };
  return text.replace(special, character => entities[character]!);
}
