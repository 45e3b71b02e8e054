"""The longer comparisons behind the book's tables: what a chapter shows and ``benchmarks/`` trains."""
