import type { DeviceTreeNode, Property, PropertyItem } from './device-tree.ts';

/** Writes a device tree as source text, for people; `dtc` gives the same tree from it. */
export function deviceTreeText(root: DeviceTreeNode): string {
  return `/dts-v1/;\n\n${nodeText({ ...root, name: '/' }, '')}\n`;
}

function nodeText(node: DeviceTreeNode, indent: string): string {
  const label = node.label === undefined ? '' : `${node.label}: `;
  const inner = `${indent}\t`;
  const properties = Object.entries(node.properties).map(([name, value]) =>
    value.length === 0 ? `${inner}${name};` : `${inner}${name} = ${propertyText(value)};`,
  );
  const children = (node.children ?? []).map((child) => nodeText(child, inner));
  return [`${indent}${label}${node.name} {`, ...properties, ...children, `${indent}};`].join('\n');
}

function propertyText(items: Property): string {
  return items.map(itemText).join(', ');
}

function itemText(item: PropertyItem): string {
  if ('text' in item) return JSON.stringify(item.text);
  if ('phandleOf' in item) return `<&${item.phandleOf}>`;
  if ('cell' in item) return `<${hex(item.cell)}>`;
  if ('bytes' in item)
    return `[${Array.from(item.bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}]`;
  const wide = BigInt(item.wide);
  return `<${hex(wide >> 32n)} ${hex(wide & 0xffff_ffffn)}>`;
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
