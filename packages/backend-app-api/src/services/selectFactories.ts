// Decides which factories provide each service: the precedence rules, and the conflicts they leave.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { EngineError, subject } from '../errors';

/** How a factory came in, from the strongest claim to the weakest. */
const precedence = ['added', 'services', 'environment', 'loader', 'default', 'reference'] as const;

/** `reference` is the default factory that a service reference names. */
export type ServiceOrigin = (typeof precedence)[number];

/** A factory with how it came in and from where. */
export interface SourcedFactory {
  readonly factory: InternalServiceFactory;
  readonly origin: ServiceOrigin;
  readonly source: { toString(): string };
}

/** Factories of one origin, checked or not. */
export function sourced<TFactory>(factories: readonly TFactory[], origin: ServiceOrigin, source: string) {
  return factories.map(factory => ({ factory, origin, source }));
}

/** The factories that provide each service id: one for a singleton, all of them for a multiton. */
export type SelectedFactories = Map<string, SourcedFactory[]>;

/** Of a multiton, what was given when the backend was created comes before what was added, in the order of the latter. */
function place({ origin }: SourcedFactory): number {
  const early: readonly ServiceOrigin[] = ['default', 'environment', 'services'];
  return early.includes(origin) ? early.indexOf(origin) : early.length;
}

/** Later defaults replace earlier ones; any other two of equal rank are a conflict. */
export function selectFactories(factories: readonly SourcedFactory[]): {
  selected: SelectedFactories;
  problems: EngineError[];
} {
  const selected: SelectedFactories = new Map();
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
