import type { Product } from '../product-option.ts';

/** How the figures of a run can be written; JSON is always there. */
export const statsFormats = ['json', 'csv'] as const;

/** What can be written line by line while a run goes on. */
export const traceNames = ['exits'] as const;

/** The forms in which a profile can be written. */
export const profileForms = ['folded'] as const;

/** What `dvlab run` may be told. */
export interface RunOptions {
  readonly set: readonly string[];
  readonly bare?: string;
  readonly stack?: string;
  readonly guest?: string;
  readonly vcpus?: number;
  /** Bytes of the guest's RAM. */
  readonly memory?: number;
  /** The guest's command line. */
  readonly append?: string;
  /** Virtio devices of the guest, names with commas between them. */
  readonly devices?: string;
  /** File with what is typed at the console; `-` is the standard input. */
  readonly input?: string;
  /** Whether stage 2 uses 2 MiB pages where it can. */
  readonly megapages?: boolean;
  /** The engine to check against, or that of the usual choice. */
  readonly check?: string | true;
  readonly maxCycles: number;
  readonly maxInstructions?: number;
  /** Core cycles at which the run is saved. */
  readonly ckptAt?: readonly number[];
  /** The checkpoint that the run goes on from. */
  readonly restore?: string;
  readonly signature?: string;
  readonly commitLog?: string;
  readonly entryArgs?: readonly bigint[];
  readonly stats?: readonly (typeof statsFormats)[number][];
  readonly trace?: readonly Product<(typeof traceNames)[number]>[];
  readonly profile?: Product<(typeof profileForms)[number]>;
  readonly out?: string;
}

/** Options with the stack and the guest that were asked for. */
export type StackOptions = RunOptions & { readonly stack: string; readonly guest: string };

/** Shape of a guest that was given none. */
export const defaultVcpus = 1;
export const defaultMemory = 64 * 2 ** 20;

/** Core cycles after which a run without any other limit ends. */
export const defaultMaxCycles = 2_000_000_000;
