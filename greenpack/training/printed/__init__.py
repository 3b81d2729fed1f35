"""What is printed: packs, corrugated board, marks on boxes, and waybills whose codes decode."""
