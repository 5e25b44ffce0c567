// Turns samples into tables for printing: the measurements, and which targets were reached.
import { makers } from '../makers/makers.mjs';
import { formatNumber, formatQuantity } from './formatNumber.mjs';
import { summarize } from './statistics.mjs';
import { textTable } from './textTable.mjs';

const column = (title, right = false) => ({ title, right });

/** One table per scenario: a row per size, metric and maker, with the median, its spread, and the ratio to greenroom's. */
export function measuredTable(scenario, results) {
  const rows = [];
  for (const size of new Set(results.map(result => result.size))) {
    for (const metric of scenario.metrics) {
      const ofSize = results.filter(result => result.size === size);
      const summaries = ofSize.map(result => summarizeMetric(result, metric.key));
      const ours = summaries[ofSize.findIndex(({ maker }) => maker === 'greenroom')];
      ofSize.forEach(({ maker }, at) => {
        const own = summaries[at];
        rows.push([
          size === undefined ? '' : size.toLocaleString('en'),
          metric.label,
          makers[maker].label,
          ...quantityCells(own, metric.unit),
          maker === 'greenroom' || !own.count || !ours.count
            ? ''
            : wordBound(
                { ours: ours.over, others: own.over },
                formatQuantity(ours.median / own.median, 'times'),
              ),
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
 * One line per missed target: by how much and, if the scenario knows the `least` that could be reached, what that
 * leaves. Everything is computed from this run.
 */
export function missedTargets(measured) {
  return measured.flatMap(({ scenario, results }) => {
    return scenario.targets.flatMap(target => {
      const { got, over, median } = judge(target, results);
      return verdict(got, over, target) === 'missed'
        ? [
            `- ${wordMissed(target, wordBound(over, formatQuantity(got, target.unit)))}${wordLeast(target, median)}`,
          ]
        : [];
    });
  });
}

/** The measured value of a target, and whose samples were stopped at their limit. */
function judge({ value }, results) {
  const over = { ours: false, others: false };
  const median = (maker, key, size) => {
    const summary = summarizeMetric(resultOf(results, maker, size), key);
    over[maker === 'greenroom' ? 'ours' : 'others'] ||= summary.over;
    return summary.median;
  };
  return { got: value(median), over, median };
}

function wordMissed({ what, unit, atMost, atLeast }, measured) {
  const bound =
    atMost === undefined ? `at least ${formatQuantity(atLeast, unit)}` : formatQuantity(atMost, unit);
  return `${what}: ${measured} where ${bound} was to be reached.`;
}

function wordLeast({ unit, atMost, least }, median) {
  if (!least) return '';
  const floor = least.value(median);
  if (Number.isNaN(floor)) return '';
  const made = `${least.what} comes to ${formatQuantity(floor, unit)}`;
  return floor < atMost
    ? ` ${made}: the bound leaves ${formatQuantity(100 * (atMost / floor - 1), '%')} on top of it for ${least.leaves}.`
    : ` ${made}, so the bound leaves nothing for ${least.leaves}.`;
}

/** All targets with their measured values. `measured` is a list of `{ scenario, results }`. */
export function targetTable(measured) {
  const rows = measured.flatMap(({ scenario, results }) =>
    scenario.targets.map(target => {
      const { what, unit, atMost, atLeast } = target;
      const { got, over } = judge(target, results);
      return [
        what,
        Number.isNaN(got) ? '' : wordBound(over, formatQuantity(got, unit)),
        atMost === undefined
          ? `at least ${formatQuantity(atLeast, unit)}`
          : `at most ${formatQuantity(atMost, unit)}`,
        verdict(got, over, target),
      ];
    }),
  );
  if (rows.length === 0) return undefined;
  const columns = [column('target'), column('measured', true), column('to reach', true), column('verdict')];
  return textTable(columns, rows);
}

/** Has no samples if the scenario has been extended since it was last measured. */
function resultOf(results, maker, size) {
  return results.find(each => each.maker === maker && each.size === size) ?? { samples: [] };
}

/** With `over`, a sample was stopped at its limit, so its actual value would have been higher. */
function summarizeMetric({ samples }, key) {
  const having = samples.filter(sample => sample[key] !== undefined);
  return { ...summarize(having.map(sample => sample[key])), over: having.some(({ over }) => over) };
}

function quantityCells({ median, min, max, count, over }, unit) {
  if (count === 0) return ['not measured', '', '0'];
  const text = formatQuantity(median, unit);
  return [over ? `over ${text}` : text, `${formatNumber(min)} - ${formatNumber(max)}`, String(count)];
}

/** The ratio of ours to another's, if one of them is only known to be larger. */
function wordBound({ ours, others }, text) {
  if (ours && others) return 'unknown';
  if (ours) return `over ${text}`;
  return others ? `under ${text}` : text;
}

function verdict(got, { ours }, { atMost = Infinity, atLeast = -Infinity }) {
  if (Number.isNaN(got)) return 'not measured';
  return !ours && got <= atMost && got >= atLeast ? 'reached' : 'missed';
}
