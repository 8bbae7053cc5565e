import { defineProgram } from '../runtime/program.ts';

/** Harts count under one ticket lock: an atomic addition takes a ticket, loads wait for it. */
export const ticketLock = defineProgram('ticket-lock', {
  sources: ['sw/bench/ticket-lock/main.ts'],
});
