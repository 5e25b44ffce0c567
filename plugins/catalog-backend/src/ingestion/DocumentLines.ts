// Finds and remembers the line numbers of an entity and its fields.
import type { Entity } from '@backstage/catalog-model';
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  visit,
} from 'yaml';
import type { ValuePath } from './findUnfitValue';

/** Enough for any field worth pointing to. More would only be stored with every entity. */
const MAX_DEPTH = 4;
const MAX_PLACES = 300;

/** Line numbers, counted from 1, by the path of the field as JSON. `[]` is the start of the document. */
export interface DocumentLines {
  /** A path or a URL, without the location type. */
  readonly file: string;
  readonly lines: Readonly<Record<string, number>>;
}

const remembered = new WeakMap<object, DocumentLines>();

/** Lets `linesOfEntity` find `lines` for as long as this very object exists. */
export function rememberLines(entity: object, lines: DocumentLines): void {
  remembered.set(entity, lines);
}

/** The remembered lines of an entity; undefined if it does not come from a file. */
export function linesOfEntity(entity: Entity): DocumentLines | undefined {
  return remembered.get(entity);
}

/** Where something has to change. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** The place of the field at `path`, or of its closest ancestor; `file` if it is not known which document it is from. */
export function placeOf(known: DocumentLines | undefined, path: ValuePath, file: string): Place {
  for (let length = path.length; known && length >= 0; length--) {
    const line = known.lines[JSON.stringify(path.slice(0, length).map(String))];
    if (line !== undefined) return { file: known.file, line };
  }
  return { file: known?.file ?? file };
}

export function describePlace({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** Collects the line numbers of the upper levels of a document. */
export function collectLines(
  document: Document.Parsed,
  lineAtOffset: (offset: number) => number,
): Record<string, number> {
  const lines: Record<string, number> = {};
  let places = 0;
  let targets: ReadonlyMap<Alias, Node | undefined> | undefined;

  function collect(node: unknown, path: string[]): void {
    if (path.length >= MAX_DEPTH || places >= MAX_PLACES) return;
    const target = isAlias(node) ? (targets ??= resolveAliases(document)).get(node) : node;
    if (isMap(target)) {
      for (const pair of target.items) {
        if (isScalar(pair.key)) put([...path, String(pair.key.value)], pair.key.range?.[0], pair.value);
      }
    } else if (isSeq(target)) {
      target.items.forEach((item, index) => {
        put([...path, String(index)], (item as { range?: [number] }).range?.[0], item);
      });
    }
  }

  function put(path: string[], offset: number | undefined, value: unknown): void {
    if (offset === undefined || places >= MAX_PLACES) return;
    places += 1;
    lines[JSON.stringify(path)] = lineAtOffset(offset);
    collect(value, path);
  }

  lines['[]'] = lineAtOffset(document.contents?.range[0] ?? document.range[0]);
  collect(document.contents, []);
  return lines;
}

/** What each alias refers to. Visits every node once, as the parser does to resolve a single alias. */
function resolveAliases(document: Document.Parsed): Map<Alias, Node | undefined> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) targets.set(node, anchors.get(node.source));
      else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/**
 * Returns the offset of the key (in a map) or item (in a list) at `path`. If the path does not exist, returns the
 * offset of the last element on it that does.
 */
export function offsetInDocument(document: Document.Parsed<ParsedNode>, path: ValuePath): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? document.range[0];
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap<ParsedNode, ParsedNode | null>(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return offset;
      offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq<ParsedNode>(node)) {
      const item = node.items[Number(key)];
      if (!item) return offset;
      offset = item.range[0];
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}
