// Inspects packed packages: nothing that users don't need, nothing missing, no sudden growth.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sizesFile = fileURLToPath(new URL('../sizes.json', import.meta.url));
const growth = 1.2;
const unwanted =
  /(\.test\.|\.typetest\.|(^|\/)(__\w+__|testing|fixtures|scenarios|diagnostics|resilience|regressions)\/)/;
const wanted = ['package.json', 'README.md', 'LICENSE'];

/**
 * Returns `{ problems, sizes }`: sentences, and the size of each tarball in bytes. `update` stores the sizes as the
 * new reference.
 */
export function tarballProblems(folder, { update = false } = {}) {
  const sizes = {};
  const problems = [];
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    sizes[name.replace(/\.tgz$/, '')] = statSync(file).size;
    const entries = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(entry => entry.replace(/^package\//, ''));
    for (const entry of entries.filter(each => unwanted.test(each) && !each.startsWith('templates/'))) {
      problems.push(`${name} holds ${entry}, which only tests of this repository use`);
    }
    for (const entry of wanted.filter(each => !entries.includes(each)))
      problems.push(`${name} lacks ${entry}`);
  }
  if (update) {
    writeFileSync(sizesFile, `${JSON.stringify(sizes, null, 2)}\n`);
    return { problems, sizes };
  }
  const known = JSON.parse(readFileSync(sizesFile, 'utf8'));
  for (const [name, bytes] of Object.entries(sizes)) {
    if (!(name in known)) problems.push(`${name} has no size in sizes.json: ${how}`);
    else if (bytes > known[name] * growth) {
      problems.push(`${name} has grown from ${known[name]} to ${bytes} bytes: find out why, or ${how}`);
    }
  }
  return { problems, sizes };
}

const how = 'run `npm run test:publish -- --update-sizes` and commit what it writes';
