// Reads server-sent events from an answer.

/** One message of a stream. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

/** The messages as they come, until the stream ends. Comments, which only show that it lives, are left out. */
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
