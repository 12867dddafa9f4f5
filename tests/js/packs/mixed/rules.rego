package mixed

deny contains "x" if input.x
