// Random backends on both engines, which must behave the same in everything that plugins can observe.
import { compareInProcess, failureOf } from '../lib/compareInProcess.mjs';

// Excludes plugins that may fail with modules that may not: docs/lifecycle.md describes how the engines differ there.
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

/** Yields one row per kind of backend. */
export async function* randomBackends({ check, chosen }) {
  for (const { what, asked, ...kind } of kinds) {
    if (!chosen(what)) continue;
    const compared = await compareInProcess('compareEngines', { ...kind, count: check ? 300 : 3_000 });
    yield { what, asked, count: compared.count, failure: failureOf(compared) };
  }
}
