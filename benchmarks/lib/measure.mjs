// Takes the samples of a scenario: makers take turns, each sample is a fresh process, and slow makers have a time budget.
import { takeSample } from './takeSample.mjs';

/** A maker gets no further rounds of a size once they would cost more than this. */
export const budgetMs = 60_000;

/** All samples of a scenario, as a list of `{ size, maker, samples: metrics[] }`. */
export function measure(scenario, { rounds, quick }) {
  const sizes = (quick && scenario.quickSizes) || scenario.sizes || [undefined];
  const budget = scenario.budgetMs ?? budgetMs;
  return sizes.flatMap(size => {
    const results = scenario.makers.map(maker => ({ size, maker, samples: [], spentMs: 0 }));
    const turns = Math.min(rounds, scenario.rounds ?? rounds) * (quick ? 1 : (scenario.samplesPerRound ?? 1));
    for (let turn = 0; turn < turns; turn++) {
      for (const result of results) {
        if (result.spentMs > 0 && result.spentMs + result.spentMs / result.samples.length > budget) continue;
        const { metrics, processMs } = takeSample(scenario, result.maker, size);
        result.samples.push(metrics);
        result.spentMs += processMs;
      }
    }
    return results;
  });
}
