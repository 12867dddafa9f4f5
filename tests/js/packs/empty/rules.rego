package empty

deny contains "x" if input.x
