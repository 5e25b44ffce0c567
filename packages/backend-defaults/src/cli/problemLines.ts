// Formats problems and warnings as lines with aligned columns, coloured in a terminal.
import { styleText } from 'node:util';
import type { InspectedConfig } from '../services/rootConfig/inspectConfig';
import { type ConfigProblem, describePlace } from '../services/rootConfig/ConfigPlace';

/** One line for each. `stream` is where they will be written. */
export function problemLines(
  { problems, warnings }: Pick<InspectedConfig, 'problems' | 'warnings'>,
  stream: NodeJS.WriteStream,
): string[] {
  const row = (level: string, color: 'red' | 'yellow') => (problem: ConfigProblem) => ({
    level: paint(color, level.padEnd(7), stream),
    place: describePlace(problem, process.cwd()),
    message: problem.message,
  });
  const rows = [...problems.map(row('error', 'red')), ...warnings.map(row('warning', 'yellow'))];
  const width = Math.max(0, ...rows.map(({ place }) => place.length));
  return rows.map(({ level, place, message }) => [level, place.padEnd(width), message].join('  '));
}

/** Colours text for a terminal, unless `NO_COLOR` is set. */
export function paint(color: 'red' | 'yellow' | 'green', text: string, stream: NodeJS.WriteStream): string {
  // Newer Node versions would check standard output, whichever stream this is for.
  return stream.isTTY && !process.env.NO_COLOR ? styleText(color, text, { validateStream: false }) : text;
}

/** For example `one problem` or `3 problems`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}
