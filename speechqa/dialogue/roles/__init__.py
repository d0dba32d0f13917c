"""Who is the agent and who the customer, and what says so."""
