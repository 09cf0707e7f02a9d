"""Sources and results made into the Markdown, notebooks and cards of both languages."""
