// Random backends on both engines: in all that plugins can see, the engines must do the same.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../programs/compareEngines.mjs', import.meta.url));
// Not where a plugin may fail and its module may not: docs/lifecycle.md says what is different then.
const policies = [
  ['abort', 'abort'],
  ['continue', 'continue'],
  ['abort', 'continue'],
];
const kinds = [
  {
    what: 'in which everything works',
    asked: 'every factory, root context, init and hook, what each was given, and the outcome',
  },
  ...policies.map(([plugin, module]) => ({
    what: `in which factories and inits fail, with the policies \`${plugin}\` for plugins and \`${module}\` for modules`,
    asked: 'the outcome, which plugins and modules failed, and whether they may',
    failing: true,
    policy: { onPluginBootFailure: plugin, onPluginModuleBootFailure: module },
  })),
];

/** Yields a row a kind of backend. */
export async function* randomBackends({ check, chosen }) {
  for (const { what, asked, ...kind } of kinds) {
    if (!chosen(what)) continue;
    const { count, differences } = await compare({ ...kind, count: check ? 300 : 3_000 });
    const failure = differences.length > 0 ? `${differences.length} differ:\n${differences[0]}` : undefined;
    yield { what, asked, count, failure };
  }
}

async function compare(kind) {
  const env = { ...process.env, INTEROP_RANDOM: JSON.stringify(kind) };
  // The published engine handles some rejections late, which Node warns of.
  const child = fork(program, { env, execArgv: ['--no-warnings'] });
  const [compared] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`Comparing the engines ended with code ${code}; its output is above.`);
    }),
  ]);
  return compared;
}
