// Chooses how an answer is compressed, by what its request accepts.

/** The encodings there are, the one that saves most first. */
export const encodings = ['br', 'gzip', 'deflate'] as const;
export type Encoding = (typeof encodings)[number];

/** The encoding that an `Accept-Encoding` header likes best; `undefined` where the answer is best left as it is. */
export function chooseEncoding(accepted: string | undefined): Encoding | undefined {
  if (!accepted) return undefined;
  const weights = new Map<string, number>();
  for (const part of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map(text => text.trim());
    const weight = parameters.find(text => text.startsWith('q='))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight) || 0);
  }
  const others = weights.get('*') ?? 0;
  let best: Encoding | undefined;
  // Whoever would rather have no encoding says so by name.
  let bestWeight = 0;
  for (const encoding of encodings) {
    const weight = weights.get(encoding) ?? others;
    if (weight > bestWeight) {
      best = encoding;
      bestWeight = weight;
    }
  }
  return (weights.get('identity') ?? 0) > bestWeight ? undefined : best;
}
