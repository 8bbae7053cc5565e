import type { CodePages } from '../code-pages.ts';
import type { Stall } from '../entry-writer.ts';
import type { Flow } from './flow.ts';
import type { Block } from './region.ts';

/** Only running code knows. */
export const UNKNOWN = 'unknown';

const NO_STALL: Stall = { cycles: 0, leaf: 0 };

/**
 * How long the instructions of a region wait for those that were executed in line before them. A first instruction may wait
 * for the block that control fell out of; where it can be reached in several ways, the edge is charged for that wait.
 */
export class RegionStalls {
  readonly #blocks: readonly Block[];
  readonly #pages: CodePages;
  /** By number: the blocks that control falls out of into it. */
  readonly #before: readonly number[][];
  /** By number: whether control always falls into it, out of one block. */
  readonly #hasOneWay: readonly boolean[];

  constructor(blocks: readonly Block[], flow: Flow, pages: CodePages) {
    this.#blocks = blocks;
    this.#pages = pages;
    const before: number[][] = blocks.map(() => []);
    const ways = blocks.map((_, number): number => (number === 0 ? 1 : 0));
    for (const [from, { edges }] of blocks.entries()) {
      for (const { inPage, isTaken } of edges) {
        const to = flow.numberOf.get(inPage);
        if (to === undefined) continue;
        ways[to] = (ways[to] ?? 0) + 1;
        if (!isTaken) before[to]?.push(from);
      }
    }
    this.#before = before;
    this.#hasOneWay = ways.map((count, number) => count === 1 && before[number]?.length === 1);
  }

  /** The wait of an instruction that is the same however control got to its block, and no edge was charged for. */
  within(number: number, index: number): Stall | typeof UNKNOWN {
    const { instructions } = this.#blocks[number] ?? { instructions: [] };
    const previous = instructions[index - 1]?.entry;
    if (previous !== undefined) {
      const older = instructions[index - 2]?.entry ?? this.#behind(number);
      return older === UNKNOWN ? UNKNOWN : this.#stall(older, previous);
    }
    const [from] = this.#before[number] ?? [];
    return from === undefined || this.#hasOneWay[number] !== true
      ? NO_STALL
      : this.#behindAll(from);
  }

  /** The wait of the first instruction of a block that control falls into out of another one, for which the edge is charged. */
  across(from: number, to: number): Stall | typeof UNKNOWN {
    return this.#hasOneWay[to] === true ? NO_STALL : this.#behindAll(from);
  }

  /** Whether any edge into a block is charged for the wait of its first instruction. */
  isCharged(number: number): boolean {
    return (this.#before[number] ?? []).some((from) => {
      const stall = this.across(from, number);
      return stall === UNKNOWN || stall.cycles > 0;
    });
  }

  /** The wait of what is executed in line behind all of a block. */
  #behindAll(number: number): Stall | typeof UNKNOWN {
    const { instructions } = this.#blocks[number] ?? { instructions: [] };
    const older = instructions.at(-2)?.entry ?? this.#behind(number);
    return older === UNKNOWN ? UNKNOWN : this.#stall(older, instructions.at(-1)?.entry);
  }

  /** The entry of the instruction in line before a block; none if there is none, or nothing but the next one waits for it. */
  #behind(number: number): number | undefined | typeof UNKNOWN {
    const before = (this.#before[number] ?? []).map(
      (from) => this.#blocks[from]?.instructions.at(-1)?.entry,
    );
    if (this.#hasOneWay[number] === true) return before[0];
    const waits = before.some(
      (entry) => entry !== undefined && this.#pages.stallAfterNext(entry).cycles > 0,
    );
    return waits ? UNKNOWN : undefined;
  }

  /** The wait for two instructions in line: that for the older one includes the other's. */
  #stall(older: number | undefined, previous: number | undefined): Stall {
    const long = older === undefined ? NO_STALL : this.#pages.stallAfterNext(older);
    if (long.cycles > 0 || previous === undefined) return long;
    return this.#pages.stallOfNext(previous);
  }
}
