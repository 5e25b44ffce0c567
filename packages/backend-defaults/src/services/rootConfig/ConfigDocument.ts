// Parses one YAML or JSON file into plain data that still knows the position of each value. Loaded if there is a file.
import * as yaml from 'yaml';
import type { ConfigPath, ConfigProblem } from './ConfigPlace';

/** One parsed file. */
export interface ConfigDocument {
  /** Absolute path. */
  readonly file: string;
  /** The content as plain data, with aliases expanded; `null` if the file is empty, `undefined` if it is invalid. */
  readonly data: unknown;
  /** The position of the value at `path`, or of its nearest existing ancestor. Lines and columns start at 1. */
  positionOf(path: ConfigPath): { line: number; column: number };
}

// High enough for a default that every entry of a long list shares, low enough to stop aliases that multiply.
const maxAliasCount = 1000;

/** Parses the text of a file. Adds what is wrong with it to `problems`. */
export function parseConfigDocument(file: string, text: string, problems: ConfigProblem[]): ConfigDocument {
  const lineCounter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };

  const report = (offset: number, message: string) => problems.push({ file, ...at(offset), message });

  for (const issue of withoutEchoes([...document.errors, ...document.warnings])) {
    report(issue.pos[0], describe(issue));
  }
  const data = document.errors.length > 0 ? undefined : expand(document, report);
  return { file, data, positionOf: path => at(offsetOf(document, path)) };
}

/** Drops all syntax errors but the first, because one mistake often makes everything after it look wrong. */
function withoutEchoes<T extends { code: string }>(issues: readonly T[]): T[] {
  const isOwn = ({ code }: T) => code === 'DUPLICATE_KEY' || code === 'MULTIPLE_DOCS';
  const first = issues.find(issue => !isOwn(issue));
  return issues.filter(issue => issue === first || isOwn(issue));
}

function describe(issue: yaml.YAMLParseError | yaml.YAMLWarning): string {
  if (issue.code === 'MULTIPLE_DOCS') {
    return "A configuration file holds one YAML document: move what follows '---' into a file of its own.";
  }
  if (issue.code === 'DUPLICATE_KEY') {
    return 'This key stands twice in the same object: remove or rename one of the two.';
  }
  if (issue.code === 'TAG_RESOLVE_FAILED') {
    return "This begins with '!', which is not a known tag: put text that begins with it in quotes.";
  }
  // The part after a colon quotes the file, which may contain a secret.
  const [what = ''] = issue.message.split(/(?<=\S): |\n/, 1);
  return `This is not valid YAML: ${what.replace(/[.:]?$/, '.')}`;
}

function expand(document: yaml.Document.Parsed, report: (offset: number, message: string) => void): unknown {
  const endless = aliasesThat(document, standsInItsValue);
  for (const offset of endless) report(offset, endlessAlias);
  if (endless.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount });
  } catch (error) {
    const lost = aliasesThat(document, (_, alias) => !alias.resolve(document));
    for (const offset of lost) report(offset, lostAlias);
    if (lost.length === 0) {
      report(0, `Its aliases cannot be expanded (${(error as Error).message}): write the values out.`);
    }
    return undefined;
  }
}

// Does not name the alias, because a password may look like one.
const lostAlias =
  "Nothing before this has the anchor that it names: put text that begins with '*' in quotes.";

function standsInItsValue(document: yaml.Document, alias: yaml.Alias, around: readonly unknown[]): boolean {
  // Resolving takes a look at the whole document, and an anchor may be used twice.
  const isNamed = around.some(node => (node as { anchor?: string }).anchor === alias.source);
  return isNamed && around.includes(alias.resolve(document));
}

const endlessAlias = 'This alias stands within the value that it names, which would never end: write it out.';

/** The offsets of the aliases that `match`, which also gets the nodes around each. */
function aliasesThat(
  document: yaml.Document.Parsed,
  match: (document: yaml.Document, alias: yaml.Alias, around: readonly unknown[]) => boolean,
): number[] {
  const found: number[] = [];
  yaml.visit(document, {
    Alias(_key, node, around) {
      if (match(document, node, around)) found.push(rangeStart(node) ?? 0);
    },
  });
  return found;
}

function offsetOf(document: yaml.Document.Parsed, path: ConfigPath): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap(node)) {
      const pair = node.items.find(item => keyText(item.key) === String(step));
      if (!pair) break;
      offset = rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else if (yaml.isSeq(node)) {
      node = node.items[Number(step)];
      offset = rangeStart(node) ?? offset;
    } else {
      break;
    }
  }
  return offset;
}

function keyText(key: unknown): string {
  return String(yaml.isScalar(key) ? key.value : key);
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] } | null | undefined)?.range?.[0];
}
