import { type Decoded, PAGE_BYTES } from '../../../isa/index.ts';
import type { CodePages } from '../code-pages.ts';
import { transferVariant } from '../operations.ts';
import type { TranslationLimits } from './translation-limits.ts';

/** An instruction of a region, at its place. */
export interface RegionInstruction {
  readonly decoded: Decoded;
  /** Offset in the page. */
  readonly inPage: number;
  /** Address of its entry. */
  readonly entry: number;
}

/** Where control goes at the end of a block: another block, or out of the region. */
export interface Edge {
  /** Offset in the page of what comes next; may lie outside the page. */
  readonly inPage: number;
  readonly isTaken: boolean;
}

/** A basic block. */
export interface Block {
  readonly inPage: number;
  readonly instructions: readonly RegionInstruction[];
  /** How it ends: in a branch with two edges, or one if it leads to the next instruction; a direct jump with one, an indirect jump, or in line. */
  readonly end: 'branch' | 'jump' | 'indirect' | 'line';
  /** The edges of an indirect jump are guesses. */
  readonly edges: readonly Edge[];
  /** Offset of the instruction behind a call, where it will return to. */
  readonly returnsTo: number | undefined;
}

/** A page in which a region is looked for. */
interface RegionSite {
  readonly pages: CodePages;
  readonly limits: TranslationLimits;
  /** Where the page's entries begin. */
  readonly entries: number;
}

/** Return addresses with which the target of a return is compared. */
const MOST_RETURNS = 4;

/** The blocks that control reaches from `root` by direct transfers inside a page, by their offset; the root comes first. */
export function findRegion(site: RegionSite, root: number): ReadonlyMap<number, Block> {
  const leaders = findLeaders(site, root);
  const blocks = new Map<number, Block>();
  for (const leader of leaders) {
    const block = readBlock(site, leader, leaders);
    if (block.instructions.length > 0) blocks.set(leader, block);
  }
  const sites = [...blocks.values()].flatMap(({ returnsTo }) =>
    returnsTo !== undefined && blocks.has(returnsTo) ? [returnsTo] : [],
  );
  const returns = [...new Set(sites)].slice(0, MOST_RETURNS);
  const edges = returns.map((inPage) => ({ inPage, isTaken: true }));
  for (const block of blocks.values()) {
    if (isReturn(block)) blocks.set(block.inPage, { ...block, edges });
  }
  return blocks;
}

function isReturn({ end, instructions }: Block): boolean {
  const last = instructions.at(-1)?.decoded;
  return (
    end === 'indirect' && last !== undefined && transferVariant(last, false)?.isReturn === true
  );
}

/** Offsets at which blocks begin: the root, and where transfers lead or do not. */
function findLeaders(site: RegionSite, root: number): ReadonlySet<number> {
  const { limits } = site;
  const leaders = new Set([root]);
  let count = 0;
  for (const leader of leaders) {
    if (count > limits.instructions) break;
    const { instructions, edges, returnsTo } = readBlock(site, leader, new Set());
    count += instructions.length;
    if (instructions.length === 0) continue;
    const next = edges.map(({ inPage }) => inPage);
    for (const inPage of returnsTo === undefined ? next : [...next, returnsTo]) {
      const isInside = inPage >= 0 && inPage < PAGE_BYTES;
      if (isInside && leaders.size < limits.blocks) leaders.add(inPage);
    }
  }
  return leaders;
}

function readBlock(
  { pages, limits, entries }: RegionSite,
  start: number,
  leaders: ReadonlySet<number>,
): Block {
  const instructions: RegionInstruction[] = [];
  let inPage = start;
  for (;;) {
    const isBoundary = inPage !== start && leaders.has(inPage);
    if (inPage >= PAGE_BYTES || isBoundary || instructions.length >= limits.instructions) break;
    const entry = pages.entryAt(entries, inPage);
    const decoded = pages.isTranslatable(entry) ? pages.decodedOf(entry) : undefined;
    if (decoded === undefined) break;
    instructions.push({ decoded, inPage, entry });
    const next = inPage + decoded.length;
    const target = inPage + Number(decoded.imm);
    switch (decoded.instruction.timing) {
      case 'branch': {
        const taken = target === next ? [] : [{ inPage: target, isTaken: true }];
        const edges = [...taken, { inPage: next, isTaken: false }];
        return { inPage: start, instructions, end: 'branch', edges, returnsTo: undefined };
      }
      case 'jump': {
        const edges = [{ inPage: target, isTaken: true }];
        const returnsTo = decoded.rd === 0 ? undefined : next;
        return { inPage: start, instructions, end: 'jump', edges, returnsTo };
      }
      case 'jumpRegister':
        return {
          ...{ inPage: start, instructions, end: 'indirect' },
          ...{ edges: [], returnsTo: undefined },
        };
      default:
        inPage = next;
    }
  }
  const edges = [{ inPage, isTaken: false }];
  return { inPage: start, instructions, end: 'line', edges, returnsTo: undefined };
}
