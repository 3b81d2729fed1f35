"""The languages that people are spoken to in: catalogues of texts, numbers and dates."""
