// Decides which factories provide each service: the precedence rules, and the conflicts they leave.
import type { ServiceFactory } from '@greenroom/backend-plugin-api';
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

/** Factories of one origin, or functions that return them. */
export function sourced(
  factories: ReadonlyArray<ServiceFactory | (() => ServiceFactory)>,
  origin: ServiceOrigin,
  source: string,
): SourcedFactory[] {
  return factories.map(one => {
    const factory = '$$type' in one ? one : one();
    return { factory: factory as InternalServiceFactory, origin, source };
  });
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
  const rivals: SourcedFactory[] = [];

  for (const candidate of factories) {
    const { service } = candidate.factory;
    const holders = selected.get(service.id);
    if (!holders) selected.set(service.id, [candidate]);
    else if (service.multiton) holders.push(candidate);
    else {
      const order = precedence.indexOf(candidate.origin) - precedence.indexOf(holders[0]!.origin);
      if (order < 0 || (order === 0 && candidate.origin === 'default')) holders[0] = candidate;
      else if (order === 0) rivals.push(candidate);
    }
  }

  for (const rival of rivals) {
    const { id } = rival.factory.service;
    const holder = selected.get(id)![0]!;
    if (holder.origin !== rival.origin) continue;
    const sources = { first: String(holder.source), second: String(rival.source) };
    problems.push(new EngineError('GR_SERVICE_CONFLICT', { subject: subject('service', id), ...sources }));
  }
  for (const holders of selected.values()) {
    if (holders.length > 1) holders.sort((a, b) => place(a) - place(b));
  }
  return { selected, problems };
}
