import { concatenate } from './cpio.ts';

/** One value of a property: a cell (32 bits), a pair of cells (64 bits), a string, raw bytes, or a phandle of a node. */
export type PropertyItem =
  | { readonly cell: number }
  | { readonly wide: number | bigint }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly phandleOf: string };

/** A property is a sequence of items; without items it is a flag. */
export type Property = readonly PropertyItem[];

/** A node of a device tree; `label` is what `phandleOf` refers to. */
export interface DeviceTreeNode {
  /** Name with unit address, such as `uart@10000000`; empty for the root. */
  readonly name: string;
  readonly label?: string;
  readonly properties: Readonly<Record<string, Property>>;
  readonly children?: readonly DeviceTreeNode[];
}

const magic = 0xd00d_feed;
const version = 17;
const lastCompatibleVersion = 16;
const headerBytes = 40;
const reservationBytes = 16;
const token = { beginNode: 1, endNode: 2, property: 3, end: 9 } as const;

/** Writes a flattened device tree, version 17 (Devicetree Specification v0.4, chapter 5). */
export function writeDeviceTree(root: DeviceTreeNode, bootHart = 0): Uint8Array {
  const writer = {
    parts: [] as Uint8Array[],
    strings: new StringBlock(),
    phandles: phandlesOf(root),
  };
  writeNode(root, writer);
  const missing = [...writer.phandles.keys()].find((label) => !hasLabel(root, label));
  if (missing !== undefined) throw new Error(`device tree: no node has the label '${missing}'`);
  writer.parts.push(cells(token.end));
  const structure = concatenate(writer.parts);
  const strings = writer.strings.bytes();
  const structureOffset = headerBytes + reservationBytes;
  const stringsOffset = structureOffset + structure.length;
  const header = cells(
    magic,
    stringsOffset + strings.length,
    structureOffset,
    stringsOffset,
    headerBytes,
    version,
    lastCompatibleVersion,
    bootHart,
    strings.length,
    structure.length,
  );
  return concatenate([header, new Uint8Array(reservationBytes), structure, strings]);
}

interface Writer {
  readonly parts: Uint8Array[];
  readonly strings: StringBlock;
  readonly phandles: ReadonlyMap<string, number>;
}

function writeNode(node: DeviceTreeNode, writer: Writer): void {
  const phandle = node.label === undefined ? undefined : writer.phandles.get(node.label);
  const properties =
    phandle === undefined ? node.properties : { ...node.properties, phandle: [{ cell: phandle }] };
  writer.parts.push(cells(token.beginNode), padded(zeroTerminated(node.name)));
  for (const [name, items] of Object.entries(properties)) {
    const value = concatenate(items.map((item) => itemBytes(item, writer.phandles)));
    writer.parts.push(
      cells(token.property, value.length, writer.strings.offsetOf(name)),
      padded(value),
    );
  }
  for (const child of node.children ?? []) writeNode(child, writer);
  writer.parts.push(cells(token.endNode));
}

function itemBytes(item: PropertyItem, phandles: ReadonlyMap<string, number>): Uint8Array {
  if ('cell' in item) return cells(item.cell);
  if ('wide' in item) {
    const value = BigInt(item.wide);
    return cells(Number(value >> 32n), Number(value & 0xffff_ffffn));
  }
  if ('text' in item) return zeroTerminated(item.text);
  if ('bytes' in item) return item.bytes;
  return cells(phandles.get(item.phandleOf) ?? 0);
}

function hasLabel(node: DeviceTreeNode, label: string): boolean {
  return node.label === label || (node.children?.some((child) => hasLabel(child, label)) ?? false);
}

/** Numbers the nodes that others refer to. */
function phandlesOf(root: DeviceTreeNode): Map<string, number> {
  const phandles = new Map<string, number>();
  const visit = ({ properties, children }: DeviceTreeNode): void => {
    for (const item of Object.values(properties).flat()) {
      if ('phandleOf' in item && !phandles.has(item.phandleOf)) {
        phandles.set(item.phandleOf, phandles.size + 1);
      }
    }
    children?.forEach(visit);
  };
  visit(root);
  return phandles;
}

class StringBlock {
  readonly #offsets = new Map<string, number>();
  #length = 0;

  offsetOf(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.#length;
    this.#offsets.set(text, offset);
    this.#length += zeroTerminated(text).length;
    return offset;
  }

  bytes(): Uint8Array {
    return concatenate([...this.#offsets.keys()].map(zeroTerminated));
  }
}

function cells(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value);
  });
  return bytes;
}

function zeroTerminated(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}
