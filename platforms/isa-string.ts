import type { Extension } from '../hw/isa/index.ts';

/** What each part of an ISA string selects; `s` (the supervisor level) is always there. */
const letters: Readonly<Record<string, readonly Extension[]>> = {
  i: ['i'],
  m: ['m'],
  a: ['a'],
  f: ['f'],
  d: ['f', 'd'],
  g: ['i', 'm', 'a', 'f', 'd', 'zicsr', 'zifencei'],
  c: ['c'],
  b: ['zba', 'zbb', 'zbs'],
  h: ['h'],
};
/** The hints select nothing, since every hart executes them as the base instructions that encode them; nor do the counters, which every hart has. */
const words: Readonly<Record<string, readonly Extension[]>> = {
  zicsr: ['zicsr'],
  zifencei: ['zifencei'],
  zicbom: ['zicbom'],
  zicbop: ['zicbop'],
  zicboz: ['zicboz'],
  zicntr: [],
  zihpm: ['zihpm'],
  zihintntl: [],
  zihintpause: [],
  zba: ['zba'],
  zbb: ['zbb'],
  zbs: ['zbs'],
  h: ['h'],
  sv48: ['sv48'],
  sstc: ['sstc'],
  svadu: ['svadu'],
  svinval: ['svinval'],
};
const needed: readonly Extension[] = ['i', 'zicsr'];

/** Every name that an ISA string may contain behind `rv64`. */
export const isaNames: readonly string[] = [
  ...new Set([...Object.keys(letters), ...Object.keys(words)]),
];

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
    const selected = Object.hasOwn(known, name) ? known[name] : undefined;
    if (selected === undefined) return { problem: unknownExtension(name) };
    for (const extension of selected) extensions.add(extension);
  }
  const missing = needed.find((extension) => !extensions.has(extension));
  if (missing !== undefined) return { problem: `'${missing}' is missing; every hart here has it` };
  return { extensions };
}

function unknownExtension(name: string): string {
  return `'${name}' is not implemented; known are ${isaNames.join(', ')}`;
}
