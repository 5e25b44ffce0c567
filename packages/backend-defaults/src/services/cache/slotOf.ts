// Computes in which part of a cluster a key is.

/** How many slots the keys of a cluster are spread over. */
export const slotCount = 16_384;

/** The slot of a key: CRC-16 (XMODEM) of its first text in braces, else of the whole. */
export function slotOf(key: string): number {
  const [, tag] = /\{([^}]*)\}/.exec(key) ?? [];
  let crc = 0;
  for (const byte of Buffer.from(tag || key)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
    }
  }
  return crc % slotCount;
}
