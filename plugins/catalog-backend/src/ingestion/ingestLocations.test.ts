// Tests of reading locations and what they lead to, on real folders.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtInKinds } from '../validation/builtInKinds';
import { EntityKinds } from '../validation/EntityKinds';
import { EntityValidator } from '../validation/EntityValidator';
import { ingestLocations } from './ingestLocations';

const validator = new EntityValidator(new EntityKinds(builtInKinds));

const component = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n` +
  'spec:\n  type: service\n  lifecycle: production\n  owner: team\n';
const location = (name: string, spec: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: ${name}\nspec:\n${spec}\n`;

describe('ingestLocations', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'ingest-locations-')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }

  async function ingest(...targets: Array<string | { type: string; target: string }>) {
    const ingested = await ingestLocations(
      targets.map((given, index) => ({
        ...(typeof given === 'string' ? { type: 'file', target: given } : given),
        directory: folder,
        optional: false,
        namedBy: { file: `catalog.locations[${index}]` },
      })),
      validator,
    );
    return {
      ...ingested,
      refs: ingested.entities.map(({ entityRef }) => entityRef),
      refused: ingested.refused.map(({ refusal }) => ({
        ...refusal,
        file: refusal.file.replace(`${folder}/`, ''),
      })),
    };
  }

  it('reads globs, absolute and relative paths, each file once, in a stable order', async () => {
    await write({
      'b.yaml': component('b'),
      'a.yaml': component('a'),
      'sub/c.yaml': component('c'),
      'd.txt': 'x',
    });
    const { refs, refused, filesRead, documentsSeen } = await ingest(
      '*.yaml',
      join(folder, 'b.yaml'),
      '**/*.yaml',
    );
    expect(refs).toEqual(['component:default/a', 'component:default/b', 'component:default/c']);
    expect({ refused, filesRead, documentsSeen }).toEqual({ refused: [], filesRead: 3, documentsSeen: 3 });
  });

  it('annotates entities with where they are from and how they were reached', async () => {
    await write({ 'all.yaml': location('all', '  target: ./sub/a.yaml'), 'sub/a.yaml': component('a') });
    const { entities } = await ingest('*.yaml');
    expect(entities[1]?.entity.metadata).toMatchObject({
      name: 'a',
      namespace: 'default',
      annotations: {
        'backstage.io/managed-by-location': `file:${folder}/sub/a.yaml`,
        'backstage.io/managed-by-origin-location': `file:${folder}/*.yaml`,
      },
    });
  });

  it('follows Locations relative to the file that names them, and ends cycles', async () => {
    await write({
      'start.yaml': location('start', '  targets: [./x/one.yaml, ./x/*.yml]'),
      'x/one.yaml': location('one', '  type: file\n  target: ../start.yaml'),
      'x/two.yml': component('two'),
    });
    const { refs, refused } = await ingest('start.yaml');
    expect(refs).toEqual(['location:default/start', 'location:default/one', 'component:default/two']);
    expect(refused).toEqual([]);
  });

  it('points at the line of a Location that names what is not there, or a URL', async () => {
    const targets = '  targets:\n    - ./gone.yaml\n    - https://example.com/a.yaml\n    - ./*.json';
    await write({
      'l.yaml': location('l', targets),
      'optional.yaml': location('o', '  presence: optional\n  target: ./gone.yaml'),
      'web.yaml': location('w', '  type: url\n  targets: [./l.yaml]'),
    });
    const { refused, refs, documentsSeen } = await ingest('*.yaml');
    const named = { subject: 'location', file: 'l.yaml', entityRef: 'location:default/l' };
    expect(refused).toEqual([
      { ...named, line: 7, reason: expect.stringContaining('gone.yaml') },
      { ...named, line: 8, reason: expect.stringContaining('does not read URLs yet') },
      { ...named, line: 9, reason: expect.stringContaining("no file matches './*.json'") },
    ]);
    expect(refs).toHaveLength(3);
    expect(documentsSeen).toBe(3);
  });

  it('names the configuration key of a location that can not be read', async () => {
    const { refused } = await ingest(
      'none.yaml',
      { type: 'url', target: 'a' },
      { type: 'ldap', target: 'a' },
    );
    expect(refused).toEqual([
      {
        subject: 'location',
        file: 'catalog.locations[0]',
        reason: expect.stringContaining('there is no file'),
      },
      {
        subject: 'location',
        file: 'catalog.locations[1]',
        reason: expect.stringContaining('not supported yet'),
      },
      {
        subject: 'location',
        file: 'catalog.locations[2]',
        reason: expect.stringContaining("'ldap' are not known"),
      },
    ]);
  });

  it('refuses the second document of a reference, and does not follow it', async () => {
    await write({
      'a.yaml': `${component('x')}---\n${component('X')}`,
      'b.yaml': location('l', '  targets: []'),
      'c.yaml': location('l', '  target: gone.yaml'),
    });
    const { refused, refs, documentsSeen } = await ingest('*.yaml');
    expect(refs).toEqual(['component:default/x', 'location:default/l']);
    expect(refused).toEqual([
      {
        subject: 'document',
        file: 'a.yaml',
        line: 10,
        entityRef: 'component:default/x',
        reason: `'component:default/x' is already defined at ${folder}/a.yaml:1`,
      },
      expect.objectContaining({ file: 'c.yaml', line: 1, entityRef: 'location:default/l' }),
    ]);
    expect(documentsSeen).toBe(4);
  });

  it('refuses bad documents and files one by one', async () => {
    await write({
      '1.yaml': component('"not valid"'),
      '2.yaml': component('ok').replace('  type: service\n', ''),
      '3.yaml': component('${{ values.name }}'),
      '4.yaml': 'just text',
      '5.yaml': component('ok').replace('Component', 'Robot'),
      '6.yaml': 'a: [',
      '7.yaml': `${component('ok')}extra: 1\n`,
      'good.yaml': component('good'),
    });
    await writeFile(join(folder, 'binary.yaml'), Uint8Array.of(1, 0, 2));
    await mkdir(join(folder, 'folder.yaml'));
    await symlink('.', join(folder, 'loop'));
    const { refused, refs, documentsSeen } = await ingest('**/*.yaml');
    expect(refs).toEqual(['component:default/good']);
    expect(refused.map(({ file, line, entityRef }) => [file, line, entityRef])).toEqual([
      ['1.yaml', 4, undefined],
      ['2.yaml', 5, 'component:default/ok'],
      ['3.yaml', 4, undefined],
      ['4.yaml', 1, undefined],
      ['5.yaml', 2, 'robot:default/ok'],
      ['6.yaml', 1, undefined],
      ['7.yaml', 9, 'component:default/ok'],
      ['binary.yaml', undefined, undefined],
    ]);
    expect(refused[1]?.reason).toBe('spec.type is missing');
    expect(refused[2]?.reason).toContain("a template's skeleton");
    expect(documentsSeen).toBe(8);
  });

  it('takes names with the characters of globs literally where they exist', async () => {
    await write({ '[x].yaml': component('brackets'), 'x.yaml': component('x') });
    expect((await ingest('[x].yaml')).refs).toEqual(['component:default/brackets']);
  });
});
