import { type Decoded, instructions, type Selection } from '../../isa/index.ts';
import { type MachineMemory, type MemoryArea, wasmPageBytes } from '../../kernel/index.ts';
import {
  compile,
  instantiate,
  type WasmFunction,
  type WasmModule,
  type WasmTable,
} from '../../wasm/index.ts';
import { CodePages } from './code-pages.ts';
import type { EngineTiming } from './engine-timing.ts';
import { GUARDED_PAGES_BYTES, GuardedPages } from './guarded-pages.ts';
import type { InterpreterSettings } from './interpreter/interpreter-frame.ts';
import { interpreterModule } from './interpreter/interpreter-module.ts';
import { OperationTable } from './operations.ts';
import { isRegion } from './packed-entry.ts';
import {
  type PathTranslation,
  PathTranslator,
  type PathTranslatorPorts,
} from './paths/path-translator.ts';
import type { CachedAccess } from './refill/cached-access.ts';
import { cachedRefillModule, refillModule } from './refill/refill-module.ts';
import { NO_HART } from './run-state.ts';
import type { TranslationLimits } from './translator/translation-limits.ts';
import { regionTable, Translator } from './translator/translator.ts';

/** The numbers of a table, the first last. */
function numbersOf({ length }: WasmTable): number[] {
  return Array.from({ length }, (_, index) => length - 1 - index);
}

/** What generated code asks of the hart that runs. */
export interface CompiledClient {
  /**
   * Lets the filter cover an access to an address, the high half unsigned, the low one signed, if nothing but memory depends on it, and walks the tables for it where that leaves
   * everything be that the running code depends on, the places of the tables included. The result is 0 if the filter does not cover it now, or else 1 more than
   * the cycles that were spent, `spare` at most. Where it is 0, the instruction may have begun: nothing may be executed
   * and no time pass until it is asked for again, or `run` has come back. Where caches are modelled, `left` are the cycles left in the cycle of
   * the access, and `place` is that of the instruction in its page.
   */
  fill(
    high: number,
    low: number,
    bytes: number,
    isWrite: boolean,
    spare: number,
    left: number,
    place: number,
  ): number;
  /**
   * Where caches are modelled: fetches the instruction at an address in the current page, in halves as those of `fill`, with so many
   * cycles left, and notes that its lines are there. The result are the cycles that pass.
   */
  fetchLine(high: number, low: number, left: number): number;
  /**
   * An instruction has been executed, whose addresses are in the hart's state: lets a core in stages commit it. `host` is where its
   * access was made, 0 if it made none. Of `variant`, bit 0 says whether it is a transfer that was taken, the rest are the cycles of a
   * multiplication or division. The result are the cycles that passed.
   */
  commit(host: number, variant: number): number;
  /** Does what an action of the path of that instruction says, or asks its question: the answer. */
  perform(host: number, action: number): number;
  /** A line at an offset of the machine's memory must not be written directly any more. */
  dropLine(offset: number): void;
  /** Entries of code have moved. */
  dropCode(): void;
}

/** What the generated code of a machine depends on. */
export interface CompiledCodeSettings {
  readonly memory: MachineMemory;
  /** Room for decoded code. */
  readonly area: MemoryArea;
  readonly instructionAlignment: 2 | 4;
  readonly selection: Selection;
  readonly timing: EngineTiming;
  /** What caches do about accesses, where they are modelled, if there is code for it. */
  readonly cachedAccess: CachedAccess | undefined;
  readonly decode: (word: number) => Decoded | undefined;
  /** When code is translated; `undefined` leaves everything to the interpreter. */
  readonly translation: TranslationLimits | undefined;
}

/**
 * Instructions within which code must be jumped to `heat` times to be translated. Generated code is many times the size of the
 * guest's: if more of it is in use than the host's caches hold, the interpreter is faster.
 */
const HEAT_WINDOW = 10_000_000;

/** Interpreters that were compiled, by everything that they were generated for. */
const interpreters = new Map<string, WasmModule>();
const MOST_INTERPRETERS = 16;

function interpreterFor(timingKey: string, settings: InterpreterSettings): WasmModule {
  const key = JSON.stringify([
    timingKey,
    { ...settings, operations: 0, timing: 0 },
    settings.operations.key,
  ]);
  let module = interpreters.get(key);
  if (module === undefined) {
    if (interpreters.size >= MOST_INTERPRETERS) interpreters.clear();
    module = compile(interpreterModule(settings));
    interpreters.set(key, module);
  }
  return module;
}

/** The module that fills filters, if any can. */
function refillFor(
  { hasCaches }: EngineTiming,
  { buffer }: MachineMemory,
  access: CachedAccess | undefined,
  guards: number,
): WasmModule | undefined {
  const pages = buffer.byteLength / wasmPageBytes;
  if (!hasCaches) return refillModule(pages);
  return access && cachedRefillModule(pages, { access, guards });
}

/** The generated code of a machine, and the decoded pages that it works on; all harts share it. */
export class CompiledCode {
  readonly pages: CodePages;
  /** By where the hart's memory begins. */
  readonly #clients = new Map<number, CompiledClient>();
  readonly #run: WasmFunction;
  readonly #guarded: GuardedPages;
  readonly #translator: Translator | undefined;
  readonly #paths: PathTranslation | undefined;
  #windowLeft = HEAT_WINDOW;
  /** The hart that generated code asked something of last. */
  #asking = NO_HART;
  #client: CompiledClient | undefined;

