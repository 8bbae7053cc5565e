import type { Configuration } from './configuration.ts';

/** Puts a scoreboard, a flag per register, into a configuration, or takes it from there. */
export function exchangeScoreboard(words: Configuration, scoreboard: Uint8Array): void {
  let set = 0;
  for (let register = 0; register < scoreboard.length; register++) {
    if (scoreboard[register] === 1) set |= 1 << register;
  }
  set = words.number(set);
  for (let register = 0; register < scoreboard.length; register++) {
    scoreboard[register] = (set >>> register) & 1;
  }
}
