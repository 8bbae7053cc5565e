/** What `dvlab run` may be told. */
export interface RunOptions {
  readonly set: readonly string[];
  readonly bare?: string;
  readonly stack?: string;
  readonly guest?: string;
  readonly vcpus: number;
  readonly memory: number;
  readonly maxCycles: number;
  readonly maxInstructions?: number;
  readonly signature?: string;
  readonly commitLog?: string;
  readonly entryArgs?: readonly bigint[];
  readonly out?: string;
}

/** Options with the stack and the guest that were asked for. */
export type StackOptions = RunOptions & { readonly stack: string; readonly guest: string };

/** Core cycles after which a run without any other limit ends. */
export const defaultMaxCycles = 2_000_000_000;