  constructor(settings: CompiledCodeSettings) {
    const { memory, instructionAlignment, selection, timing, decode, translation } = settings;
    const { extensions } = selection;
    if ((translation?.heat ?? 0) >= isRegion)
      throw new RangeError('an entry cannot count so many jumps');
    const operations = new OperationTable(
      instructions.filter(
        (instruction) => extensions.has(instruction.extension) && timing.hasCode(instruction),
      ),
      !timing.inStages,
    );
    const { buffer } = memory;
    const guards = settings.area.offset;
    this.#guarded = new GuardedPages(buffer, guards);
    const area = {
      offset: guards + GUARDED_PAGES_BYTES,
      bytes: settings.area.bytes - GUARDED_PAGES_BYTES,
    };
    this.pages = new CodePages({
      ...{ buffer, area, instructionAlignment, operations, timing, decode },
    });
    this.pages.onCode = (offset) => {
      this.dropLine(offset);
    };
    this.pages.onForget = (line) => {
      this.#translator?.forgetLine(line);
    };
    this.pages.onFlush = () => {
      this.#translator?.flush();
      for (const client of this.#clients.values()) client.dropCode();
    };
    const module = interpreterFor(settings.timing.key, {
      operations,
      timing,
      instructionAlignment,
      stallTable: this.pages.stallTable,
      heat: timing.inStages ? translation?.arrivals : translation?.heat,
      memoryPages: buffer.byteLength / wasmPageBytes,
    });
    const { miss } = this;
    const refill = refillFor(timing, memory, settings.cachedAccess, guards);
    const { fill = miss } = refill ? instantiate(refill, { memory: memory.memory, miss }) : {};
    const regions = translation && regionTable();
    const { commit, perform, fetchLine } = this;
    const imports = { memory: memory.memory, fill, commit, perform, fetchLine, regions };
    const { run, learn, walk } = instantiate(module, imports);
    if (run === undefined) throw new Error('the interpreter lacks its function');
    this.#run = run;
    const code = { pages: this.pages, timing, instructionAlignment };
    this.#paths =
      regions && walk && timing.inStages
        ? {
            ...{ timing, memory, walk, instructionAlignment, limits: translation },
            table: regions,
            free: numbersOf(regions),
          }
        : undefined;
    this.#translator =
      regions &&
      new Translator({ ...code, limits: translation, memory, regions, fill, learn: learn ?? fill });
  }

  /** What generated code ends up with where it cannot fill the filter itself: see `CompiledClient.fill`. */
  readonly miss: WasmFunction = (
    hart = 0,
    low = 0,
    high = 0,
    bytes = 0,
    isWrite = 0,
    spare = 0,
    left = 0,
    place = 0,
  ) => {
    const client = this.#clientOf(hart);
    return client?.fill(high >>> 0, low, bytes, isWrite !== 0, spare, left, place) ?? 0;
  };

  /** What generated code imports where caches are modelled: see `CompiledClient.fetchLine`. */
  readonly fetchLine: WasmFunction = (hart = 0, low = 0, high = 0, left = 0) => {
    return this.#clientOf(hart)?.fetchLine(high >>> 0, low, left) ?? 0;
  };

  /** What generated code imports for cores in stages: see `CompiledClient.commit`. */
  readonly commit: WasmFunction = (hart = 0, host = 0, variant = 0) => {
    return this.#clientOf(hart)?.commit(host, variant) ?? 0;
  };

  /** The same: see `CompiledClient.perform`. */
  readonly perform: WasmFunction = (hart = 0, host = 0, action = 0) => {
    return this.#clientOf(hart)?.perform(host, action) ?? 0;
  };

  #clientOf(hart: number): CompiledClient | undefined {
    if (hart !== this.#asking) {
      this.#asking = hart;
      this.#client = this.#clients.get(hart);
    }
    return this.#client;
  }

  /** The code that begins at an entry is worth translating. */
  heat(entry: number): void {
    this.#translator?.heat(entry);
  }

  /** Translates the paths of a hart's core in stages, if anything is translated. */
  pathTranslator(ports: PathTranslatorPorts): PathTranslator | undefined {
    return this.#paths && new PathTranslator(this.#paths, ports);
  }

  /** So many instructions retired in generated code. */
  retired(count: number): void {
    if (this.#translator === undefined) return;
    this.#windowLeft -= count;
    if (this.#windowLeft > 0) return;
    this.#windowLeft = HEAT_WINDOW;
    this.pages.coolAll();
  }

  /** Adds the hart whose memory begins at `hart`. */
  add(client: CompiledClient, hart: number): void {
    this.#clients.set(hart, client);
  }

  /** Runs the hart whose memory begins at `hart` for so many cycles at most; why it came back (`Exit`). */
  run(hart: number, cycles: number): number {
    return this.#run(hart, cycles, NO_HART) - hart;
  }

  /** Lets harts that stand in line take turns, each for the cycles that it has left: whose turn it was in the end, plus why (`Exit`). */
  takeTurns(first: number, last: number): number {
    return this.#run(first, 0, last);
  }

  /** No hart may write to this line directly any more. */
  dropLine(offset: number): void {
    this.#guarded.guard(offset);
    for (const client of this.#clients.values()) client.dropLine(offset);
  }
}
