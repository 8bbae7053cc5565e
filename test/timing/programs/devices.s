# docs/timing.md, "Uncached", at the interruptor (answers four cycles behind the access). Each count is 1 for the second read of the
# counter, 1 per instruction, and what is named.

region posted          # nothing: 1 + 4
  lui a4, 0x2004
  li a5, -1
  sd a5, 0(a4)
  nop

region store-store     # the second is refused once, 5: 1 + 4 + 5
  lui a4, 0x2004
  li a5, -1
  sd a5, 0(a4)
  sd a5, 0(a4)

region store-fence     # what is behind the fence comes 4 cycles behind the answer, which is 8 behind the store: 1 + 5 + 6
  lui a4, 0x2004
  li a5, -1
  sd a5, 0(a4)
  fence
  ld a2, 0(s0)

region refused-fence   # the refused store comes again as if the fence were before it: 1 + 5 + 7
  lui a4, 0x2004
  li a5, -1
  sd a5, 0(a4)
  sd a5, 0(a4)
  fence

region load-used       # 4 cycles behind the answer, which is 8 behind the load: 1 + 3 + 7
  lui a4, 0x2004
  ld a2, 0(a4)
  add a3, a2, a2

region load-beside     # nothing, before the answer: 1 + 4
  lui a4, 0x2004
  ld a2, 0(a4)
  nop
  nop

region load-overwritten # a register waits for the order of writes too: 1 + 3 + 7
  lui a4, 0x2004
  ld a2, 0(a4)
  li a2, 1

region port-taken      # what would commit right behind the answer comes again: 1 + 7 + 5
  lui a4, 0x2004
  ld a2, 0(a4)
  nop
  nop
  nop
  nop
  nop

region answer-waits    # the answer waits for the store of memory, and meets what is behind: 1 + 8 + 5
  lui a4, 0x2004
  ld a2, 0(a4)
  nop
  nop
  nop
  nop
  sd a5, 0(s0)
  nop
