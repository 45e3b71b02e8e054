"""What the library is compared with, written the way others write it."""
