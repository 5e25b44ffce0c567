// Tests all readers together, from configuration, against servers that speak the paths of git hosts.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import type { UrlReaderService } from '@greenroom/backend-plugin-api';
import { dirname } from 'node:path';
import { makeTar, makeZip } from '../../testing/archives';
import { folderForEach } from '../../testing/folderForEach';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { WebServer, type Answer } from '../../testing/WebServer';
import { defaultUrlReaderLimits } from './config';
import { FetchUrlReader } from './FetchUrlReader';
import { BitbucketCloudUrlReader } from './gitHostUrlReaders';
import { prepareGlob } from './globSearch';
import { bitbucketCloudHost } from './hosts/bitbucketCloudHost';
import { createReadTreeResponseFactory } from './ReadTreeResponseFactory';
import { UrlAllowList } from './UrlAllowList';
import { UrlReaders } from './UrlReaders';

let server: WebServer;
beforeEach(async () => {
  server = await WebServer.start();
});
afterEach(() => server.stop());

const readersOf = (config: JsonObject, logger = new MemoryLogger()) =>
  UrlReaders.default({ config: new ConfigReader(config), logger });
const asked = () => server.requests.map(({ url }) => url);

async function search(reader: UrlReaderService, url: string) {
  const { files, etag } = await reader.search(url);
  const found = files.map(async file => [file.url, String(await file.content())] as const);
  return { etag, files: Object.fromEntries(await Promise.all(found)) };
}

const tree = (root: string) =>
  makeTar(
    [
      { name: 'README.md', content: 'read me' },
      { name: 'docs/a.yaml', content: 'a' },
      { name: 'docs/deep/b.yaml', content: 'b' },
      { name: 'docs/deep/c.txt', content: 'c' },
    ].map(file => ({ ...file, name: root + file.name })),
  );

interface HostCase {
  type: string;
  /** What is configured beside the host, given the address of the server. */
  entry: (url: string) => JsonObject;
  authorization: string;
  /** The path of the file `docs/a.yaml` on branch `main` for people. */
  file: string;
  rawPath: string;
  /** The JSON that leads to commit `abc` for the directory `docs`. */
  commits: Record<string, unknown>;
  archivePath: string;
  root: string;
  /** The URL for people of the directory, and what is added for a glob or a file. */
  page: (path: string) => string;
}

const hosts: HostCase[] = [
  {
    type: 'github',
    entry: url => ({ apiBaseUrl: `${url}/api/v3`, baseUrl: url, token: 't' }),
    authorization: 'Bearer t',
    file: '/o/r/blob/main/docs/a.yaml',
    rawPath: '/api/v3/repos/o/r/contents/docs/a.yaml?ref=main',
    commits: { '/api/v3/repos/o/r/commits/main': { sha: 'abc' } },
    archivePath: '/api/v3/repos/o/r/tarball/abc',
    root: 'o-r-abc/',
    page: path => `/o/r/blob/main/${path}`,
  },
  {
    type: 'gitlab',
    entry: url => ({ apiBaseUrl: `${url}/api/v4`, baseUrl: url, token: 't' }),
    authorization: 'Bearer t',
    file: '/g/s/r/-/blob/main/docs/a.yaml',
    rawPath: '/api/v4/projects/g%2Fs%2Fr/repository/files/docs%2Fa.yaml/raw?ref=main',
    commits: {
      '/api/v4/projects/g%2Fs%2Fr/repository/commits?ref_name=main&path=docs&per_page=1': [{ id: 'abc' }],
    },
    archivePath: '/api/v4/projects/g%2Fs%2Fr/repository/archive.tar.gz?sha=abc&path=docs',
    root: 'r-abc-docs/',
    page: path => `/g/s/r/-/blob/main/${path}`,
  },
  {
    type: 'bitbucketServer',
    entry: url => ({ apiBaseUrl: `${url}/rest/api/1.0`, baseUrl: url, token: 't' }),
    authorization: 'Bearer t',
    file: '/projects/P/repos/r/browse/docs/a.yaml?at=main',
    rawPath: '/rest/api/1.0/projects/P/repos/r/raw/docs/a.yaml?at=main',
    commits: {
      '/rest/api/1.0/projects/P/repos/r/commits?until=main&path=docs&limit=1': { values: [{ id: 'abc' }] },
    },
    archivePath: '/rest/api/1.0/projects/P/repos/r/archive?format=tgz&at=abc&path=docs',
    root: '',
    page: path => `/projects/P/repos/r/browse/${path}?at=main`,
  },
  {
    type: 'gitea',
    entry: url => ({ baseUrl: url, username: 'u', password: 't' }),
    authorization: 'Basic dTp0',
    file: '/o/r/src/branch/main/docs/a.yaml',
    rawPath: '/api/v1/repos/o/r/raw/docs/a.yaml?ref=main',
    commits: {
      '/api/v1/repos/o/r/commits?sha=main&path=docs&limit=1&stat=false&verification=false&files=false': [
        { sha: 'abc' },
      ],
    },
    archivePath: '/api/v1/repos/o/r/archive/abc.tar.gz',
    root: 'r/',
    page: path => `/o/r/src/branch/main/${path}`,
  },
];

