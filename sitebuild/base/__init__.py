"""What every other room may use: problems and how they are told, files kept by their content, archives."""
