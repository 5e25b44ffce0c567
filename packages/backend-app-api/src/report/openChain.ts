// Follows what a step waits for, from spans that have not ended.
import type { StartupSpan } from './StartupResult';

const words: Partial<Record<StartupSpan['kind'], string>> = { init: 'the init of plugin', hook: 'the' };

/** The steps within `span` that are still open, each within the one before: the last is what everything waits for. */
export function openChain(spans: readonly StartupSpan[], span: StartupSpan): string[] {
  const chain: string[] = [];
  let inner: StartupSpan | undefined = span;
  while ((inner = spans.findLast(({ parent, end }) => end === undefined && parent === inner!.id))) {
    const { kind, name } = inner;
    chain.push(kind === 'hook' ? name : `${words[kind] ?? kind} '${name}'`);
  }
  return chain;
}
