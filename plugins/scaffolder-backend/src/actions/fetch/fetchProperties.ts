// The inputs shared by actions that fetch and render, as JSON schemas.

/** Indexed by input name. */
export const fetchProperties = {
  url: {
    type: 'string',
    title: 'URL',
    description: 'An absolute URL, or a path relative to the file of the template',
  },
  targetPath: {
    type: 'string',
    title: 'Target',
    description: 'Where the files go, relative to the workspace',
  },
  token: {
    type: 'string',
    title: 'Token',
    description: 'Used instead of the configured credentials of the host',
  },
  values: {
    type: 'object',
    title: 'Values',
    description: 'What the templates see as `values`',
  },
  cookiecutterCompat: {
    type: 'boolean',
    title: 'Cookiecutter',
    description: 'Templates are `{{ cookiecutter.name }}`, and have what Jinja has beyond Nunjucks',
    default: false,
  },
  replace: {
    type: 'boolean',
    title: 'Replace',
    description: 'Overwrites files that are there already, which are kept otherwise',
    default: false,
  },
  trimBlocks: {
    type: 'boolean',
    title: 'Trim blocks',
    description: 'Removes the newline behind a block tag',
    default: false,
  },
  lstripBlocks: {
    type: 'boolean',
    title: 'Strip before blocks',
    description: 'Removes the spaces before a block tag that has a line to itself',
    default: false,
  },
} as const;

/** For actions that render all files of a folder. */
export const skeletonProperties = {
  copyWithoutTemplating: {
    type: 'array',
    items: { type: 'string' },
    title: 'Copy without templating',
    description: 'Globs of files whose contents are left as they are; names are rendered',
  },
  templateFileExtension: {
    type: ['string', 'boolean'],
    title: 'Extension of templates',
    description: 'Only files of this extension have templates in them, and they lose it; true is .njk',
  },
} as const;
