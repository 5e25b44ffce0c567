// Type tests: the events contract and the published one, as its declarations have it, are assignable to each other.
import { eventsServiceRef, type EventParams, type EventsService, type ServiceRef } from '..';

interface PublishedParams<TPayload = unknown> {
  topic: string;
  eventPayload: TPayload;
  metadata?: Record<string, string | string[] | undefined>;
}
type PublishedOptions = {
  id: string;
  topics: string[];
  onEvent: (params: PublishedParams) => Promise<void>;
};
interface Published {
  publish(params: PublishedParams): Promise<void>;
  subscribe(options: PublishedOptions): Promise<void>;
}

declare const ours: EventsService;
declare const published: Published;
ours satisfies Published;
published satisfies EventsService;
declare const params: EventParams<{ id: number }>;
params satisfies PublishedParams<{ id: number }>;
declare const publishedParams: PublishedParams<{ id: number }>;
publishedParams satisfies EventParams<{ id: number }>;

// Each option is needed, and nothing more.
type Options = Parameters<EventsService['subscribe']>[0];
declare const options: Options;
options satisfies PublishedOptions;
declare const publishedOptions: PublishedOptions;
publishedOptions satisfies Options;
// @ts-expect-error a subscription has an id
({ topics: [], onEvent: async () => {} }) satisfies Options;
// @ts-expect-error handlers are asynchronous
({ id: '', topics: [], onEvent: () => {} }) satisfies Options;

eventsServiceRef satisfies ServiceRef<Published, 'plugin', 'singleton'>;