describe.each(hosts)('$type', host => {
  let reader: UrlReaderService;

  beforeEach(async () => {
    const entry = { host: server.host, ...host.entry(server.url) };
    reader = readersOf({ integrations: { [host.type]: [entry] } });
    server.answers.set(host.rawPath, 'content of a');
    for (const [path, json] of Object.entries(host.commits)) server.answers.set(path, JSON.stringify(json));
    server.answers.set(host.archivePath, await tree(host.root));
  });

  it('reads a file with the credentials configured', async () => {
    const response = await reader.readUrl(server.url + host.file);
    expect(String(await response.buffer())).toBe('content of a');
    expect(asked()).toEqual([host.rawPath]);
    expect(server.requests[0]!.headers.authorization).toBe(host.authorization);
  });

  it('reads a directory, and not again while its commit is the same', async () => {
    const response = await reader.readTree(server.url + host.page('docs'));
    expect(response.etag).toBe('abc');
    const paths = (await response.files()).map(({ path }) => path);
    expect(paths).toEqual(['a.yaml', 'deep/b.yaml', 'deep/c.txt']);
    expect(server.requests.every(({ headers }) => headers.authorization === host.authorization)).toBe(true);

    const again = reader.readTree(server.url + host.page('docs'), { etag: 'abc' });
    await expect(again).rejects.toMatchObject({ name: 'NotModifiedError' });
    expect(asked().filter(path => path === host.archivePath)).toHaveLength(1);
  });

  it('reads a file no more while its etag is the same', async () => {
    server.answers.set(host.rawPath, (request, response) => {
      const known = request.headers['if-none-match'] === '"1"';
      response.writeHead(known ? 304 : 200, { etag: '"1"' }).end(known ? undefined : 'content of a');
    });
    const { etag } = await reader.readUrl(server.url + host.file);
    expect(etag).toBe('"1"');
    await expect(reader.readUrl(server.url + host.file, { etag })).rejects.toMatchObject({
      name: 'NotModifiedError',
    });
    expect(server.requests[1]!.headers['if-none-match']).toBe('"1"');
  });

  it('searches no more while the commit is the same', async () => {
    const pattern = server.url + host.page('docs/*.yaml');
    await expect(reader.search(pattern, { etag: 'abc' })).rejects.toMatchObject({ name: 'NotModifiedError' });
    expect(asked()).not.toContain(host.archivePath);
    expect((await reader.search(pattern, { etag: 'older' })).etag).toBe('abc');
  });

  it.each(['docs/**/*.yaml', 'docs%2F**%2F*.yaml'])('finds files by the pattern %s', async pattern => {
    expect(await search(reader, server.url + host.page(pattern))).toEqual({
      etag: 'abc',
      files: {
        [server.url + host.page('docs/a.yaml')]: 'a',
        [server.url + host.page('docs/deep/b.yaml')]: 'b',
      },
    });
  });

  it('finds one file without a pattern, or none', async () => {
    expect((await search(reader, server.url + host.file)).files).toEqual({
      [server.url + host.file]: 'content of a',
    });
    const missing = server.url + host.page('docs/missing.yaml');
    expect(await search(reader, missing)).toEqual({ etag: '', files: {} });
  });

  it('tells what is not there, and that credentials may be missing', async () => {
    const read = reader.readUrl(server.url + host.page('missing.yaml'));
    await expect(read).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(read).rejects.toThrow(`in integrations.${host.type} for ${server.host}`);
  });

  it('tells addresses that are no files', async () => {
    await expect(reader.readUrl(`${server.url}/`)).rejects.toMatchObject({ name: 'InputError' });
  });
});

