// Checks every document: its code compiles, its data parses, and its commands, links and paths exist. So does the code of examples in doc comments.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { awaitsOutsideFunctions } from './lib/awaitsOutsideFunctions.mjs';
import { bin } from './lib/bin.mjs';
import { listFiles } from './lib/listFiles.mjs';
import { exportsOf, readExamples } from './lib/readExamples.mjs';
import { readMarkdown } from './lib/readMarkdown.mjs';
import { runStep } from './lib/runSteps.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

const generated = /(^|\/)(report\.api|CHANGELOG)\.md$|^\.changeset\/|\/(templates|entities|fixtures)\//;
const compiled = join(repositoryRoot, '.cache/docs');
// The repository's own, and those of the repositories that it creates.
const manifests = ['.', ...['single', 'split'].map(kind => `packages/create-backend/templates/${kind}`)];
const commands = new Set(['install', 'ci', ...manifests.flatMap(scriptsIn)]);
// The folders that a path in a text may start with, so that `etc/passwd` in an example is not checked.
const pathLike = /^(packages|plugins|docs|scripts|benchmarks|interop|publishing|\.ci|\.changeset)\/[\w./-]+$/;

const files = listFiles(repositoryRoot).filter(path => existsSync(join(repositoryRoot, path)));
const read = path => readFileSync(join(repositoryRoot, path), 'utf8');
const documents = files
  .filter(path => path.endsWith('.md') && !generated.test(path))
  .map(path => ({ path, ...readMarkdown(read(path)) }));
const exported = exportsOf(files.filter(path => path.endsWith('/report.api.md')).map(read));
const sources = files
  .filter(path => /^(packages|plugins)\/[^/]+\/src\/.*(?<!\.test)\.ts$/.test(path))
  .map(path => ({ path, blocks: readExamples(read(path), exported) }));

const problems = documents.flatMap(document => [
  ...document.blocks.flatMap(block => problemsOfBlock(document, block)),
  ...document.links.flatMap(link => problemsOfLink(document, link)),
  ...document.codes.flatMap(inline => problemsOfCode(document, inline)),
]);
const code = await compile();
problems.push(...code.problems);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${documents.length} documents are sound, with ${code.count} pieces of code`);

function scriptsIn(folder) {
  return Object.keys(JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')).scripts);
}

function problemsOfBlock({ path }, { language, code: text, line, context }) {
  const place = `${path}:${line}`;
  try {
    if (language === 'json') JSON.parse(text);
    if (language === 'yaml') {
      const errors = parseAllDocuments(text).flatMap(({ errors: found }) => found);
      if (errors.length > 0) return [`${place}: the YAML does not parse: ${errors[0].message}`];
    }
  } catch (error) {
    return [`${place}: the ${language} does not parse: ${error.message}`];
  }
  // With a context it is a part of something, otherwise a program, which `npm create @greenroom/backend` runs as CommonJS.
  if (language === 'ts' && context === undefined && awaitsOutsideFunctions(text)) {
    return [`${place}: CommonJS can't await outside of functions: move it into an async function`];
  }
  return language === '' || language === 'sh' ? problemsOfCommands(place, text) : [];
}

function problemsOfCommands(place, text) {
  return [...text.matchAll(/(?:^|\s)(?:npm run(?: -s)?|yarn) ([a-z][\w:-]*)/gm)]
    .filter(([, name]) => !commands.has(name))
    .map(([, name]) => `${place}: there is no command '${name}' in package.json`);
}

function problemsOfCode({ path }, { text, line }) {
  const place = `${path}:${line}`;
  if (pathLike.test(text) && !existsSync(join(repositoryRoot, text))) {
    return [`${place}: '${text}' does not exist`];
  }
  return problemsOfCommands(place, text);
}

function problemsOfLink({ path, anchors }, { href, line }) {
  if (/^[a-z]+:/.test(href)) return [];
  const [file, anchor] = href.split('#');
  const target = file === '' ? path : join(dirname(path), decodeURI(file));
  const place = `${path}:${line}`;
  if (!existsSync(join(repositoryRoot, target))) return [`${place}: the link to ${href} leads nowhere`];
  const known = file === '' ? anchors : documents.find(other => other.path === target)?.anchors;
  return anchor && known && !known.has(anchor) ? [`${place}: ${target} has no heading #${anchor}`] : [];
}

/** Writes the code of each document to a separate folder, and type-checks all of them in one run. */
async function compile() {
  rmSync(compiled, { recursive: true, force: true });
  const places = new Map();
  for (const { path, blocks } of [...documents, ...sources]) {
    const folder = join(compiled, path.replace(/\W+/g, '-'));
    for (const [index, block] of blocks.entries()) {
      if (!['ts', 'js'].includes(block.language)) continue;
      const name = block.title ?? `block-${index + 1}.ts`;
      const before = block.context === undefined ? '' : `${block.context.trim()}\n`;
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      // Makes it a module, even if it imports nothing.
      writeFileSync(join(folder, name), `${before}${block.code}\nexport {};\n`);
      places.set(resolve(folder, name), { path, line: block.line - before.split('\n').length + 1 });
    }
  }
  if (places.size === 0) return { count: 0, problems: [] };
  const settings = {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      noUnusedLocals: false,
      noUnusedParameters: false,
      allowJs: true,
      checkJs: true,
      // Most of the time is spent on the imported packages. Unchanged ones are not checked again.
      incremental: true,
      tsBuildInfoFile: '../docs.tsbuildinfo',
    },
    include: ['**/*'],
  };
  writeFileSync(join(compiled, 'tsconfig.json'), JSON.stringify(settings));
  const command = [...bin('typescript', 'tsc'), '-p', compiled, '--pretty', 'false'];
  const { status, output } = await runStep({ command, cwd: repositoryRoot });
  return { count: places.size, problems: status === 'passed' ? [] : atTheirPlace(output, places) };
}

function atTheirPlace(output, places) {
  return output
    .trim()
    .split('\n')
    .map(text => {
      const [, file, row, message] = /^(\S+?)\((\d+),\d+\): (.*)$/.exec(text) ?? [];
      const place = file && places.get(resolve(repositoryRoot, file));
      return place ? `${place.path}:${place.line + Number(row)}: ${message}` : text;
    });
}
