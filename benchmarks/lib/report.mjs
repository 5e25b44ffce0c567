// Turns samples into the tables that are printed: what was measured, which targets were reached.
import { makers } from '../makers/makers.mjs';
import { formatNumber, formatQuantity } from './formatNumber.mjs';
import { summarize } from './statistics.mjs';
import { textTable } from './textTable.mjs';

const column = (title, right = false) => ({ title, right });

/** One table a scenario: a row a size, metric and maker, with the median, its spread, and the ratio to greenroom's. */
export function measuredTable(scenario, results) {
  const rows = [];
  for (const size of new Set(results.map(result => result.size))) {
    for (const metric of scenario.metrics) {
      const ofSize = results.filter(result => result.size === size);
      const summaries = ofSize.map(result => summarize(result.samples.map(sample => sample[metric.key])));
      const ours = summaries[ofSize.findIndex(({ maker }) => maker === 'greenroom')].median;
      ofSize.forEach(({ maker }, at) => {
        const { median, min, max, count } = summaries[at];
        rows.push([
          size === undefined ? '' : size.toLocaleString('en'),
          metric.label,
          makers[maker].label,
          formatQuantity(median, metric.unit),
          `${formatNumber(min)} - ${formatNumber(max)}`,
          String(count),
          maker === 'greenroom' ? '' : formatQuantity(ours / median, 'times'),
        ]);
      });
    }
  }
  const columns = [
    column('N', true),
    column('what'),
    column('maker'),
    column('median', true),
    column('min - max', true),
    column('samples', true),
    column('greenroom over it', true),
  ];
  return textTable(columns, rows);
}

/**
 * A line for each target that was missed: by how much, and where the scenario knows the `least` that anybody could reach,
 * what that leaves. All of it is computed from this run.
 */
export function missedTargets(measured) {
  return measured.flatMap(({ scenario, results }) => {
    const median = (maker, key, size) => medianOf(results, maker, key, size);
    return scenario.targets.flatMap(target => {
      const got = target.value(median);
      return isReached(target, got) ? [] : [`- ${wordMissed(target, got)}${wordLeast(target, median)}`];
    });
  });
}

function wordMissed({ what, unit, atMost, atLeast }, got) {
  const bound =
    atMost === undefined ? `at least ${formatQuantity(atLeast, unit)}` : formatQuantity(atMost, unit);
  return `${what}: ${formatQuantity(got, unit)} where ${bound} was to be reached.`;
}

function wordLeast({ unit, atMost, least }, median) {
  if (!least) return '';
  const floor = least(median);
  const made = `The bare loop, which makes the same calls and nothing else, comes to ${formatQuantity(floor, unit)}`;
  return floor < atMost
    ? ` ${made}: the bound leaves ${formatQuantity(100 * (atMost / floor - 1), '%')} on top of it for checks, plan, order and report.`
    : ` ${made}, so the bound leaves nothing for checks, plan, order and report.`;
}

function isReached({ atMost = Infinity, atLeast = -Infinity }, got) {
  return got <= atMost && got >= atLeast;
}

/** Every target beside what was measured. `measured` is a list of `{ scenario, results }`. */
export function targetTable(measured) {
  const rows = measured.flatMap(({ scenario, results }) =>
    scenario.targets.map(target => {
      const { what, unit, atMost, atLeast } = target;
      const got = target.value((maker, key, size) => medianOf(results, maker, key, size));
      return [
        what,
        formatQuantity(got, unit),
        atMost === undefined
          ? `at least ${formatQuantity(atLeast, unit)}`
          : `at most ${formatQuantity(atMost, unit)}`,
        isReached(target, got) ? 'reached' : 'missed',
      ];
    }),
  );
  if (rows.length === 0) return undefined;
  const columns = [column('target'), column('measured', true), column('to reach', true), column('verdict')];
  return textTable(columns, rows);
}

function medianOf(results, maker, key, size) {
  const result = results.find(each => each.maker === maker && each.size === size);
  return summarize(result.samples.map(sample => sample[key])).median;
}
