package orders

deny contains "never" if bits.lsh(1, 1000000) == 0
