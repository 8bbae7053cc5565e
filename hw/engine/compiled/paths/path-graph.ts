import type { Decoded } from '../../../isa/index.ts';
import type { TranslationLimits } from '../translator/translation-limits.ts';
import type { KnownPaths, PathEnd, PathOutcome } from './known-paths.ts';

/** An outcome of an instruction, and the ends of its path that a function goes to. */
export interface WantedOutcome {
  readonly outcome: PathOutcome;
  readonly ends: readonly PathEnd[];
}

/** An instruction in one of the situations in which it commits. */
export interface PathVertex {
  readonly node: number;
  readonly pc: bigint;
  readonly decoded: Decoded;
  readonly outcomes: readonly WantedOutcome[];
}

/** What a translated function executes. */
export interface PathGraph {
  readonly vertices: ReadonlyMap<number, PathVertex>;
  /** Nodes at which it can be entered. */
  readonly entries: readonly number[];
  /** Nodes that it knows of and leaves to others. */
  readonly exits: readonly number[];
}

/** Where a graph is looked for. */
export interface PathGraphSite {
  readonly known: KnownPaths;
  /** The instruction at an address, if generated code may execute it. */
  readonly decodedAt: (pc: bigint) => Decoded | undefined;
  readonly limits: Pick<TranslationLimits, 'situations' | 'visits'>;
}

/** Alternatives of an outcome that are worth the code. */
const MOST_ALTERNATIVES = 4;

/** The instructions that control reaches from some nodes, those that it reaches most often first. */
export function findPaths(site: PathGraphSite, roots: readonly number[]): PathGraph {
  const { known, decodedAt, limits } = site;
  const { situations, visits } = limits;
  const vertices = new Map<number, PathVertex>();
  const weights = new Map(roots.map((root) => [root, Infinity]));
  const left = new Set<number>();
  const entered = new Set(roots);
  const isOwn = (node: number): boolean => entered.has(node) || !known.hasCode(node);
  for (;;) {
    const node = heaviest(weights);
    if (node === undefined || vertices.size >= situations) break;
    weights.delete(node);
    const step = known.stepAt(node);
    const decoded = step && decodedAt(step.pc);
    if (
      step === undefined ||
      decoded === undefined ||
      !isOrdinary(step.pc, decoded, step.outcomes)
    ) {
      left.add(node);
      continue;
    }
    const outcomes: WantedOutcome[] = [];
    for (const outcome of step.outcomes) {
      const ends = outcome.ends.filter(({ count, isDirect }) => isDirect && count >= visits);
      const known = outcomes.filter((other) => other.outcome.action === outcome.action).length;
      if (ends.length > 0 && known < MOST_ALTERNATIVES) outcomes.push({ outcome, ends });
      for (const end of outcome.ends) {
        if (vertices.has(end.node) || end.node === node) continue;
        if (end.count < visits || !isOwn(end.node)) left.add(end.node);
        else weights.set(end.node, Math.max(weights.get(end.node) ?? 0, end.count));
        if (end.count >= visits && !end.isDirect) entered.add(end.node);
      }
    }
    if (outcomes.length === 0) left.add(node);
    else vertices.set(node, { node, pc: step.pc, decoded, outcomes });
  }
  const exits = [...left, ...weights.keys()].filter((node) => !vertices.has(node));
  return { vertices, entries: [...entered].filter((node) => vertices.has(node)), exits };
}

/** Whether an instruction is no CSR access, and was followed by what its meaning says. */
function isOrdinary(pc: bigint, decoded: Decoded, outcomes: readonly PathOutcome[]): boolean {
  const { instruction, length, imm } = decoded;
  const behind = pc + BigInt(length);
  if (instruction.timing === 'csr') return false;
  return outcomes.every(({ next, isTaken }) => {
    switch (instruction.timing) {
      case 'branch':
        return next === (isTaken ? pc + imm : behind);
      case 'jump':
        return next === pc + imm;
      case 'jumpRegister':
        return isTaken;
      default:
        return next === behind;
    }
  });
}

function heaviest(weights: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  let most = -1;
  for (const [node, weight] of weights) {
    if (weight <= most) continue;
    most = weight;
    best = node;
  }
  return best;
}
