import { existsSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readFile } from '../read-file.ts';

/** An instruction of a retire trace: when, where, which; `isTrap` if it was taken as an exception instead. */
export interface TraceLine {
  readonly cycle: number;
  readonly pc: bigint;
  readonly word: number;
  readonly isTrap: boolean;
}

/** Reads the trace of a program from a folder of `PROGRAM.trace.gz`, lines `cycle pc instruction [X]`. */
export function readTrace(folder: string, program: string): readonly TraceLine[] | undefined {
  const name = `${folder}/${program}.trace.gz`;
  if (!existsSync(name)) return undefined;
  return gunzipSync(readFile(name).bytes)
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [cycle, pc = '0', word = '0', mark] = line.trim().split(/\s+/);
      return {
        cycle: Number(cycle),
        pc: BigInt(`0x${pc}`),
        word: parseInt(word, 16),
        isTrap: mark === 'X',
      };
    });
}

/** Two successive instructions that are not as far apart in the model as in the trace. */
export interface Divergence {
  /** Place in the trace, from 0. */
  readonly index: number;
  readonly pc: string;
  readonly instruction: string;
  /** Cycles since the instruction before; of the model and of the trace. */
  readonly modelGap: number;
  readonly traceGap: number;
}

/** How a run compares with a trace: gaps between commits, and the first one that differs. */
export interface TraceComparison {
  readonly instructions: number;
  readonly equalGaps: number;
  readonly first: Divergence | undefined;
}

/** Compares commits of the model, told one by one, with a trace. */
export class TraceFollower {
  readonly divergences: Divergence[] = [];
  readonly #trace: readonly TraceLine[];
  readonly #mostDivergences: number;
  #index = 0;
  #cycle = 0;
  #equalGaps = 0;

  constructor(trace: readonly TraceLine[], mostDivergences = 1) {
    this.#trace = trace;
    this.#mostDivergences = mostDivergences;
  }

  /** Takes the next instruction of the model. */
  take(pc: bigint, cycle: number): void {
    const index = this.#index;
    const line = this.#trace[index];
    const before = this.#trace[index - 1];
    this.#index += 1;
    const modelGap = cycle - this.#cycle;
    this.#cycle = cycle;
    if (line === undefined || before === undefined) return;
    const traceGap = line.cycle - before.cycle;
    if (line.pc === pc && modelGap === traceGap) {
      this.#equalGaps += 1;
    } else if (this.divergences.length < this.#mostDivergences) {
      this.divergences.push({
        index,
        pc: `0x${line.pc.toString(16)}`,
        instruction: `0x${line.word.toString(16)}`,
        modelGap: line.pc === pc ? modelGap : NaN,
        traceGap,
      });
    }
  }

  /** The outcome so far. */
  get comparison(): TraceComparison {
    const compared = Math.min(this.#index, this.#trace.length);
    return {
      instructions: compared,
      // The first instruction has no gap to compare.
      equalGaps: this.#equalGaps + Math.min(1, compared),
      first: this.divergences[0],
    };
  }
}
