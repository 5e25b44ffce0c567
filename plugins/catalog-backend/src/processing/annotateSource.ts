// Annotates entities with the URLs for viewing and editing their file, and with their source location.
import type { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_EDIT_URL,
  ANNOTATION_SOURCE_LOCATION,
  ANNOTATION_VIEW_URL,
} from '@greenroom/plugin-catalog-node/internal';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { GitHostKind, GitHosts } from '../config/readGitHosts';

/** The URL paths by which a host shows a file, and its folder and editor if those differ. The repository is `$1`. */
interface Pages {
  readonly file: RegExp;
  readonly folder?: string;
  readonly editor?: string;
}

// The repository has at least two path segments, because the host may have a path prefix.
const pages: Readonly<Record<GitHostKind, Pages>> = {
  github: {
    file: /^(.*?\/[^/]+\/[^/]+)\/(?:blob|tree)\/(?=[^/]+\/.)/,
    folder: '$1/tree/',
    editor: '$1/edit/',
  },
  gitlab: {
    file: /^(.*?\/[^/]+\/[^/]+?)(?:\/-)?\/(?:blob|tree)\/(?=[^/]+\/.)/,
    folder: '$1/-/tree/',
    editor: '$1/-/edit/',
  },
  bitbucketCloud: { file: /^(.*?\/[^/]+\/[^/]+)\/src\/(?=[^/]+\/.)/ },
  bitbucketServer: { file: /^(.*?\/(?:projects|users)\/[^/]+\/repos\/[^/]+)\/browse\/(?=.)/ },
  gitea: { file: /^(.*?\/[^/]+\/[^/]+)\/src\/branch\/(?=[^/]+\/.)/, editor: '$1/_edit/' },
};

/**
 * Adds the annotations `view-url`, `edit-url` and `source-location` (the folder of the file) to entities from a known
 * git host. Existing annotations stay.
 */
export function annotateSource(entity: Entity, { type, target }: LocationSpec, hosts: GitHosts): Entity {
  const url = type === 'url' && !target.includes('*') && URL.canParse(target) ? new URL(target) : undefined;
  const kind = url && hosts.get(url.host);
  if (!url || !kind || !pages[kind].file.test(url.pathname)) return entity;
  const annotations = {
    [ANNOTATION_VIEW_URL]: target,
    [ANNOTATION_EDIT_URL]: editUrl(url, kind),
    [ANNOTATION_SOURCE_LOCATION]: `url:${folderUrl(url, kind)}`,
    ...entity.metadata.annotations,
  };
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}

function editUrl(url: URL, kind: GitHostKind): string {
  const { file, editor } = pages[kind];
  const edited = new URL(url);
  if (editor) edited.pathname = url.pathname.replace(file, editor);
  if (kind === 'bitbucketCloud') {
    edited.search = `?mode=edit&at=${url.pathname.replace(file, '').split('/')[0]}`;
  }
  return edited.toString();
}

/** Ends with a slash, so that relative paths resolve against it. Keeps the query, which may contain the branch. */
function folderUrl(url: URL, kind: GitHostKind): string {
  const { file, folder } = pages[kind];
  const seen = new URL(url);
  if (folder) seen.pathname = url.pathname.replace(file, folder);
  const source = new URL('./', seen);
  source.search = url.search;
  return source.toString();
}
