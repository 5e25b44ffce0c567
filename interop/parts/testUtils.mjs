// Tests of published plugins and modules that were written for the published test utilities, run with ours instead.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin } from '../../scripts/lib/bin.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const outputFile = fileURLToPath(new URL('../.cache/tests.json', import.meta.url));

/** Yields one row per file in tests/. Also runs them with the published utilities, to detect tests that demand too much. */
export async function* testUtils({ chosen, check, postgres }) {
  if (!chosen('test-utils')) return;
  const ours = runTests('@greenroom/backend-test-utils', postgres);
  const theirs = check ? new Map() : runTests('@backstage/backend-test-utils', postgres);
  for (const [file, { asked, failure, count }] of ours) {
    const beside = theirs.get(file);
    yield { what: file, asked, count, failure, beside: beside && (beside.failure ? 'fails too' : 'works') };
  }
}

/** By file: its first sentence, the number of passed tests, and the failure. */
function runTests(utilities, postgres) {
  mkdirSync(new URL('../.cache/', import.meta.url), { recursive: true });
  rmSync(outputFile, { force: true });
  const [command, ...args] = bin('jest');
  const { GREENROOM_TEST_REDIS: redis } = process.env;
  const { stderr } = spawnSync(command, [...args, '--forceExit', '--json', `--outputFile=${outputFile}`], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      INTEROP_TEST_UTILS: utilities,
      BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: postgres,
      ...(redis && { BACKSTAGE_TEST_CACHE_REDIS7_CONNECTION_STRING: redis }),
    },
  });
  const { testResults } = readResults(stderr);
  return new Map(
    testResults.map(({ name, message, assertionResults }) => [
      basename(name, '.test.js'),
      {
        asked: readFileSync(name, 'utf8').split('\n')[0].replace('// ', ''),
        count: assertionResults.filter(({ status }) => status === 'passed').length,
        failure: message || (assertionResults.length === 0 ? 'no tests in it' : undefined),
      },
    ]),
  );
}

function readResults(stderr) {
  try {
    return JSON.parse(readFileSync(outputFile, 'utf8'));
  } catch (cause) {
    throw new Error(`jest gave no results:\n${stderr.slice(-4000)}`, { cause });
  }
}
