"""What is true: plain Python without I/O and without a clock."""
