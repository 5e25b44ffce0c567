// Tests what is read from the configuration, and how what can't be used is told.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfigSchema, inlineDefinitions } from '../rootConfig/schemas/ConfigSchema';
import { describeViolation } from '../rootConfig/schemas/describeViolation';
import { findViolations } from '../rootConfig/schemas/findViolations';
import { defaultUrlReaderLimits, readAllowedTargets, readGitHosts, readUrlReaderLimits } from './config';

const reading = (value: JsonObject) => new ConfigReader({ backend: { reading: value } });
const integrations = (value: JsonObject) => new ConfigReader({ integrations: value });

it('has limits of its own, and takes others', () => {
  expect(readUrlReaderLimits(new ConfigReader({}))).toEqual(defaultUrlReaderLimits);
  const given = { timeout: '5s', maxFileSize: 1, maxArchiveSize: 2, maxTreeSize: 3, maxTreeEntries: 4 };
  expect(readUrlReaderLimits(reading(given))).toEqual({ ...given, timeout: 5_000 });
});

it.each([
  [{ maxFileSize: 0 }, 'backend.reading.maxFileSize is 0, and must be a whole number from 1 on'],
  [{ maxTreeEntries: 1.5 }, 'backend.reading.maxTreeEntries is 1.5, and must be'],
  [{ timeout: 'soon' }, 'backend.reading.timeout is not a duration'],
])('refuses the limits %j', (value, message) => {
  expect(() => readUrlReaderLimits(reading(value))).toThrow(message);
});

it.each([
  [{ host: 'https://example.com' }, "backend.reading.allow[0].host is 'https://example.com'"],
  [{ host: 'prod.*.example.com' }, "backend.reading.allow[0].host is 'prod.*.example.com'"],
  [{ host: 'example.com', paths: ['dir'] }, "backend.reading.allow[0].paths has 'dir'"],
])('refuses the target %j', (target, message) => {
  expect(() => readAllowedTargets(reading({ allow: [target] }))).toThrow(message);
});

it('knows the public hosts without configuration', () => {
  const hosts = (['github', 'gitlab', 'bitbucketCloud', 'bitbucketServer', 'gitea'] as const).flatMap(type =>
    readGitHosts(new ConfigReader({}), type).map(({ host, apiBaseUrl }) => [type, host, apiBaseUrl]),
  );
  expect(hosts).toEqual([
    ['github', 'github.com', 'https://api.github.com'],
    ['gitlab', 'gitlab.com', 'https://gitlab.com/api/v4'],
    ['bitbucketCloud', 'bitbucket.org', 'https://api.bitbucket.org/2.0'],
  ]);
});

it('knows the public host beside others, and once only', () => {
  const hostsOf = (...hosts: string[]) =>
    readGitHosts(integrations({ github: hosts.map(host => ({ host })) }), 'github').map(({ host }) => host);
  expect(hostsOf('ghe.example.com')).toEqual(['ghe.example.com', 'github.com']);
  expect(hostsOf('github.com', 'ghe.example.com')).toEqual(['github.com', 'ghe.example.com']);
});

it('takes hosts as URLs have them, however they are written', () => {
  const github = [
    { host: 'GitHub.com', token: 't' },
    { host: 'Bücher.example' },
    { host: 'ghe.example:443' },
  ];
  expect(readGitHosts(integrations({ github }), 'github')).toMatchObject([
    { host: 'github.com', apiBaseUrl: 'https://api.github.com', token: 't' },
    { host: 'xn--bcher-kva.example' },
    { host: 'ghe.example', baseUrl: 'https://ghe.example' },
  ]);
  expect(() => readGitHosts(integrations({ github: [{ host: 'https://a/b' }] }), 'github')).toThrow(
    "integrations.github[0].host is 'https://a/b'",
  );
});

