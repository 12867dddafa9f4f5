package names

deny contains "no name" if not input.metadata.name
