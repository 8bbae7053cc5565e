import type { Extension } from '../hw/isa/index.ts';

/** What each part of an ISA string selects; `s` (the supervisor level) is always there. */
const letters: Readonly<Record<string, Extension>> = { i: 'i', m: 'm', a: 'a', h: 'h' };
const words: Readonly<Record<string, Extension>> = {
  zicsr: 'zicsr',
  zifencei: 'zifencei',
  h: 'h',
  sv48: 'sv48',
};
const needed: readonly Extension[] = ['i', 'zicsr'];

/** The outcome of reading an ISA string: the extensions it selects, or what is wrong with it. */
export type IsaReading =
  { readonly extensions: ReadonlySet<Extension> } | { readonly problem: string };

/** Reads an ISA string such as `rv64ima_zicsr_zifencei_h` (unpriv 27, "ISA Extension Naming Conventions"). */
export function readIsaString(text: string): IsaReading {
  const [head = '', ...rest] = text.toLowerCase().split('_');
  if (!head.startsWith('rv64')) return { problem: 'expected a text that begins with rv64' };
  const extensions = new Set<Extension>(['s']);
  const parts = [
    ...Array.from(head.slice(4), (letter) => ({ name: letter, known: letters })),
    ...rest.map((word) => ({ name: word, known: words })),
  ];
  for (const { name, known } of parts) {
    const extension = known[name];
    if (extension === undefined) return { problem: unknownExtension(name) };
    extensions.add(extension);
  }
  const missing = needed.find((extension) => !extensions.has(extension));
  if (missing !== undefined) return { problem: `'${missing}' is missing; every hart here has it` };
  return { extensions };
}

function unknownExtension(name: string): string {
  const known = [...Object.keys(letters), ...Object.keys(words)];
  return `'${name}' is not implemented; known are ${[...new Set(known)].join(', ')}`;
}
