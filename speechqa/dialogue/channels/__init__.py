"""Which channel is whose, what another channel leaks into it, and what is wrong with channels and clocks."""
