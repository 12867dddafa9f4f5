package rules

deny contains sprintf("%s is not one of ours", [input.metadata.labels.team]) if {
	not input.metadata.labels.team in data.team.names
}

deny contains "the region is closed" if input.metadata.labels.region in data.closed