it('works out the addresses of hosts, unless they are given', () => {
  const config = integrations({
    github: [
      { host: 'ghe.example.com', token: ' secret\n' },
      { host: 'github.com', token: 'public' },
    ],
    bitbucketServer: [{ host: 'bb.example.com', apiBaseUrl: 'https://bb.example.com/x/rest/api/1.0/' }],
    gitea: [{ host: 'git.example.com', baseUrl: 'https://git.example.com/gitea/' }],
  });
  expect(readGitHosts(config, 'github')).toMatchObject([
    { host: 'ghe.example.com', apiBaseUrl: 'https://ghe.example.com/api/v3', token: 'secret' },
    { host: 'github.com', apiBaseUrl: 'https://api.github.com', token: 'public' },
  ]);
  expect(readGitHosts(config, 'bitbucketServer')).toMatchObject([
    { apiBaseUrl: 'https://bb.example.com/x/rest/api/1.0' },
  ]);
  expect(readGitHosts(config, 'gitea')).toMatchObject([
    { baseUrl: 'https://git.example.com/gitea', apiBaseUrl: 'https://git.example.com/gitea/api/v1' },
  ]);
});

it('reads the credentials of each kind of host, whichever way they are named', () => {
  const config = integrations({
    github: [{ host: 'ghe.example.com', rawBaseUrl: 'https://raw.example.com/' }],
    gitlab: [{ host: 'gl.example.com', token: 't', baseUrl: 'https://gl.example.com/below' }],
    bitbucketCloud: [{ username: 'u', appPassword: 'p' }],
    bitbucketServer: [{ host: 'bb.example.com', username: 'u', password: 'p' }],
    gitea: [{ host: 'git.example.com', password: 'p' }],
  });
  const first = (type: Parameters<typeof readGitHosts>[1]) => readGitHosts(config, type)[0];
  expect(first('github')).toMatchObject({ rawBaseUrl: 'https://raw.example.com', token: undefined });
  expect(first('gitlab')).toMatchObject({
    token: 't',
    baseUrl: 'https://gl.example.com/below',
    apiBaseUrl: 'https://gl.example.com/below/api/v4',
  });
  expect(first('bitbucketCloud')).toMatchObject({ host: 'bitbucket.org', username: 'u', password: 'p' });
  expect(first('bitbucketServer')).toMatchObject({ username: 'u', password: 'p' });
  expect(first('gitea')).toMatchObject({ username: undefined, password: 'p' });
});

it('tells an address that is no URL', () => {
  const config = integrations({ gitlab: [{ host: 'x.org', apiBaseUrl: 'x.org/api' }] });
  expect(() => readGitHosts(config, 'gitlab')).toThrow(
    "integrations.gitlab[0].apiBaseUrl is 'x.org/api', and must be an http or https URL",
  );
});

it.each([
  [{ clientId: 'c', token: 't' }, 'clientSecret'],
  [{ clientSecret: 's' }, 'clientId'],
  [{ clientId: 'c', clientSecret: 's' }, undefined],
  [{ token: 't' }, undefined],
])('lets the check of the configuration find half of an OAuth client: %j', async (entry, missing) => {
  const text = await readFile(join(__dirname, '../../../config.schema.json'), 'utf8');
  const schema = inlineDefinitions(JSON.parse(text) as ConfigSchema) as JsonObject;
  const data = { integrations: { bitbucketCloud: [entry] } };
  const { violations, unusable } = await findViolations(data, [{ packageName: 'defaults', schema }]);
  expect(violations.map(violation => describeViolation(violation, () => false))).toEqual(
    missing ? [`integrations.bitbucketCloud[0].${missing} is missing, and must be set`] : [],
  );
  expect(unusable).toEqual([]);
});

it('reads OAuth clients of Bitbucket Cloud, and refuses half of one', () => {
  const read = (entry: JsonObject) =>
    readGitHosts(integrations({ bitbucketCloud: [entry] }), 'bitbucketCloud');
  expect(read({ clientId: ' c ', clientSecret: 's\n' })).toMatchObject([
    { client: { id: 'c', secret: 's' } },
  ]);
  expect(read({ token: 't' })[0]!.client).toBeUndefined();
  const other = integrations({ gitlab: [{ host: 'gl.example.com', clientId: 'c' }] });
  expect(readGitHosts(other, 'gitlab')[0]!.client).toBeUndefined();
  expect(() => read({ clientId: 'c', token: 't' })).toThrow(
    'The configuration value integrations.bitbucketCloud[0].clientSecret is missing, and clientId is of no use without it. Set both, or remove clientId.',
  );
  expect(() => read({ clientSecret: 'hunter2', clientId: ' ' })).toThrow(
    'The configuration value integrations.bitbucketCloud[0].clientId is missing, and clientSecret is of no use without it. Set both, or remove clientSecret.',
  );
});
