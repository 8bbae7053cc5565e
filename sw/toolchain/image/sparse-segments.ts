import type { ElfSegment } from '../link/elf.ts';

const pageSize = 4096;
/** A shorter run of zero pages is cheaper in the file than another program header in the loader. */
const shortestGapPages = 16;

function isZeroPage(bytes: Uint8Array, page: number): boolean {
  const end = Math.min((page + 1) * pageSize, bytes.length);
  for (let at = page * pageSize; at < end; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

function withoutTrailingZeros(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

/** Splits writable data into segments so that long runs of zeros, and everything up to `end`, take no room in the file. */
export function splitAtZeros(base: bigint, bytes: Uint8Array, end: bigint): ElfSegment[] {
  const pageCount = Math.ceil(bytes.length / pageSize);
  const starts = [0];
  let zeroPages = 0;
  for (let page = 0; page < pageCount; page += 1) {
    if (isZeroPage(bytes, page)) {
      zeroPages += 1;
      continue;
    }
    if (zeroPages >= shortestGapPages && page > 0) starts.push(page * pageSize);
    zeroPages = 0;
  }
  return starts.map((start, index): ElfSegment => {
    const next = starts[index + 1];
    const address = base + BigInt(start);
    const content = withoutTrailingZeros(bytes.subarray(start, next));
    const memorySize = next === undefined ? end - address : BigInt(next - start);
    return { address, bytes: content, memorySize, isWritable: true, isExecutable: false };
  });
}
