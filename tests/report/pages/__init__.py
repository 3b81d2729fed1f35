"""The report's pages and what they show."""
