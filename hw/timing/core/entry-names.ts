import type { Configuration } from './configuration.ts';

/**
 * The entry of the target buffer in which a transfer is says nothing of what happens next, and is another one whenever the transfer has
 * been learned anew. What is under way in the stages therefore names an entry by the fetch that found it: the number of the site, and
 * one of a few names of that site, since an older fetch from there, which found another entry, may be under way too.
 */
export const NAMES_OF_A_SITE = 15;
/** Where the names of a site lie: behind their entries is which name was given last. */
export const SITE_WORDS = NAMES_OF_A_SITE + 1;
export const LAST_GIVEN = SITE_WORDS - 1;
/** Names begin here; what is less is the number of an entry, or one past the last. */
export const FIRST_NAME = 1024;

/** In answers of the target buffer (`target-answer.ts`), where an entry would be: the first name of the site. */
export const NAMED = 512;
/** The same, where that name means another entry: the path says which name the entry gets. */
export const RENAMED = 513;
/** As `RENAMED`, where the name that was given last means the entry. */
export const AGAIN = 514;

/** Whether it is a name. */
export function isName(entry: number): boolean {
  return entry >= FIRST_NAME;
}

/** A name of a site. */
export function nameOf(site: number, which: number): number {
  return FIRST_NAME + site * SITE_WORDS + which;
}

/** Goes through a configuration that stays where it is, and replaces the names of entries in it. */
export class EntryRenaming implements Configuration {
  readonly #rename: (entry: number) => number;

  constructor(rename: (entry: number) => number) {
    this.#rename = rename;
  }

  flag(value: boolean): boolean {
    return value;
  }
  number(value: number): number {
    return value;
  }
  optional(value: number | undefined): number | undefined {
    return value;
  }
  address(value: number): number {
    return value;
  }
  deadline(value: number): number {
    return value;
  }
  due(value: number): number {
    return value;
  }
  instruction(value: number): number {
    return value;
  }
  outcome(value: number): number {
    return value;
  }
  entry(value: number): number {
    return this.#rename(value);
  }
}
