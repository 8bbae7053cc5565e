# Each count is 1 for the second read of the counter, 1 per instruction, and what the named rule of docs/timing.md adds.

region doubleword     # Load-use: 1 + 2, and 1
  ld a2, 0(s0)
  add a3, a2, a2

region byte           # Load-use: 1 + 2, and 2
  lb a2, 0(s0)
  add a3, a2, a2

region replayed       # Store then load: 1 + 2, and 5
  sd a2, 0(s0)
  ld a3, 0(s0)

region apart          # Store then load: 1 + 2, since the bytes do not overlap
  sw a2, 0(s0)
  lw a3, 4(s0)

region drained        # Store then load: 1 + 4, since the store has left the buffer
  sd a2, 0(s0)
  nop
  nop
  ld a3, 0(s0)
