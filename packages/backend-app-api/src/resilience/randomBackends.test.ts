// Properties that hold for every backend, whatever it consists of and whatever fails in it.
import fc from 'fast-check';
import type { Backend } from '..';
import { backendFixture, failuresOf, startedOrFailed } from '../scenarios/backendFixture';
import { backendArbitrary, randomBackend, type RandomBackend, type TraceEntry } from './randomBackend';

const runs = { numRuns: 150 };

function backendOf(
  features: readonly Parameters<Backend['add']>[0][],
  { onFailure }: RandomBackend,
): Backend {
  const policy = { onPluginBootFailure: onFailure, onPluginModuleBootFailure: onFailure };
  return backendFixture({ features, config: { backend: { startup: { default: policy } } } });
}

const holds = (property: (random: RandomBackend) => Promise<void>) =>
  fc.assert(fc.asyncProperty(backendArbitrary, property), runs);

const at = (trace: readonly TraceEntry[], phase: TraceEntry['phase'], step: string) =>
  trace.findIndex(entry => entry.phase === phase && entry.step === step);

/** Codes of what goes wrong while something runs; all others are known from the plan. */
const atRunTime = [
  'GR_SERVICE_FAILED',
  'GR_INIT_FAILED',
  'GR_STARTUP_HOOK_FAILED',
  'GR_MODULE_FAILED',
  'GR_MODULE_WITHOUT_PLUGIN',
];

describe('every backend', () => {
  it('does nothing twice, and nothing before what it depends on is done', () =>
    holds(async random => {
      const { features, rules, trace } = randomBackend(random);
      await startedOrFailed(backendOf(features, random));
      const begun = trace.flatMap(({ phase, step }) => (phase === 'begin' ? [step] : []));
      expect(new Set(begun).size).toBe(begun.length);
      for (const step of begun) {
        for (const earlier of rules.get(step) ?? []) {
          const ended = at(trace, 'end', earlier);
          // A module that failed in its services has not begun; its plugin starts where that is allowed.
          if (ended === -1 && earlier.startsWith('module')) expect(begun).not.toContain(earlier);
          else expect(at(trace, 'begin', step)).toBeGreaterThan(ended === -1 ? Infinity : ended);
        }
      }
    }));

  it('stops every scope that had a startup, once: at the end of a start that fails, else when it is stopped', () =>
    holds(async random => {
      const { features, trace } = randomBackend(random);
      const backend = backendOf(features, random);
      const stepsLike = (start: string) =>
        trace.flatMap(({ phase, step }) => (phase === 'begin' && step.startsWith(start) ? [step] : []));
      const { outcome } = await startedOrFailed(backend);
      const inits = stepsLike('init of ').map(step => step.replace('init of', 'shutdown of'));
      const atStart = trace.length;
      expect(stepsLike('shutdown of ').sort()).toEqual(outcome === 'failure' ? inits.sort() : []);
      const { hooks } = await backend.stop();
      expect(stepsLike('shutdown of ').sort()).toEqual(inits.sort());
      expect(hooks).toHaveLength(inits.length);
      if (outcome === 'failure') expect(trace).toHaveLength(atStart);
      // Nothing of the start comes after the first step of the stop.
      const firstStop = trace.findIndex(({ step }) => step.startsWith('shutdown of '));
      const rest = firstStop === -1 ? [] : trace.slice(firstStop);
      expect(rest.every(({ step }) => step.startsWith('shutdown of '))).toBe(true);
    }));

  it('has exactly one entry a plugin and module, and a critical path that adds up', () =>
    holds(async random => {
      const { features } = randomBackend(random);
      const result = await startedOrFailed(backendOf(features, random));
      const entries = result.plugins.flatMap(({ pluginId, modules }) => [
        pluginId,
        ...modules.map(({ moduleId }) => `${pluginId} ${moduleId}`),
      ]);
      const expected = random.plugins.flatMap(({ installed, modules }, nr) => [
        ...(installed || modules.length > 0 ? [`p${nr}`] : []),
        ...modules.map((_, module) => `p${nr} m${module}`),
      ]);
      expect(entries.sort()).toEqual(expected.sort());
      const onPath = result.criticalPath.reduce((sum, { ms }) => sum + ms, 0);
      expect(Math.abs(onPath - result.durationMs)).toBeLessThanOrEqual(result.durationMs * 0.05);
    }));

  it('is planned the same in whatever order its features were added', () =>
    fc.assert(
      fc.asyncProperty(backendArbitrary, fc.infiniteStream(fc.nat()), async (random, keys) => {
        const { features } = randomBackend(random);
        const shuffled = features
          .map(feature => ({ feature, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ feature }) => feature);
        const plan = await backendOf(features, random).inspect();
        expect(await backendOf(shuffled, random).inspect()).toEqual(plan);
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      runs,
    ));

  it('fails in start() for what check() finds, and for nothing else that could have been found', () =>
    holds(async random => {
      const { features, trace } = randomBackend(random);
      const backend = backendOf(features, random);
      const problems = await backend.check();
      expect(trace).toEqual([]);
      const errors = problems.filter(({ severity }) => severity === 'error');
      const result = await startedOrFailed(backend);

      const failures = failuresOf(result);
      const unforeseen = failures.filter(([code]) => !atRunTime.includes(code));
      expect(unforeseen.length > 0).toBe(errors.length > 0);
      for (const { pluginId, moduleId, error } of errors) {
        if (pluginId === undefined) {
          expect(failures).toContainEqual([error.code, error.message]);
          continue;
        }
        const plugin = result.plugins.find(entry => entry.pluginId === pluginId)!;
        const module = plugin.modules.find(entry => entry.moduleId === moduleId);
        expect([plugin.status, module?.status]).toContain('failed');
      }
      if (random.onFailure === 'abort' && errors.length > 0) {
        expect(result.outcome).toBe('failure');
        expect(trace.filter(({ step }) => !step.startsWith('service'))).toEqual([]);
      }
    }));
});
