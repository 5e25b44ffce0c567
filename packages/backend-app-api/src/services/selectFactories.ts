// Decides which factories provide each service, by the rules of precedence, and reports conflicts.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { EngineError, subject } from '../errors';

/** The origins of factories, in order of precedence. */
const precedence = ['added', 'services', 'environment', 'loader', 'default', 'reference'] as const;

/** Where a factory comes from; `reference` is the default factory of a service reference. */
export type ServiceOrigin = (typeof precedence)[number];

export interface SourcedFactory {
  readonly factory: InternalServiceFactory;
  readonly origin: ServiceOrigin;
  readonly source: { toString(): string };
}

/** Adds origin and source to factories, checked or not. */
export function sourced<TFactory>(factories: readonly TFactory[], origin: ServiceOrigin, source: string) {
  return factories.map(factory => ({ factory, origin, source }));
}

/** For a multiton, factories given when the backend was created come before those that were added, which keep their order. */
function place({ origin }: SourcedFactory): number {
  const early: readonly ServiceOrigin[] = ['default', 'environment', 'services'];
  return early.includes(origin) ? early.indexOf(origin) : early.length;
}

/**
 * Selects the factories that provide each service: one for a singleton, all of them for a multiton. Later defaults
 * replace earlier ones; any other two of equal rank are a conflict.
 */
export function selectFactories(factories: readonly SourcedFactory[]) {
  const selected = new Map<string, SourcedFactory[]>();
  const problems: EngineError[] = [];
  factories.forEach(one => {
    const { id } = one.factory.service;
    const known = selected.get(id);
    if (known) known.push(one);
    else selected.set(id, [one]);
  });
  selected.forEach((all, id) => {
    if (all.length === 1) return;
    if (all[0]!.factory.service.multiton) {
      all.sort((a, b) => place(a) - place(b));
      return;
    }
    const strongest = precedence.find(origin => all.some(one => one.origin === origin))!;
    const equals = all.filter(({ origin }) => origin === strongest);
    const winner = strongest === 'default' ? equals.pop()! : equals.shift()!;
    selected.set(id, [winner]);
    if (strongest === 'default') return;
    for (const rival of equals) {
      const sources = { first: String(winner.source), second: String(rival.source) };
      problems.push(new EngineError('GR_SERVICE_CONFLICT', { subject: subject('service', id), ...sources }));
    }
  });
  return { selected, problems };
}
