/** A node read back from a flattened device tree. */
export interface ReadNode {
  readonly name: string;
  readonly properties: Readonly<Record<string, readonly number[]>>;
  readonly children: readonly ReadNode[];
}

/** Reads a flattened device tree, checking its header (Devicetree Specification v0.4, chapter 5). */
export function readDeviceTree(blob: Uint8Array): ReadNode {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const word = (at: number): number => view.getUint32(at);
  if (word(0) !== 0xd00dfeed || word(4) !== blob.length || word(20) !== 17)
    throw new Error('header');
  if (word(8) + word(36) > blob.length || word(12) + word(32) > blob.length)
    throw new Error('blocks');
  const text = (at: number): string => {
    return new TextDecoder().decode(blob.subarray(at, blob.indexOf(0, at)));
  };
  let at = word(8);
  const next = (): number => {
    at += 4;
    return word(at - 4);
  };
  const node = (): ReadNode => {
    const name = text(at);
    at += Math.ceil((name.length + 1) / 4) * 4;
    const properties: Record<string, number[]> = {};
    const children: ReadNode[] = [];
    for (;;) {
      const token = next();
      if (token === 2) return { name, properties, children };
      if (token === 1) children.push(node());
      else if (token === 3) {
        const length = next();
        const property = text(word(12) + next());
        properties[property] = [...blob.subarray(at, at + length)];
        at += Math.ceil(length / 4) * 4;
      } else throw new Error(`token ${String(token)}`);
    }
  };
  if (next() !== 1) throw new Error('root');
  const root = node();
  if (next() !== 9) throw new Error('end');
  return root;
}
