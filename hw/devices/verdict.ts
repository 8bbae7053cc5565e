/** What software says about its own run, through a device made for it. */
export type Verdict =
  | { readonly kind: 'passed' }
  /** `code` is the exit status or failing test's number that software gave. */
  | { readonly kind: 'failed'; readonly code: number }
  /** Software asks for a reset of the machine. */
  | { readonly kind: 'reset' };

/** The verdict that an exit status means. */
export function verdictOf(code: number): Verdict {
  return code === 0 ? { kind: 'passed' } : { kind: 'failed', code };
}
