// Turns the text of one YAML or JSON file into plain data that can still tell where each of its values stands.
import type * as Yaml from 'yaml';
import type { ConfigProblem } from './ConfigPlace';

/** Keys and indexes that lead from the top of a file to one of its values. */
export type ConfigPath = readonly (string | number)[];

/** One parsed file. */
export interface ConfigDocument {
  /** Absolute path. */
  readonly file: string;
  /** The content as plain data, with aliases expanded; `undefined` where the file is empty or broken. */
  readonly data: unknown;
  /** Where the value at `path` stands, or else the nearest one around it. Lines and columns begin at 1. */
  positionOf(path: ConfigPath): { line: number; column: number };
}

/** Parses the text of a file; what is wrong with it goes to `problems`. */
export type ConfigDocumentParser = (file: string, text: string, problems: ConfigProblem[]) => ConfigDocument;

// High enough for a default shared by every entry of a long list, low enough to stop aliases that multiply.
const maxAliasCount = 1000;

/** Makes a parser. `yaml` is handed in by the caller, who loads that module only when there is a file to read. */
export function createDocumentParser(yaml: typeof Yaml): ConfigDocumentParser {
  return (file, text, problems) => {
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
    const data = document.errors.length > 0 ? undefined : expand(yaml, document, report);
    return { file, data, positionOf: path => at(offsetOf(yaml, document, path)) };
  };
}

/** Of syntax errors only the first, since one slip makes errors of all that follows it. */
function withoutEchoes<T extends { code: string }>(issues: readonly T[]): T[] {
  const isOwn = ({ code }: T) => code === 'DUPLICATE_KEY' || code === 'MULTIPLE_DOCS';
  const first = issues.find(issue => !isOwn(issue));
  return issues.filter(issue => issue === first || isOwn(issue));
}

function describe(issue: Yaml.YAMLParseError | Yaml.YAMLWarning): string {
  if (issue.code === 'MULTIPLE_DOCS') {
    return "A configuration file holds one YAML document: move what follows '---' into a file of its own.";
  }
  if (issue.code === 'DUPLICATE_KEY') {
    return 'This key stands twice in the same object: remove or rename one of the two.';
  }
  if (issue.code === 'TAG_RESOLVE_FAILED') {
    return "This begins with '!', which is no tag that is known here: put a text that begins so in quotes.";
  }
  // What follows a colon is what stands in the file, which may be a secret.
  const [what = ''] = issue.message.split(/(?<=\S): |\n/, 1);
  return `This is not valid YAML: ${what.replace(/[.:]?$/, '.')}`;
}

function expand(
  yaml: typeof Yaml,
  document: Yaml.Document.Parsed,
  report: (offset: number, message: string) => void,
): unknown {
  try {
    return document.toJS({ maxAliasCount });
  } catch (error) {
    const lost = lostAliases(yaml, document);
    for (const offset of lost) report(offset, lostAlias);
    if (lost.length === 0) {
      report(0, `Its aliases cannot be expanded (${(error as Error).message}): write the values out.`);
    }
    return undefined;
  }
}

// Not by its name, as a password may look like one.
const lostAlias =
  "Nothing before this has the anchor that it names: put a text that begins with '*' in quotes.";

/** Where aliases stand that mean nothing. */
function lostAliases(yaml: typeof Yaml, document: Yaml.Document.Parsed): number[] {
  const found: number[] = [];
  yaml.visit(document, {
    Alias(_key, node) {
      if (!node.resolve(document)) found.push(rangeStart(node) ?? 0);
    },
  });
  return found;
}

function offsetOf(yaml: typeof Yaml, document: Yaml.Document.Parsed, path: ConfigPath): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap(node)) {
      const pair = node.items.find(item => keyText(yaml, item.key) === String(step));
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

function keyText(yaml: typeof Yaml, key: unknown): string {
  return String(yaml.isScalar(key) ? key.value : key);
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] } | null | undefined)?.range?.[0];
}
