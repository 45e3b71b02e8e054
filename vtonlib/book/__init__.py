"""Running, checking and addressing the notebooks of the book; nothing here is used inside a notebook."""
