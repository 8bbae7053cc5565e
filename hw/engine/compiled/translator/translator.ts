import { type MachineMemory, wasmPageBytes } from '../../../kernel/index.ts';
import {
  compile,
  functionTable,
  instantiate,
  ModuleWriter,
  type WasmFunction,
  type WasmTable,
} from '../../../wasm/index.ts';
import type { CodePages } from '../code-pages.ts';
import { type EngineTiming, learnParameters } from '../engine-timing.ts';
import { fillType } from '../line-filter-code.ts';
import { regionCode } from './region-code.ts';
import { regionResults } from './region-frame.ts';
import { findRegion } from './region.ts';
import type { TranslationLimits } from './translation-limits.ts';

/** What translations depend on. */
export interface TranslatorSettings {
  readonly pages: CodePages;
  readonly timing: EngineTiming;
  readonly instructionAlignment: 2 | 4;
  readonly limits: TranslationLimits;
  readonly memory: MachineMemory;
  /** What `regionTable` made. */
  readonly regions: WasmTable;
  readonly fill: WasmFunction;
  /** The interpreter's; any function where transfers are not timed. */
  readonly learn: WasmFunction;
}

interface Region {
  readonly number: number;
  /** The entry that it begins at. */
  readonly entry: number;
  readonly lines: ReadonlySet<number>;
}

/** Regions kept at most. */
const CAPACITY = 16_384;

/** A table for the functions of the regions, by number. */
export function regionTable(): WasmTable {
  return functionTable(CAPACITY);
}

/** Translates hot code, region by region, and forgets translations of code that changes. */
export class Translator {
  readonly #settings: TranslatorSettings;
  readonly #regions = new Map<number, Region>();
  readonly #byLine = new Map<number, Set<Region>>();
  readonly #free: number[] = [];
  readonly #queue = new Set<number>();

  constructor(settings: TranslatorSettings) {
    this.#settings = settings;
    this.#freeAll();
  }

  /** An entry has been jumped to many times; it is translated together with others, or now if that happens again. */
  heat(entry: number): void {
    this.#settings.pages.cool(entry);
    const isUrgent = this.#queue.has(entry);
    this.#queue.add(entry);
    if (isUrgent || this.#queue.size >= this.#settings.limits.batch) this.#translate();
  }

  /** Code of a line has changed. */
  forgetLine(line: number): void {
    this.#queue.clear();
    for (const region of this.#byLine.get(line) ?? []) this.#drop(region);
  }

  /** Entries are not where they were. */
  flush(): void {
    this.#queue.clear();
    for (const region of this.#regions.values()) this.#drop(region);
  }

  #translate(): void {
    const { pages, timing, instructionAlignment, memory, limits } = this.#settings;
    const entries = [...this.#queue];
    this.#queue.clear();
    if (this.#free.length < entries.length) this.flush();
    const module = new ModuleWriter();
    module.importMemory('memory', memory.buffer.byteLength / wasmPageBytes);
    const fill = module.importFunction('fill', fillType);
    const transfers = timing.transfers === undefined ? undefined : learnParameters;
    const learn =
      transfers && module.importFunction('learn', { parameters: transfers, results: ['i32'] });
    const settings = { pages, timing, instructionAlignment, fill, learn: learn ?? fill };
    const regions: Region[] = [];
    for (const entry of entries) {
      const { entries: start, inPage } = pages.locate(entry);
      const blocks = findRegion({ pages, limits, entries: start }, inPage);
      if (!blocks.has(inPage)) continue;
      const number = this.#free.pop();
      if (number === undefined) break;
      const instructions = [...blocks.values()].flatMap((block) => block.instructions);
      const lines = new Set(
        instructions.flatMap((instruction) => pages.linesOf(instruction.entry)),
      );
      module.addFunction(regionCode(settings, blocks, inPage), regionResults, String(number));
      regions.push({ number, entry, lines });
    }
    if (regions.length === 0) return;
    const functions = instantiate(compile(module.toBytes()), {
      memory: memory.memory,
      fill: this.#settings.fill,
      learn: this.#settings.learn,
    });
    for (const region of regions) this.#add(region, functions[String(region.number)] ?? null);
  }

  #add(region: Region, code: WasmFunction | null): void {
    this.#settings.regions.set(region.number, code);
    this.#regions.set(region.number, region);
    for (const line of region.lines) {
      const others = this.#byLine.get(line) ?? new Set();
      this.#byLine.set(line, others.add(region));
    }
    this.#settings.pages.setRegion(region.entry, region.number);
  }

  #drop(region: Region): void {
    this.#settings.pages.cool(region.entry);
    this.#regions.delete(region.number);
    for (const line of region.lines) {
      const others = this.#byLine.get(line);
      others?.delete(region);
      if (others?.size === 0) this.#byLine.delete(line);
    }
    this.#settings.regions.set(region.number, null);
    this.#free.push(region.number);
  }

  #freeAll(): void {
    for (let number = CAPACITY - 1; number >= 0; number -= 1) this.#free.push(number);
  }
}
