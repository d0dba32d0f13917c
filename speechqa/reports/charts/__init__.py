"""Charts by matplotlib, for pages, paper and slides; one chart a file, and how they are all drawn."""