it.each(['*a*a*a*a*a*a*a*a*a*b', '+(a*)b', '{a,a}{a,a}[a]+[a]+[a]+[a]+[a]+[a]+b'])(
  'gives a pattern up that takes too long to match some names: %s',
  async pattern => {
    const api = `${server.url}/api/v3`;
    const entry = { host: server.host, apiBaseUrl: api, baseUrl: server.url };
    const reader = readersOf({ integrations: { github: [entry] } });
    server.answers.set('/api/v3/repos/o/r/commits/main', JSON.stringify({ sha: 'abc' }));
    const names = ['docs/aab', `docs/${'a'.repeat(90)}!`];
    const files = names.map(name => ({ name: `o-r-abc/${name}`, content: '' }));
    server.answers.set('/api/v3/repos/o/r/tarball/abc', await makeTar(files));
    const url = `${server.url}/o/r/blob/main/docs/${pattern}`;
    await expect(reader.search(url)).rejects.toThrow('takes too long to be matched');
  },
);

it('finds a file whose URL has a percent sign that stands for itself', async () => {
  const reader = readersOf({ backend: { reading: { allow: [{ host: server.host }] } } });
  server.answers.set('/100%', 'all');
  expect((await search(reader, `${server.url}/100%`)).files).toEqual({ [`${server.url}/100%`]: 'all' });
  await expect(reader.search(`${server.url}/100%/{a,b}`)).rejects.toMatchObject({
    name: 'NotImplementedError',
  });
});

it('matches a name that has what looks like a pattern in it', async () => {
  const { matches } = await prepareGlob('docs/(draft) a?.yaml');
  expect(['(draft) a?.yaml', 'draft a1.yaml', 'a1.yaml'].map(matches)).toEqual([true, true, false]);
});

it('matches patterns of many wildcards', async () => {
  const { matches } = await prepareGlob('docs/**/*-*/@(a|b)*.{yaml,yml}');
  const paths = ['x/y-z/a1.yaml', 'y-z/b.yml', 'y-z/c.yml', 'x/b.yml', `${'x/'.repeat(1_000)}y-z/a.yml`];
  expect(paths.map(matches)).toEqual([true, true, false, false, true]);
});

it('reads Bitbucket Cloud, whose address is not configured', async () => {
  for (const entry of [
    { username: 'u', token: 't' },
    { clientId: 'c', clientSecret: 's' },
  ]) {
    expect(String(readersOf({ integrations: { bitbucketCloud: [entry] } }))).toContain(
      'bitbucketCloud{host=bitbucket.org,authed=true}',
    );
  }
  const api = `${server.url}/2.0`;
  const settings = {
    host: server.host,
    baseUrl: server.url,
    apiBaseUrl: api,
    token: 't',
    apps: [],
  };
  const limits = defaultUrlReaderLimits;
  const reader = new BitbucketCloudUrlReader({
    type: 'bitbucketCloud',
    host: bitbucketCloudHost,
    settings,
    limits,
    allowList: new UrlAllowList([]),
    treeResponseFactory: createReadTreeResponseFactory({ limits }),
  });
  server.answers.set('/2.0/repositories/w/r/src/main/docs/a.yaml', 'content of a');
  server.answers.set('/2.0/repositories/w/r', JSON.stringify({ mainbranch: { name: 'main' } }));
  const commits = JSON.stringify({ values: [{ hash: 'abc' }] });
  server.answers.set('/2.0/repositories/w/r/commits/main?pagelen=1', commits);
  server.answers.set('/w/r/get/abc.tar.gz', await tree('w-r-abc/'));

  const file = await reader.readUrl(`${server.url}/w/r/src/main/docs/a.yaml`);
  expect(String(await file.buffer())).toBe('content of a');
  const whole = await reader.readTree(`${server.url}/w/r`);
  expect(whole.etag).toBe('abc');
  expect((await whole.files()).map(({ path }) => path)).toContain('docs/deep/b.yaml');
  expect(await search(reader, `${server.url}/w/r/src/main/docs/*.yaml`)).toEqual({
    etag: 'abc',
    files: { [`${server.url}/w/r/src/main/docs/a.yaml`]: 'a' },
  });
});

