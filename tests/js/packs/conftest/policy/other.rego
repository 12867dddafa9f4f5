package other

deny contains "of another package"
