package hook

deny contains {"id": "target", "message": "the message is for somebody else", "at": "/target/name"} if {
	input.body.target.name != data.params.receiver
}
