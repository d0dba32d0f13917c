"""What pages show, on paper: PDF of calls, agents, batches and transcripts."""
