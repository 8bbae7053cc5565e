# Each count is 1 for the second read of the counter, 1 per instruction, and what the named rule of docs/timing.md adds.

region independent    # Issue: 1 + 2
  add a2, a3, a4
  add a5, a3, a2

region product        # Multiply: 1 + 3, and 3 until the product of a one-byte operand can be used
  li a2, 3
  mul a3, a2, a2
  add a4, a3, a3

region beside         # Multiply and divide: 1 + 11, since nothing uses the quotient
  li a2, 1000
  li a3, 7
  div a4, a2, a3
  addi a5, a5, 1
  addi a5, a5, 1
  addi a5, a5, 1
  addi a5, a5, 1
  addi a5, a5, 1
  addi a5, a5, 1
  addi a5, a5, 1
  addi a5, a5, 1

region csr-use        # CSR read: 1 + 2, and 2 until the value can be used
  csrr a2, mscratch
  add a3, a2, a2

region csr-flush      # CSR write: 1 + 1, and 4 for the flush
  csrw mcounteren, zero
