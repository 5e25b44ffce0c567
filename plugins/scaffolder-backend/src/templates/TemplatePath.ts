// The path of a value within a template.

/** Names and indexes, such as `['steps', 'fetch', 'input', 'url']`. */
export type TemplatePath = readonly (string | number)[];

/** As people write it: `steps.fetch.input.values['a name'][0]`. */
export function formatPath(path: TemplatePath): string {
  if (path.length === 0) return 'its top';
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `['${part}']`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}
