// Tests of masking secrets: no form in which one may turn up is left in a text.
import { TemplateRenderer } from '../templates/TemplateRenderer';
import { TemplatingExtensions } from '../templates/TemplatingExtensions';
import { SecretMask } from './SecretMask';

const secret = 'gho_Top"S3cret&<Word>+/=xyz';
const mask = new SecretMask([secret]);

it.each([
  ['as it is', secret],
  ['in capitals', secret.toUpperCase()],
  ['reversed', [...secret].reverse().join('')],
  ['encoded for URLs', encodeURIComponent(secret)],
  ['as JSON', JSON.stringify({ secret })],
  ['as JSON in JSON', JSON.stringify(JSON.stringify({ a: 'gho_TopS3cretWord' })), 'gho_TopS3cretWord'],
  ['as base64', Buffer.from(secret).toString('base64')],
  ['as base64 behind one byte', Buffer.from(`u${secret}`).toString('base64')],
  ['as the password of basic authentication', Buffer.from(`git:${secret}`).toString('base64')],
  ['as base64 for URLs', Buffer.from(`ab${secret}`).toString('base64url')],
  ['in hexadecimal', Buffer.from(secret).toString('hex')],
  ['spread out', [...secret].join(' ')],
  ['as a list of characters', JSON.stringify([...'gho_TopS3cretWord']), 'gho_TopS3cretWord'],
  ['cut off', secret.slice(0, 12)],
])('masks a secret %s', (_form, text, known = secret) => {
  const masked = new SecretMask([known]).maskText(`before ${text} after`);
  expect(masked).toMatch(/^before [^a-zA-Z0-9]*(\{\\*"(secret|a)\\*":\\*")?.{0,6}\*\*\*.{0,6} after$/s);
  expect(masked.length).toBeLessThan(40);
});

it.each([
  'p\u{1F511}ssword',
  'password\u{1F511}and-more',
  'passwor\u{1F511}and-more',
  'İstanbul-2024',
  'abcdefgh-İstanbul',
  'abcdefgh-straße',
  'ﬁne-ﬂowers',
  'Ω\u2126K\u212A-cold',
  'half-\uD83D-of-one',
  'ſecret-ı-known',
])('masks all of %j, in any case', known => {
  const own = new SecretMask([known]);
  const forms = [known, known.toUpperCase(), known.toLowerCase(), [...known].join(' ')];
  expect(forms.map(form => own.maskText(form))).toEqual(forms.map(() => '***'));
});

it('masks what has become a title', () => {
  expect(new SecretMask(['geheimes-übermaß']).maskText('Geheimes-Übermaß')).toBe('***');
});

it.each([
  'correct horse battery',
  'pa$$wörd/1x+2',
  `a'b"c\\d<e>f&g\`h%`,
  'p(1)!*~secret',
  'half-\uD83D-of/one more',
])('masks all of %j, in every part of a URL, in JSON and in HTML', async known => {
  const url = new URL('https://user@host');
  url.password = known;
  url.searchParams.set('q', known);
  const own = new SecretMask([known]);
  expect(own.maskText(url.href)).toBe('https://user:***@host/?q=***');
  const wellFormed = Buffer.from(known).toString();
  expect(own.maskText(`/${encodeURI(wellFormed)}?${encodeURIComponent(wellFormed)}`)).toBe('/***?***');
  const renderer = new TemplateRenderer(new TemplatingExtensions().addBuiltins());
  const texts = await renderer.renderTexts(
    ['escape', 'dump', 'urlencode'].map(name => ({ name, text: `\${{ values.known | ${name} }}` })),
    { values: { known: wellFormed } },
  );
  renderer.close();
  expect(texts.map(text => new SecretMask([wellFormed]).maskText(text))).toEqual(['***', '"***"', '***']);
});

it('masks all secrets that begin alike, to their ends', () => {
  const two = new SecretMask(['eyJhbGciOi-first', 'eyJhbGciOi-second-and-longer']);
  expect(two.maskText('[eyJhbGciOi-second-and-longer] [eyJhbGciOi-first]')).toBe('[***] [***]');
});

it('masks secrets with separators in them, in no more time than others', () => {
  const spaced = new SecretMask(['open, "sesame" now', '       x', `"'"'"'[[,,y`]);
  expect(spaced.maskText(`a open, "sesame" now b        x c "'"'"'[[,,y`)).toBe('a *** b *** c ***');
  expect(spaced.maskText('(o p e n sesame now) (open,"sesa) (opensesame)')).toMatch(
    /^\(\*\*\*\) \(\*\*\*\) \(\*\*\*\)$/,
  );
  const text = ` "',[]`.repeat(20_000);
  expect(spaced.maskText(text)).toBe(text);
});

it('masks each line of a key, and short secrets as they are', () => {
  const key = '-----BEGIN KEY-----\nAAAABBBBCCCC\nDDDDEEEEFFFF\n-----END KEY-----';
  const masked = new SecretMask([key, '4711']).maskText('DDDDEEEEFFFF, pin=4711, 47 11');
  expect(masked).toBe('***, pin=***, 47 11');
});

it('masks the shortest secrets that are masked to their ends, in all forms and places', () => {
  expect(new SecretMask(['abc', 'abcdef', 'xy']).maskText('abcdef abc xy')).toBe('*** *** xy');
  expect(new SecretMask(['--BEGIN--\n  AAAABB\n--END--']).maskText('(AAAABB)')).toBe('(***)');
  const short = new SecretMask(['S3cr3t']);
  for (const before of ['', 'x', 'xx']) {
    expect(short.maskText(Buffer.from(`${before}S3cr3tyz`).toString('base64'))).toContain('***');
  }
});

it.each(['a&amp;b\\c`d&lt;-word', 'a&amp;b&#92;c`d&lt;-word', 'a&amp;b\\c&#96;d&lt;-word'])(
  'masks a secret that became %s in HTML',
  text => {
    expect(new SecretMask(['a&b\\c`d<-word']).maskText(text)).toBe('***');
  },
);

it('leaves texts without secrets as they are, and knows no secrets that are words of every line', () => {
  const text = 'Fetching https://example.com/a, 12 files';
  expect(mask.maskText(text)).toBe(text);
  expect(new SecretMask(['', 'fi', undefined]).maskText(text)).toBe(text);
  expect(new SecretMask().maskText(text)).toBe(text);
});

it('masks in values and names of fields', () => {
  expect(mask.maskValue({ [secret]: [secret, 1, null, { deep: `x${secret}` }] })).toEqual({
    '***': ['***', 1, null, { deep: 'x***' }],
  });
});

const filters = [
  'abs', 'capitalize', 'center(80)', 'default("x")', 'dump', 'e', 'escape', 'first', 'forceescape', 'indent(2)', 'join(",")',
  'last', 'length', 'list', 'list | join(" ")', 'list | dump', 'list | reverse | join("")', 'lower', 'nl2br', 'replace("_", "_")',
  'reverse', 'safe', 'sort', 'string', 'striptags', 'title', 'trim', 'truncate(20)', 'truncate(12, true)', 'upper',
  'urlencode', 'urlize', 'wordcount', 'batch(100) | dump', 'pick("length")',
]; // prettier-ignore

it('masks a secret that a template echoes through each filter', async () => {
  const renderer = new TemplateRenderer(new TemplatingExtensions().addBuiltins());
  const word = 'gho_TopS3cretWordOfAll';
  const wordMask = new SecretMask([word]);
  const context = { parameters: {}, steps: {}, secrets: { word } };
  let echoed = 0;
  for (const filter of filters) {
    // A filter that the language does not have, or that does not take texts, echoes nothing; its error must not either.
    const text = await renderer.render(`- \${{ secrets.word | ${filter} }} -`, context).then(String, String);
    const masked = wordMask.maskText(text);
    expect({ filter, leaks: masked.match(/gho_|s3c|cret|terc|wordof/gi) }).toEqual({ filter, leaks: null });
    if (masked.includes('***')) echoed++;
  }
  renderer.close();
  expect(echoed).toBeGreaterThan(20);
});