describe('a git host that sends its readers elsewhere', () => {
  let other: WebServer;
  beforeEach(async () => {
    other = await WebServer.start();
  });
  afterEach(() => other.stop());

  const redirecting = async (reading: JsonObject = {}, more: JsonObject = {}) => {
    const to = (path: string): Answer => {
      return (_request, response) => response.writeHead(302, { location: `${other.url}${path}` }).end();
    };
    server.answers.set('/repos/o/r/contents/a?ref=main', to('/file'));
    server.answers.set('/repos/o/r/commits/main', JSON.stringify({ sha: 'abc' }));
    server.answers.set('/repos/o/r/tarball/abc', to('/archive'));
    other.answers.set('/file', 'from there');
    other.answers.set('/archive', await tree('o-r-abc/'));
    const entry = { host: server.host, apiBaseUrl: server.url, baseUrl: server.url, token: 't', ...more };
    return readersOf({ backend: { reading }, integrations: { github: [entry] } });
  };

  it('does not get them to where this backend may not read', async () => {
    const reader = await redirecting();
    const refusal = { code: 'GR_URL_NOT_ALLOWED', message: expect.stringContaining(`${other.url}/`) };
    await expect(reader.readUrl(`${server.url}/o/r/blob/main/a`)).rejects.toMatchObject(refusal);
    await expect(reader.readTree(`${server.url}/o/r/tree/main`)).rejects.toMatchObject(refusal);
    await expect(reader.search(`${server.url}/o/r/blob/main/**/*.yaml`)).rejects.toMatchObject(refusal);
    expect(other.requests).toEqual([]);
  });

  it('gets them to another of its own addresses, without its credentials', async () => {
    const reader = await redirecting({}, { rawBaseUrl: other.url });
    const file = await reader.readUrl(`${server.url}/o/r/blob/main/a`);
    expect(String(await file.buffer())).toBe('from there');
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('gets them to where it may, and its credentials nowhere', async () => {
    const reader = await redirecting({ allow: [{ host: other.host }] });
    const file = await reader.readUrl(`${server.url}/o/r/blob/main/a`, { token: 'mine' });
    expect(String(await file.buffer())).toBe('from there');
    const files = await (await reader.readTree(`${server.url}/o/r/tree/main/docs`)).files();
    expect(files.map(({ path }) => path)).toContain('a.yaml');
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer mine',
      'Bearer t',
      'Bearer t',
    ]);
  });
});

