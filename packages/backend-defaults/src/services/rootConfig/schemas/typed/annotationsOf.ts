// Reads annotations such as `@visibility secret` from the comments of a property.
import type { Declaration, Symbol as PropertySymbol } from 'typescript';
import type { ConfigSchema } from '../ConfigSchema';

const comments = /\/\*\*(.*?)\*\//gs;
// Only at the start of a line, because text may contain links and email addresses.
const tags = /(?:^|\n)[ \t]*@(items\.)?(\w+)[ \t]*((?:(?!\n[ \t]*@)[^])*)/g;

const readers: Record<string, (text: string) => unknown> = {
  visibility: firstWord,
  deepVisibility: firstWord,
  deprecated: text => text.replace(/\s+/g, ' ') || true,
  pattern: text => text || undefined,
};
const numbers =
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems';
for (const name of numbers.split(' ')) {
  readers[name] = text => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined);
}

/** The keywords for the value, and those that `@items.` sets for the items of a list. */
export function annotationsOf({ declarations = [] }: PropertySymbol): {
  own: ConfigSchema;
  items?: ConfigSchema;
} {
  const own: ConfigSchema = {};
  const items: ConfigSchema = {};
  for (const [, ofItems, name, text] of declarations.flatMap(tagsOf)) {
    const read = Object.hasOwn(readers, name!) ? readers[name!] : undefined;
    const value = read?.(text!.trim());
    if (value !== undefined) (ofItems ? items : own)[name!] = value;
  }
  return { own, ...(Object.keys(items).length > 0 && { items }) };
}

// TypeScript only attaches a comment that starts a line, but `{ /** @visibility secret */ token: string }` is meant
// for the token as well.
function tagsOf(declaration: Declaration): RegExpMatchArray[] {
  const file = declaration.getSourceFile();
  const before = file.text.slice(declaration.getFullStart(), declaration.getStart(file));
  return [...before.matchAll(comments)].flatMap(([, comment]) => {
    const text = comment!.replace(/^[ \t]*\*+/gm, '');
    return [...text.matchAll(tags)];
  });
}

function firstWord(text: string): string | undefined {
  return text.split(/\s/, 1)[0] || undefined;
}
