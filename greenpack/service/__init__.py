"""What takes photos in from hub cameras over HTTP, and says what became of them."""
