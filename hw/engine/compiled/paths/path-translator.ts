import type { Decoded } from '../../../isa/index.ts';
import { type MachineMemory, wasmPageBytes } from '../../../kernel/index.ts';
import {
  compile,
  instantiate,
  ModuleWriter,
  type WasmFunction,
  type WasmTable,
} from '../../../wasm/index.ts';
import { type EngineTiming, walkType } from '../engine-timing.ts';
import { regionResults } from '../translator/region-frame.ts';
import type { TranslationLimits } from '../translator/translation-limits.ts';
import type { KnownPaths } from './known-paths.ts';
import { pathCode } from './path-code.ts';
import { holdsType } from './path-frame.ts';
import { findPaths, type PathGraph } from './path-graph.ts';

/** What the translation of paths depends on, for all harts of a machine. */
export interface PathTranslation {
  readonly timing: EngineTiming;
  readonly memory: MachineMemory;
  /** Where the functions are called from. */
  readonly table: WasmTable;
  /** Numbers in it that are free. */
  readonly free: number[];
  /** The function that follows the path of an instruction (`EngineTiming.commitCode`), and its type. */
  readonly walk: WasmFunction;
  readonly instructionAlignment: 2 | 4;
  readonly limits: TranslationLimits;
}

/** What it depends on for one hart. */
export interface PathTranslatorPorts {
  readonly known: KnownPaths;
  /** The instruction at an address, if generated code may execute it. */
  readonly decodedAt: (pc: bigint) => Decoded | undefined;
}

interface Translated {
  readonly number: number;
  readonly graph: PathGraph;
  readonly entries: readonly number[];
  readonly checks: readonly number[];
  readonly version: number;
}

/** More checks than the code of one situation makes. */
const MOST_CHECKS = 16;
/** How often a function is made anew with what it turned out to lack. */
const MOST_VERSIONS = 10;

/** Translates hot paths of one core in stages, and forgets the functions when the core forgets the paths. */
export class PathTranslator {
  readonly #translation: PathTranslation;
  readonly #ports: PathTranslatorPorts;
  readonly #functions = new Map<number, Translated>();
  /** By node: the last function that has it inside, or knows the way to it. */
  readonly #near = new Map<number, number>();
  /** How often a node has been hot. */
  readonly #heats = new Map<number, number>();

  constructor(translation: PathTranslation, ports: PathTranslatorPorts) {
    this.#translation = translation;
    this.#ports = ports;
    ports.known.onClear = () => {
      this.#flush();
    };
  }

  /** What comes next where the core is has been come to often. */
  heat(): void {
    const { known } = this.#ports;
    const { node } = known;
    known.setCode(node, 0, 0);
    const heats = (this.#heats.get(node) ?? 0) + 1;
    this.#heats.set(node, heats);
    const near = this.#functions.get(this.#near.get(node) ?? -1);
    // The more often a function has been made, the less the next one gains.
    if (near !== undefined && heats < near.version) return;
    const grows = near !== undefined && near.version < MOST_VERSIONS;
    const isRoomy =
      near !== undefined && near.graph.vertices.size < this.#translation.limits.situations;
    if (grows && (isRoomy || near.graph.vertices.has(node))) {
      const { entries, version } = near;
      this.#drop(near);
      this.#translate([...entries, node], version + 1);
    } else this.#translate([node], 0);
  }

  #translate(roots: readonly number[], version: number): void {
    const { known, decodedAt } = this.#ports;
    const { timing, memory, table, free, walk, instructionAlignment, limits } = this.#translation;
    const graph = findPaths({ known, decodedAt, limits }, roots);
    const number = free.pop();
    if (
      graph.entries.length === 0 ||
      !known.hasRoom(MOST_CHECKS * limits.situations) ||
      number === undefined
    )
      return;
    const module = new ModuleWriter();
    module.importMemory('memory', memory.buffer.byteLength / wasmPageBytes);
    const walkNumber = module.importFunction('walk', walkType);
    const holds = module.importFunction('holds', holdsType);
    const { code, entries, checks } = pathCode({
      ...{ known, number, timing, graph, instructionAlignment, holds },
      ...{ walk: walkNumber, issue: timing.issue },
    });
    module.addFunction(code, regionResults, 'paths');
    const { paths } = instantiate(compile(module.toBytes()), {
      memory: memory.memory,
      walk,
      holds: (check: number) => (known.holds(check) ? 1 : 0),
    });
    table.set(number, paths ?? null);
    this.#functions.set(number, { number, graph, entries, checks, version });
    for (const [entry, node] of entries.entries()) known.setCode(node, number + 1, entry);
    for (const node of [...graph.vertices.keys(), ...graph.exits]) this.#near.set(node, number);
  }

  #drop({ number, entries, checks }: Translated): void {
    for (const check of checks) this.#ports.known.removeCheck(check);
    const { table, free } = this.#translation;
    for (const node of entries) this.#ports.known.setCode(node, 0, 0);
    table.set(number, null);
    free.push(number);
    this.#functions.delete(number);
  }

  /** The nodes have other meanings from now on. */
  #flush(): void {
    const { table, free } = this.#translation;
    for (const number of this.#functions.keys()) {
      table.set(number, null);
      free.push(number);
    }
    this.#functions.clear();
    this.#near.clear();
    this.#heats.clear();
  }
}
