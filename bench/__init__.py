"""The experiments and the speed comparisons; every figure in the README is printed by one of these."""