describe('what the configuration limits', () => {
  let workingDirectory: string;
  folderForEach(folder => (workingDirectory = folder));

  const configured = async (reading: JsonObject, more: JsonObject = {}) => {
    server.answers.set('/a', 'content');
    server.answers.set('/a.tgz', await tree(''));
    server.answers.set('/silent', () => {});
    return readersOf({ backend: { ...more, reading: { allow: [{ host: server.host }], ...reading } } });
  };
  const readFile = async (reader: UrlReaderService, path: string) =>
    (await reader.readUrl(server.url + path)).buffer();
  const readArchive = async (reader: UrlReaderService) =>
    (await reader.readTree(`${server.url}/a.tgz`)).files();

  it.each<[string, number, (reader: UrlReaderService) => Promise<unknown>, string]>([
    ['maxFileSize', 6, reader => readFile(reader, '/a'), 'GR_URL_TOO_LARGE'],
    ['maxArchiveSize', 50, readArchive, 'GR_URL_TOO_LARGE'],
    ['maxTreeSize', 512, readArchive, 'GR_URL_TOO_LARGE'],
    ['maxTreeEntries', 3, readArchive, 'GR_URL_TOO_LARGE'],
    ['timeout', 30, reader => readFile(reader, '/silent'), 'GR_URL_READ'],
  ])('is held: %s', async (name, value, read, code) => {
    await expect(read(await configured({ [name]: value }))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`backend.reading.${name}`),
    });
  });

  it('is no more than that', async () => {
    const reader = await configured({ maxFileSize: 7, maxTreeEntries: 4 });
    expect(String(await readFile(reader, '/a'))).toBe('content');
    expect(await readArchive(reader)).toHaveLength(4);
  });

  it('is where trees are unpacked as well', async () => {
    const reader = await configured({}, { workingDirectory });
    const directory = await (await reader.readTree(`${server.url}/a.tgz`)).dir();
    expect(dirname(directory)).toBe(workingDirectory);
  });
});

it('tells an empty repository or a branch that is not there', async () => {
  const entry = { host: server.host, apiBaseUrl: `${server.url}/api/v4`, baseUrl: server.url };
  server.answers.set('/api/v4/projects/g%2Fr/repository/commits?ref_name=nope&per_page=1', '[]');
  const reader = readersOf({ integrations: { gitlab: [entry] } });
  await expect(reader.readTree(`${server.url}/g/r/-/tree/nope`)).rejects.toMatchObject({
    name: 'NotFoundError',
  });
});

it('tells an API that answers with a page for people', async () => {
  const entry = { host: server.host, apiBaseUrl: server.url, baseUrl: server.url };
  server.answers.set('/repos/o/r/commits/HEAD', '<html>');
  const reader = readersOf({ integrations: { github: [entry] } });
  await expect(reader.readTree(`${server.url}/o/r`)).rejects.toThrow(
    `not JSON. Check apiBaseUrl of integrations.github for ${server.host}`,
  );
});

it('reads a file of GitHub by its API with credentials, and where everybody may read without', async () => {
  const entry = {
    host: server.host,
    apiBaseUrl: `${server.url}/api`,
    baseUrl: server.url,
    rawBaseUrl: `${server.url}/raw`,
  };
  server.answers.set('/api/repos/o/r/contents/a?ref=main', 'by the API');
  server.answers.set('/raw/o/r/main/a', 'for everybody');
  const read = async (more: JsonObject, token?: string) => {
    const reader = readersOf({ integrations: { github: [{ ...entry, ...more }] } });
    return String(await (await reader.readUrl(`${server.url}/o/r/blob/main/a`, { token })).buffer());
  };
  expect(await read({})).toBe('for everybody');
  expect(await read({ token: 't' })).toBe('by the API');
  expect(await read({}, 'mine')).toBe('by the API');
});

it('warns once of entries for the same host, of which the first counts', async () => {
  const logger = new MemoryLogger();
  const urls = { baseUrl: server.url, apiBaseUrl: `${server.url}/2.0` };
  const config = new ConfigReader({
    integrations: {
      github: [
        { host: 'ghe.example.com' },
        { host: 'github.com' },
        { host: 'GHE.example.com:443' },
        { host: 'github.com' },
      ],
      bitbucketCloud: [
        { token: 'first', ...urls },
        { token: 'second', ...urls },
      ],
    },
  });
  UrlReaders.default({ config, logger });
  const readers = UrlReaders.default({ config, logger });
  expect(logger.entries.map(({ level, message }) => [level, message])).toEqual(
    [
      ['github[2]', 'ghe.example.com'],
      ['github[3]', 'github.com'],
      ['bitbucketCloud[1]', 'bitbucket.org'],
    ].map(([entry, host]) => [
      'warn',
      `integrations.${entry} is not used for reading, as an entry before it has the host ${host} as well. Remove one of them.`,
    ]),
  );
  server.answers.set('/2.0/repositories/o/r/src/main/a', (request, response) =>
    response.end(request.headers.authorization),
  );
  const file = await readers.readUrl('https://bitbucket.org/o/r/src/main/a');
  expect(String(await file.buffer())).toBe('Bearer first');
});

