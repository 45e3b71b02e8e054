"""The stages of the book, one file each; the registry names them."""
