"""What authors write, read and held against the rules: programs, pages, drawings."""
