"""`speechqa agents` and `agent`: scores per agent, and one agent's own view."""
