// Tests that the templates of the example backend run to their ends, and that what they make works.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import type { TemplateEntity } from '../templates/TemplateSpec';
import { createActionBench, readFiles } from '../testing/createActionBench';
import { runTemplate } from '../testing/runTemplate';

const folder = resolve(__dirname, '../../../../packages/example-backend/entities/templates');
const basics = { name: 'wings', owner: 'group:default/digital' };

let bench: ReturnType<typeof createActionBench>;
beforeEach(() => (bench = createActionBench()));
afterEach(() => bench.close());

async function run(name: string, values: object, options: { isDryRun?: boolean } = {}) {
  const file = join(folder, name, 'template.yaml');
  const { spec } = parse(readFileSync(file, 'utf8')) as TemplateEntity;
  const baseUrl = pathToFileURL(file).toString();
  const { steps, lacks, output } = await runTemplate(spec, values as never, { bench, baseUrl, ...options });
  expect(lacks).toBeUndefined();
  return { steps, output: JSON.stringify(output), files: readFiles(bench.workspace) };
}

it('makes a service that listens to its cues', async () => {
  const { steps, files } = await run('show-service', {
    ...basics,
    cues: ['curtain', 'blackout'],
    description: `With "quotes" & 'more'`,
  });
  expect(steps).toEqual(['fetch']);
  expect(Object.keys(files)).toEqual(['wings/catalog-info.yaml', 'wings/index.mjs']);
  const script = join(bench.workspace, 'wings/index.mjs');
  expect(execFileSync(process.execPath, [script], { input: 'curtain\nother\n', encoding: 'utf8' })).toBe(
    'Go: curtain\n',
  );
  expect(parse(files['wings/catalog-info.yaml']!)).toMatchObject({
    metadata: { name: 'wings', description: `With "quotes" & 'more'` },
  });
});

it('makes a documentation site with a page a section', async () => {
  const { steps, files, output } = await run('documentation-site', {
    ...basics,
    title: 'In the wings',
    sections: ['get-in', 'get-out'],
  });
  expect(steps).toEqual(['fetch', 'sections', 'sections', 'catalog', 'list']);
  expect(Object.keys(files)).toEqual([
    'catalog-info.yaml',
    'docs/get-in.md',
    'docs/get-out.md',
    'docs/index.md',
    'mkdocs.yml',
  ]);
  expect(parse(files['mkdocs.yml']!)).toEqual({
    site_name: 'In the wings',
    nav: ['index.md', 'get-in.md', 'get-out.md'],
  });
  expect(files['docs/get-out.md']).toMatch(/^# 2\. Get out\n/);
  expect(parse(files['catalog-info.yaml']!)).toMatchObject({
    kind: 'Component',
    spec: { owner: basics.owner },
  });
  expect(output).toContain('The 3 pages of **In the wings**');
});

it('makes a library whose test passes', async () => {
  const { steps, files } = await run('library', basics);
  expect(steps).toEqual(['fetch', 'rename', 'workflow', 'list']);
  expect(Object.keys(files)).toEqual([
    '.github/workflows/test.yml', '.gitignore', 'catalog-info.yaml', 'package.json', 'src/wings.mjs', 'src/wings.test.mjs',
  ]); // prettier-ignore
  expect(files['.github/workflows/test.yml']).toContain("${{ vars.RUNNER || 'ubuntu-latest' }}");
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  execFileSync(process.execPath, ['--test'], { cwd: bench.workspace, env });
});

it.each(readdirSync(folder))('dry-runs %s with the defaults of its form', async name => {
  const { steps } = await run(name, basics, { isDryRun: true });
  expect(steps.length).toBeGreaterThan(0);
});

it('refuses a name that none of them can have', async () => {
  await expect(run('library', { ...basics, name: 'In The Wings' })).rejects.toThrow(/must match pattern/);
});
