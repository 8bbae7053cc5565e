import { type Decoded, instructions, type Selection } from '../../isa/index.ts';
import type { MachineMemory, MemoryArea } from '../../kernel/index.ts';
import { instantiate, type WasmFunction } from '../../wasm/index.ts';
import { CodePages } from './code-pages.ts';
import type { EngineTiming } from './engine-timing.ts';
import { interpreterModule } from './interpreter.ts';
import { OperationTable } from './operations.ts';

/** What generated code asks of the hart that runs. Addresses are unsigned halves. */
export interface CompiledClient {
  /** Lets the filter cover an access if nothing but memory depends on it; says whether it does now. */
  fill(high: number, low: number, bytes: number, isWrite: boolean): boolean;
  /** Searches the target buffer for a transfer, which it learns. */
  learn(pc: Halves, target: Halves, anyTarget: boolean): boolean;
  /** A line at an offset of the machine's memory must not be written directly any more. */
  dropLine(offset: number): void;
  /** Entries of code have moved. */
  dropCode(): void;
}

interface Halves {
  readonly high: number;
  readonly low: number;
}

/** What the generated code of a machine depends on. */
export interface CompiledCodeSettings {
  readonly memory: MachineMemory;
  /** Room for decoded code. */
  readonly area: MemoryArea;
  readonly instructionAlignment: 2 | 4;
  readonly selection: Selection;
  readonly timing: EngineTiming;
  readonly decode: (word: number) => Decoded | undefined;
}

const WASM_PAGE_BYTES = 0x1_0000;

/** The generated code of a machine, and the decoded pages that it works on; all harts share it. */
export class CompiledCode {
  readonly pages: CodePages;
  readonly #clients: CompiledClient[] = [];
  readonly #run: WasmFunction;
  #client: CompiledClient | undefined;

  constructor(settings: CompiledCodeSettings) {
    const { memory, area, instructionAlignment, selection, timing, decode } = settings;
    const { extensions } = selection;
    const operations = new OperationTable(
      instructions.filter(({ extension }) => extensions.has(extension)),
    );
    const { buffer } = memory;
    this.pages = new CodePages({
      ...{ buffer, area, instructionAlignment, operations, timing, decode },
    });
    this.pages.onCode = (offset) => {
      this.dropLine(offset);
    };
    this.pages.onFlush = () => {
      for (const client of this.#clients) client.dropCode();
    };
    const bytes = interpreterModule({
      operations,
      timing,
      instructionAlignment,
      noEntry: this.pages.noEntry,
      stallTable: this.pages.stallTable,
      memoryPages: buffer.byteLength / WASM_PAGE_BYTES,
    });
    const { run } = instantiate(bytes, {
      memory: memory.memory,
      fill: (_hart: number, low: number, high: number, size: number, isWrite: number) =>
        this.#client?.fill(high >>> 0, low >>> 0, size, isWrite !== 0) === true ? 1 : 0,
      learn: (
        _hart: number,
        ...[pcLow, pcHigh, targetLow, targetHigh, anyTarget]: [
          number,
          number,
          number,
          number,
          number,
        ]
      ) => {
        const pc = { high: pcHigh >>> 0, low: pcLow >>> 0 };
        const target = { high: targetHigh >>> 0, low: targetLow >>> 0 };
        return this.#client?.learn(pc, target, anyTarget !== 0) === true ? 1 : 0;
      },
    });
    if (run === undefined) throw new Error('the interpreter lacks its function');
    this.#run = run;
  }

  /** Adds a hart. */
  add(client: CompiledClient): void {
    this.#clients.push(client);
  }

  /** Runs the hart whose memory begins at `hart` for so many cycles at most; why it came back (`Exit`). */
  run(client: CompiledClient, hart: number, cycles: number): number {
    this.#client = client;
    return this.#run(hart, cycles);
  }

  /** No hart may write to this line directly any more. */
  dropLine(offset: number): void {
    for (const client of this.#clients) client.dropLine(offset);
  }
}