describe('plain HTTP', () => {
  const allowing = (...paths: string[]) =>
    readersOf({
      backend: { reading: { allow: [{ host: server.host, ...(paths.length > 0 && { paths }) }] } },
    });

  it('reads what is allowed, and tells what to configure for the rest', async () => {
    server.answers.set('/pub/a.yaml', 'a');
    const reader = allowing('/pub');
    expect(String(await (await reader.readUrl(`${server.url}/pub/a.yaml`)).buffer())).toBe('a');
    await expect(reader.readUrl(`${server.url}/private?secret`)).rejects.toThrow(
      `Reading ${server.url}/private is not allowed by the configuration. Add { host: '${server.host}' } to backend.reading.allow`,
    );
    await expect(reader.readUrl('file:///etc/passwd')).rejects.toMatchObject({ name: 'NotAllowedError' });
    await expect(reader.readUrl(`http://u:p@${server.host}/pub/a.yaml`)).rejects.toThrow(
      'a user or password in it',
    );
    await expect(reader.readUrl('a.yaml')).rejects.toMatchObject({ name: 'InputError' });
  });

  it('is not led out of what is allowed by a redirect', async () => {
    server.answers.set('/pub/a', (_request, response) =>
      response.writeHead(302, { location: '/private' }).end(),
    );
    server.answers.set('/private', 'secret');
    await expect(allowing('/pub').readUrl(`${server.url}/pub/a`)).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    expect(asked()).toEqual(['/pub/a']);
    const file = await allowing('/pub', '/private').readUrl(`${server.url}/pub/a`);
    expect(String(await file.buffer())).toBe('secret');
  });

  it('allows nothing else to those who make its reader themselves', async () => {
    const allowList = new UrlAllowList([{ host: server.host, paths: ['/pub'] }]);
    const limits = defaultUrlReaderLimits;
    const treeResponseFactory = createReadTreeResponseFactory({ limits });
    const reader = new FetchUrlReader({ allowList, limits, treeResponseFactory });
    await expect(reader.readUrl(`${server.url}/private`)).rejects.toMatchObject({ name: 'NotAllowedError' });
    await expect(reader.readTree(`${server.url}/a.tgz`)).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(asked()).toEqual([]);
  });

  it('shows the token of a caller, and gives what tells whether content has changed', async () => {
    server.answers.set('/a', (_request, response) => response.writeHead(200, { etag: '"1"' }).end('a'));
    const { etag } = await allowing().readUrl(`${server.url}/a`, { token: 'mine' });
    expect(etag).toBe('"1"');
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer mine']);
  });

  it('reads archives as trees', async () => {
    server.answers.set('/a.tgz', await tree(''));
    server.answers.set('/a.zip', makeZip([{ name: 'x/y', content: 'z' }]));
    const reader = allowing();
    const fromTar = await (await reader.readTree(`${server.url}/a.tgz`)).files();
    expect(fromTar.map(({ path }) => path)).toContain('docs/deep/b.yaml');
    const fromZip = await (await reader.readTree(`${server.url}/a.zip`)).files();
    expect(fromZip.map(({ path }) => path)).toEqual(['x/y']);
  });

  it('finds one file, and says that it can not search', async () => {
    server.answers.set('/a.yaml', 'a');
    const reader = allowing();
    expect((await search(reader, `${server.url}/a.yaml`)).files).toEqual({ [`${server.url}/a.yaml`]: 'a' });
    await expect(reader.search(`${server.url}/*.yaml`)).rejects.toMatchObject({
      name: 'NotImplementedError',
    });
    await expect(reader.readTree(`${server.url}/dir`)).rejects.toMatchObject({ name: 'NotImplementedError' });
  });
});
