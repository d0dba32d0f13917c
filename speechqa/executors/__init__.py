"""Ways of running one function over many calls; results come back in the order they finish."""
