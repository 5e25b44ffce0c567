// Reads server-sent events from a response.

/** A message of the stream. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

/** Yields messages as they arrive, until the stream ends. Skips comments, which only keep the connection alive. */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map(line => {
          const [name, ...value] = line.split(': ');
          return [name, value.join(': ')] as const;
        }),
      );
      const [event, data] = [fields.get('event'), fields.get('data')];
      if (event !== undefined && data !== undefined) yield { event, data };
    }
  }
}
