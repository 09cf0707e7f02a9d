"""Programs run, and what came out of them: text, figures, values; here and in a reader's browser."""
